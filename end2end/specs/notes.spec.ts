// The page with notes: they change in their place.

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect, test } from '../fixtures/test';
import { interactive, signIn } from '../pages/application';
import { NotesPage } from '../pages/notes';
import { SignInPage } from '../pages/provider';

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
