// Navigation inside a hydrated page, and by full loads if a page does not become interactive.

import { expect, test } from './test';
import { words } from './in-page';
import { NAME, NAMES, SIGN_OUT, signIn } from './people';

test('a link shows the next page without loading it, and so do Back and Forward', async ({ tab }) => {
  await signIn(tab, 'alice');
  await tab.mark();
  await tab.click('nav a', 'Sessions');
  await tab.sees('h1', 'Where you are signed in');
  await tab.isAt(/\/sessions$/);
  await tab.click('nav a', 'API call');
  await tab.isAt(/\/orders$/);
  await tab.sees('main table', '2026-0418');
  await tab.go(-2);
  await tab.sees('h1', NAMES.alice);
  await tab.isAt(/\/profile$/);
  await tab.go(1);
  await tab.sees('h1', 'Where you are signed in');
  expect(await tab.isMarked()).toBe(true);
});

test('the parts of the page that need the script are there after hydration', async ({ tab }) => {
  await signIn(tab, 'alice');
  await tab.sees('button.copy', 'Copy');
  const countdown = async () => (await tab.texts('.limit-time')).join();
  const before = await countdown();
  await tab.until('a countdown that counts', async () => (await countdown()) !== before);
});

test('Back restores the scroll position', async ({ tab }) => {
  await signIn(tab, 'alice');
  const place = () => tab.run(() => Math.round(window.scrollY));
  await tab.run(() => window.scrollTo({ top: 300, behavior: 'instant' }));
  await tab.until('a page that is scrolled', async () => (await place()) > 100);
  const before = await place();
  await tab.run(() => document.querySelector<HTMLElement>('nav a[href="/orders"]')?.click());
  await tab.isAt(/\/orders$/);
  await tab.sees('main table', '2026-0418');
  await tab.go(-1);
  await tab.sees('h1', NAMES.alice);
  await tab.until(`the place ${before}`, async () => Math.abs((await place()) - before) < 2, 3_000);
});

/** Changes that a proxy or a browser extension may make to a page. */
const ALTERATIONS = [
  { what: 'a bar put first into the body', alter: /<body[^>]*>/, to: '$&<div id="bar">Bar</div>' },
  { what: 'white space taken out', alter: />\s+</g, to: '><' },
] as const;

for (const { what, alter, to } of ALTERATIONS) {
  test(`a page that was changed on its way works, by full loads if need be: ${what}`, async ({ tab, world }) => {
    await signIn(tab, 'alice');
    world.front.alter = (html) => html.replace(alter, to);
    await tab.open('/profile');
    await tab.sees(NAME, NAMES.alice);
    await tab.settled();
    await tab.click('nav a', 'Sessions');
    await tab.isAt(/\/sessions$/);
    await tab.sees('h1', 'Where you are signed in', 3_000);
  });
}

test('a page that could not hydrate shows nothing of the person after a sign-out in another tab', async ({
  tab,
  newTab,
  world,
}) => {
  await signIn(tab, 'alice');
  const [broken] = ALTERATIONS;
  world.front.alter = (html) => html.replace(broken.alter, broken.to);
  await tab.open('/profile');
  await tab.sees(NAME, NAMES.alice);
  const other = await newTab();
  await other.open('/sessions');
  await other.sees(NAME, NAMES.alice);
  await other.click(SIGN_OUT);
  await other.sees('h1', 'Sign out at the provider?');
  await tab.until('nothing of Alice', async () => !(await tab.run(words)).includes(NAMES.alice), 3_000);
});
