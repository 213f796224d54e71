// The page with notes: a draft is not lost.

import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, signIn } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';

class NotesPage {
  readonly text: Locator;
  readonly add: Locator;
  readonly rows: Locator;
  readonly said: Locator;

  constructor(page: Page) {
    this.text = page.getByLabel('A new note');
    this.add = page.getByRole('button', { name: 'Add the note' });
    this.rows = page.locator('.note:visible');
    this.said = page.locator('.outcome');
  }

  row(text: string) {
    return this.rows.filter({ hasText: text });
  }

  async write(text: string): Promise<void> {
    await this.text.fill(text);
    await this.add.click();
  }
}

/** Ends this browser's session on the server, without telling the page. */
async function endUnheard(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  const answer = await page.request.post('/auth/logout', {
    headers: { 'sec-fetch-site': 'same-origin', origin },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(200);
}

for (const javaScriptEnabled of [true, false]) {
  const kind = javaScriptEnabled ? 'with' : 'without';
  const own = inOwnWorld();
  own.describe(`${kind} JavaScript`, () => {
    own.use({ javaScriptEnabled });

    own('a note is added, changed and deleted', async ({ page, complaints }) => {
      if (!javaScriptEnabled) complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
      await page.goto('/notes');
      await new SignInPage(page).signIn('alice');
      await expect(page).toHaveURL(/\/notes$/);
      if (javaScriptEnabled) await interactive(page);
      const notes = new NotesPage(page);
      await expect(page.getByText('No notes yet.')).toBeVisible();
      await notes.write('Buy <b>milk</b> & "bread"');
      await expect(notes.row('Buy <b>milk</b> & "bread"')).toBeVisible();
      await expect(notes.said).toHaveText('Saved.');
      await expect(notes.text).toHaveValue('');
      const row = notes.row('milk');
      await row.locator('summary').click();
      await row.getByLabel('Text of the note').fill('Buy oats');
      // The page shows a change or a removal before the server has it. A page load now would cancel the request.
      const changed = page.waitForResponse('**/_fn/change_note');
      await row.getByRole('button', { name: 'Save the change' }).click();
      await expect(notes.row('Buy oats')).toBeVisible();
      await expect(notes.said).toHaveText('Saved.');
      await changed;
      await page.reload();
      if (javaScriptEnabled) await interactive(page);
      await expect(notes.rows).toHaveCount(1);
      const removed = page.waitForResponse('**/_fn/remove_note');
      await notes.row('Buy oats').getByRole('button', { name: 'Delete' }).click();
      await expect(notes.rows).toHaveCount(0);
      await removed;
      await page.reload();
      await expect(page.getByText('No notes yet.')).toBeVisible();
    });
  });
}

/** The tag of the element that has the focus. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName);

test('a note is changed in its place, as wide as its card, and Cancel changes nothing', async ({ page }) => {
  await signIn(page, 'bob', '/notes');
  const notes = new NotesPage(page);
  const text = `to be changed, ${randomUUID()}`;
  await notes.write(text);
  await expect(notes.said).toHaveText('Saved.');
  const row = page.locator('.note', { has: page.locator('.note-text', { hasText: text }) });
  await row.locator('summary').click();
  const field = row.getByLabel('Text of the note');
  await expect(field).toBeFocused();
  await expect(row.locator('.note-text')).toBeHidden();
  const [wide, card] = [await field.boundingBox(), await row.boundingBox()];
  expect((wide?.width ?? 0) / (card?.width ?? 1)).toBeGreaterThan(0.9);
  await field.fill('something else');
  await row.getByRole('button', { name: 'Cancel' }).click();
  await expect(row.locator('.note-text')).toHaveText(text);
  await expect(row.locator('summary')).toBeFocused();
  await row.locator('summary').click();
  await expect(field).toHaveValue(text);
  await field.fill(`${text}, changed`);
  await row.getByRole('button', { name: 'Save the change' }).click();
  await expect(row.locator('.note-text')).toHaveText(`${text}, changed`);
  await expect(row.locator('summary')).toBeFocused();
});

test('a deletion is undone, and the focus never falls to the page as a whole', async ({ page }) => {
  await signIn(page, 'bob', '/notes');
  const notes = new NotesPage(page);
  const text = `deleted and back, ${randomUUID()}`;
  await notes.write(text);
  await expect(notes.said).toHaveText('Saved.');
  const undo = page.getByRole('button', { name: 'Undo the deletion' });
  // The second time before the server has answered.
  let goOn = () => {};
  for (const isHeld of [false, true]) {
    if (isHeld) {
      const held = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      await page.route('**/_fn/remove_note', async (route) => {
        await held;
        await route.continue();
      });
    }
    const removed = page.waitForResponse('**/_fn/remove_note');
    await notes.row(text).getByRole('button', { name: 'Delete' }).click();
    await expect(notes.row(text)).toHaveCount(0);
    await expect(undo).toBeFocused();
    if (!isHeld) await removed;
    const added = page.waitForResponse('**/_fn/add_note');
    await undo.click();
    await expect(notes.row(text)).toHaveCount(1);
    await expect(notes.row(text).locator('summary')).toBeFocused();
    goOn();
    await added;
    await expect(notes.said).toHaveText('Saved.');
    expect(await focused(page)).not.toBe('BODY');
  }
  await page.reload();
  await expect(notes.row(text)).toHaveCount(1);
});

test('a note that could not be deleted comes back, and the failure does not look like a success', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(503);
  await signIn(page, 'bob', '/notes');
  const notes = new NotesPage(page);
  const text = `not to be deleted, ${randomUUID()}`;
  await notes.write(text);
  await expect(notes.said).toHaveText('Saved.');
  await page.route('**/_fn/remove_note', (route) => route.fulfill({ status: 503, json: { status: 503 } }));
  await notes.row(text).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('alert')).toHaveText('Nobody knows whether it was deleted: try again.');
  await expect(notes.row(text)).toHaveCount(1);
  await expect(notes.row(text).locator('summary')).toBeFocused();
  await expect(page.getByRole('button', { name: 'Undo the deletion' })).toHaveCount(0);
});

test('a change that was refused waits for the sign-in beside the page, and is made then', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expectStatus(401);
  // The page hears other tabs but not the server, so only its own call finds that the session is gone.
  await page.addInitScript(() => Object.assign(window, { EventSource: undefined }));
  await signIn(page, 'alice', '/notes');
  const notes = new NotesPage(page);
  const text = `written after the end, ${randomUUID()}`;
  await endUnheard(page);
  await notes.write(text);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your session has ended');
  await expect(page.getByText(text), 'the page shows nothing of the person').toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('is not saved yet');
  // The session at the provider lives, so the other window signs in without a question, and closes.
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Sign in in another window' }).click();
  const beside = await opened;
  if (!beside.isClosed()) await beside.waitForEvent('close');
  await expect(notes.row(text)).toBeVisible();
  await expect(notes.said).toHaveText('Saved.');
  await page.reload();
  await expect(notes.row(text)).toHaveCount(1);
});

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
