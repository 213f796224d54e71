// The page with notes: a draft is not lost, and nobody else sees it.

import { expect, test } from './test';
import { SIGN_OUT, signIn } from './people';

test('a note is added, changed and removed', async ({ tab, world }) => {
  // The page shows a change before the server has it.
  const isDone = (name: string) => async () => world.front.answered.includes(`/_fn/${name}`);
  await signIn(tab, 'bob', '/notes');
  await tab.fill('#note-new', 'Buy <b>milk</b> & "bread"');
  await tab.click('.note-new button');
  await tab.sees('.note', 'Buy <b>milk</b> & "bread"');
  await tab.sees('.outcome', 'Saved.');
  await tab.holds('#note-new', '');
  await tab.click('.note summary');
  await tab.fill('.note textarea', 'Buy oats');
  await tab.click('.note button', 'Save the change');
  await tab.sees('.note-text', 'Buy oats');
  await tab.until('the change', isDone('change_note'));
  await tab.open('/notes');
  await tab.interactive();
  await tab.sees('.note-text', 'Buy oats');
  await tab.click('.note button', 'Delete');
  await tab.sees('.notes-none');
  await tab.until('the removal', isDone('remove_note'));
  await tab.open('/notes');
  await tab.sees('.notes-none', 'No notes yet.');
});

test('a person who signs out leaves nothing behind', async ({ tab }) => {
  await signIn(tab, 'bob', '/notes');
  await tab.fill('#note-new', 'a secret');
  await tab.click(SIGN_OUT);
  await tab.sees('h1', 'Sign out at the provider?');
  await tab.open('/signed-out');
  expect(await tab.run(() => JSON.stringify(sessionStorage))).not.toContain('a secret');
});

test('a draft is there again after a navigation inside the application, and after Back', async ({ tab }) => {
  await signIn(tab, 'alice', '/notes');
  await tab.fill('#note-new', 'half a thought');
  await tab.click('nav a', 'API call');
  await tab.sees('main table', '2026-0418');
  await tab.click('nav a', 'Notes');
  await tab.sees('h1', 'Your notes');
  await tab.holds('#note-new', 'half a thought', 3_000);
  await tab.click('nav a', 'API call');
  await tab.sees('main table', '2026-0418');
  await tab.go(-1);
  await tab.sees('h1', 'Your notes');
  await tab.holds('#note-new', 'half a thought');
});
