// The page with notes: a draft is not lost.

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, signIn } from '../pages/application';
import { NotesPage } from '../pages/notes';
import { SignInPage, SignOutPage } from '../pages/provider';

const short = inOwnWorld({ BFF_SESSION_IDLE: '5s' });

short('a draft and the place in the page survive a sign-in on the page itself', async ({ page }) => {
  await page.goto('/notes?from=test');
  await new SignInPage(page).signIn('alice');
  await interactive(page);
  await page.evaluate(() => window.location.assign('#place'));
  const notes = new NotesPage(page);
  await notes.text.fill('half a thought');
  const signInAgain = page.getByRole('main').getByRole('link', { name: 'Sign in again' });
  await expect(signInAgain).toBeVisible({ timeout: 20_000 });
  await signInAgain.click();
  await expect(new Header(page).name).toHaveText(NAMES.alice);
  await interactive(page);
  await expect(page).toHaveURL(/\/notes\?from=test#place$/);
  await expect(notes.text).toHaveValue('half a thought');
});

short('the draft of one person is not shown to another', async ({ page, context }) => {
  await signIn(page, 'alice', '/notes');
  const notes = new NotesPage(page);
  await notes.text.fill('only for me');
  const signInAgain = page.getByRole('main').getByRole('link', { name: 'Sign in again' });
  await expect(signInAgain).toBeVisible({ timeout: 20_000 });
  await context.clearCookies();
  await signInAgain.click();
  await new SignInPage(page).signIn('bob');
  await expect(new Header(page).name).toHaveText(NAMES.bob);
  await interactive(page);
  await expect(notes.text).toHaveValue('');
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('only for me');
});

test('a person who signs out leaves nothing behind', async ({ page }) => {
  await signIn(page, 'bob', '/notes');
  await new NotesPage(page).text.fill('a secret');
  await new Header(page).signOut.click();
  await expect(new SignOutPage(page).heading).toBeVisible();
  await page.goto('/signed-out');
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('a secret');
});

test('a note that could not be saved stays on the page, and is saved when it is sent again', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(503);
  await signIn(page, 'bob', '/notes');
  const notes = new NotesPage(page);
  await page.route('**/_fn/add_note', (route) => route.fulfill({ status: 503, json: { status: 503 } }));
  await notes.write('stubborn');
  const row = notes.row('stubborn');
  await expect(row).toContainText('Not saved');
  await page.unroute('**/_fn/add_note');
  await row.getByRole('button', { name: 'Save again' }).click();
  await expect(notes.said).toHaveText('Saved.');
  await page.reload();
  await expect(notes.row('stubborn')).toHaveCount(1);
});

test('a draft survives a navigation inside the application, Back and Forward, and goes once it is saved', async ({
  page,
}) => {
  await signIn(page, 'alice', '/notes');
  const notes = new NotesPage(page);
  const text = `half a thought, ${randomUUID()}`;
  await notes.text.fill(text);
  const link = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true });
  await link('Sessions').click();
  await expect(page).toHaveURL(/\/sessions$/);
  await link('Notes').click();
  await expect(notes.text).toHaveValue(text);
  await page.goBack();
  await expect(page).toHaveURL(/\/sessions$/);
  await page.goBack();
  await expect(notes.text).toHaveValue(text);
  await page.goForward();
  await expect(page).toHaveURL(/\/sessions$/);
  await page.goForward();
  await expect(notes.text).toHaveValue(text);
  await notes.add.click();
  await expect(notes.said).toHaveText('Saved.');
  await link('Sessions').click();
  await link('Notes').click();
  await expect(notes.row(text)).toHaveCount(1);
  await expect(notes.text).toHaveValue('');
});

test('a draft is stored while it is typed, not when the page is left', async ({ page, context }) => {
  await signIn(page, 'alice', '/notes');
  await new NotesPage(page).text.fill('half a thought');
  // Some browsers lose what a page stores while it is left.
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {};
  });
  await page.reload();
  await interactive(page);
  await expect(new NotesPage(page).text).toHaveValue('half a thought');
  // Another tab does not have the draft.
  const other = await context.newPage();
  await other.goto('/notes');
  await interactive(other);
  await expect(new NotesPage(other).text).toHaveValue('');
});

for (const [how, leave] of Object.entries({
  'a navigation inside the application': async (page: Page) => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sessions' }).click();
    await expect(page).toHaveURL(/\/sessions$/);
    await page.goBack();
  },
  'a full load': async (page: Page) => {
    await page.goto('/');
    await interactive(page);
    await page.goto('/notes');
    await interactive(page);
  },
})) {
  test(`a note that was not saved survives ${how}, and is saved once`, async ({ page, complaints }) => {
    complaints.expectStatus(503);
    await signIn(page, 'bob', '/notes');
    const notes = new NotesPage(page);
    const text = `stubborn, ${randomUUID()}`;
    await page.route('**/_fn/add_note', (route) => route.fulfill({ status: 503, json: { status: 503 } }));
    await notes.write(text);
    await expect(notes.row(text)).toContainText('Not saved');
    await leave(page);
    await expect(notes.row(text)).toContainText('not saved when you left');
    await page.unroute('**/_fn/add_note');
    await notes.row(text).getByRole('button', { name: 'Save again' }).click();
    await expect(notes.said).toHaveText('Saved.');
    await page.reload();
    await interactive(page);
    await expect(notes.row(text)).toHaveCount(1);
    await expect(notes.row(text)).not.toContainText('not saved');
  });
}

test('a note that gets through after its page was left is not said to be unsaved', async ({ page }) => {
  await signIn(page, 'bob', '/notes');
  const notes = new NotesPage(page);
  const text = `slow, ${randomUUID()}`;
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route('**/_fn/add_note', async (route) => {
    await held;
    await route.continue();
  });
  await notes.write(text);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sessions' }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).toContain(text);
  const answered = page.waitForResponse('**/_fn/add_note');
  goOn();
  await answered;
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(text);
  await page.goBack();
  await expect(notes.row(text)).toHaveCount(1);
  await expect(notes.row(text)).not.toContainText('not saved');
});

test('a draft is deleted when its person signs out in another tab, on any page', async ({ page, context }) => {
  await signIn(page, 'bob', '/notes');
  await new NotesPage(page).text.fill('a secret');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sessions' }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  const stored = () => page.evaluate(() => JSON.stringify(sessionStorage));
  expect(await stored()).toContain('a secret');
  const other = await context.newPage();
  await other.goto('/');
  await interactive(other);
  await new Header(other).signOut.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You signed out');
  await expect.poll(stored).not.toContain('a secret');
});

test('the draft of one person is deleted when another opens any page of the tab', async ({ page, context }) => {
  await signIn(page, 'alice', '/notes');
  await new NotesPage(page).text.fill('only for me');
  await context.clearCookies();
  await signIn(page, 'bob', '/sessions');
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('only for me');
});
