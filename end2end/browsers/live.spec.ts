// An open page shows at once when its session changes in another tab or elsewhere.

import { request } from 'node:https';
import { test } from './test';
import { NAME, NAMES, SIGN_OUT, signIn } from './people';
import { AT_ONCE, type Tab } from './tab';

test('signing out in one tab changes the other at once', async ({ tab, newTab }) => {
  const other = await twoTabs(tab, newTab);
  await other.click(SIGN_OUT);
  await tab.sees('header a', 'Sign in', AT_ONCE);
  await tab.lacks(NAMES.alice);
});

test('a tab that hears of a sign-out after the cookie has gone says who did it', async ({ tab, newTab, world }) => {
  const other = await twoTabs(tab, newTab);
  const goOn = world.front.holdStreams();
  await other.click(SIGN_OUT);
  await other.sees('h1', 'Sign out at the provider?');
  goOn();
  await tab.sees('header a', 'Sign in', AT_ONCE);
  await tab.sees('h1', 'You signed out', 3_000);
});

test('signing in in one tab changes the other at once', async ({ tab, newTab }) => {
  await tab.open('/');
  await tab.interactive();
  await signIn(await newTab(), 'bob');
  await tab.sees(NAME, NAMES.bob, AT_ONCE);
});

test('a session that is ended from elsewhere is over in both tabs of the browser', async ({
  tab,
  newTab,
  world,
}) => {
  const other = await twoTabs(tab, newTab);
  await endElsewhere(world.app, tab);
  for (const one of [tab, other]) {
    await one.sees('header a', 'Sign in', AT_ONCE);
    await one.lacks(NAMES.alice);
  }
});

/** Signs Alice in in this tab and waits until it listens to events. Returns a second tab of the same browser. */
async function twoTabs(tab: Tab, newTab: () => Promise<Tab>): Promise<Tab> {
  await signIn(tab, 'alice');
  const other = await newTab();
  await other.open('/sessions');
  await other.sees(NAME, NAMES.alice);
  await other.interactive();
  await tab.listening();
  return other;
}

/** Signs out with this tab's cookies, but not through the browser. */
async function endElsewhere(app: string, tab: Tab): Promise<void> {
  const cookie = (await tab.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };
  const status = await new Promise((resolve, reject) => {
    const ask = request(`${app}/auth/logout`, { method: 'POST', headers, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    ask.on('error', reject);
    ask.setTimeout(10_000, () => ask.destroy(new Error('no answer')));
    ask.end();
  });
  if (status !== 200) throw new Error(`the sign-out was answered with ${status}`);
}
