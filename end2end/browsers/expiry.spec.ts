// A session ends while its page is open: the page gives the reason, and a draft is still there after the next sign-in.

import { test } from './test';
import { NAME, NAMES, signIn } from './people';
import type { Tab } from './tab';

test.use({ settings: { BFF_SESSION_IDLE: '8s' } });

const ENDED = 'You were signed out after a while without activity';

/** Waits until the page says that its session has ended. */
async function outlast(tab: Tab): Promise<void> {
  await tab.sees('h1', ENDED, 20_000);
}

test('a page left alone says why it ended, and one click leads back to it', async ({ tab }) => {
  await signIn(tab, 'alice', '/profile?filter=email');
  await outlast(tab);
  await tab.lacks(NAMES.alice);
  await tab.open('/profile?filter=email');
  await tab.sees('h1', ENDED);
  await tab.click('main a', 'Sign in again');
  await tab.sees(NAME, NAMES.alice);
  await tab.isAt(/\/profile\?filter=email$/);
});

test('a draft survives a sign-in on the page itself', async ({ tab }) => {
  await signIn(tab, 'alice', '/notes?from=test');
  await tab.fill('#note-new', 'half a thought');
  await outlast(tab);
  await tab.click('main a', 'Sign in again');
  await tab.sees(NAME, NAMES.alice);
  await tab.interactive();
  await tab.isAt(/\/notes\?from=test$/);
  await tab.holds('#note-new', 'half a thought', 3_000);
});

test('a note that could not be saved survives a sign-in on the page itself', async ({ tab, world }) => {
  await signIn(tab, 'alice', '/notes');
  world.front.refused.add('/_fn/add_note');
  await tab.fill('#note-new', 'stubborn');
  await tab.click('.note-new button');
  await tab.sees('.note', 'Not saved');
  await outlast(tab);
  await tab.click('main a', 'Sign in again');
  await tab.sees(NAME, NAMES.alice);
  await tab.interactive();
  await tab.sees('.note', 'stubborn', 3_000);
  await tab.sees('.note', 'This was not saved when you left the page.', 3_000);
});
