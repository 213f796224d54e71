// The browser keeps two cookies that scripts cannot read, and nothing else.

import { expect, test } from '../fixtures/test';
import { signIn, signOut } from '../pages/application';

const SESSION = '__Host-Http-session';
const LOGIN = '__Host-Http-login';

test('ses_02 there are two cookies, for the server only and for this origin only', async ({
  page,
  context,
  world,
}) => {
  await signIn(page, 'alice');
  const cookies = await context.cookies(world.app);
  expect(cookies.map(({ name }) => name).sort()).toEqual([LOGIN, SESSION]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({
      domain: 'localhost',
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    });
    // The value is opaque: it has only characters of base64url (SES-01), and few of them (SES-12). The login cookie
    // also has the number of logins that were just finished, and the time of the last one (CB-14).
    expect(cookie.value).toMatch(/^[\w-]{22,64}(\.1\.\d{10})?$/);
  }
});

test('ses_12 the session cookie does not outlive the session', async ({ page, context, world }) => {
  await signIn(page, 'alice');
  const cookies = await context.cookies(world.app);
  const session = cookies.find(({ name }) => name === SESSION);
  const hours = ((session?.expires ?? 0) - Date.now() / 1000) / 3600;
  expect(hours).toBeGreaterThan(7.9);
  expect(hours).toBeLessThanOrEqual(8);
});

test('scripts find nothing in cookies and storage', async ({ page }) => {
  await signIn(page, 'alice');
  const found = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(found).toEqual({
    cookie: '',
    local: {},
    session: {},
    databases: [],
    caches: [],
    workers: 0,
  });
});

test('ses_03 each sign-in has an id of its own, and never one that was planted', async ({
  page,
  context,
  world,
}) => {
  const id = async () =>
    (await context.cookies(world.app)).find(({ name }) => name === SESSION)?.value;
  const planted = 'A'.repeat(43);
  await context.addCookies([
    { name: SESSION, value: planted, domain: 'localhost', path: '/', secure: true, httpOnly: true },
  ]);
  await signIn(page, 'alice');
  const first = await id();
  expect(first).not.toBe(planted);
  await signOut(page);
  expect(await id(), 'lo_04').toBeUndefined();
  await signIn(page, 'alice');
  expect(await id()).not.toBe(first);
});
