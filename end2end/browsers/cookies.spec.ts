// The browser keeps two cookies that scripts cannot read, and nothing else.

import { expect, test } from './test';
import { signIn, signOut } from './people';

const SESSION = '__Host-Http-session';
const LOGIN = '__Host-Http-login';

test('there are two cookies, for the server only and for this origin only, no longer than the session', async ({
  tab,
}) => {
  await signIn(tab, 'alice');
  const cookies = await tab.cookies();
  expect(cookies.map(({ name }) => name).sort()).toEqual([LOGIN, SESSION]);
  for (const cookie of cookies) {
    const whose = { domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'lax' };
    expect(cookie).toMatchObject(whose);
  }
  const session = cookies.find(({ name }) => name === SESSION);
  const hours = ((session?.expires ?? 0) - Date.now() / 1000) / 3600;
  expect(hours).toBeGreaterThan(7.9);
  expect(hours).toBeLessThanOrEqual(8);
});

test('scripts find nothing in cookies and storage', async ({ tab }) => {
  await signIn(tab, 'alice');
  const found = await tab.run(async () => ({
    cookie: document.cookie,
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(found).toEqual({ cookie: '', local: {}, session: {}, databases: 0, workers: 0 });
});

test('each sign-in has an id of its own, which is gone after the sign-out', async ({ tab }) => {
  const id = async () => (await tab.cookies()).find(({ name }) => name === SESSION)?.value;
  await signIn(tab, 'alice');
  const first = await id();
  await signOut(tab);
  expect(await id()).toBeUndefined();
  await signIn(tab, 'alice');
  expect(await id()).toBeDefined();
  expect(await id()).not.toBe(first);
});
