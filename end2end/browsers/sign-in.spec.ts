// Signing in, seeing the claims, signing out.

import { expect, test } from './test';
import { authenticate, NAME, NAMES, signIn, signOut } from './people';

test('a person signs in, sees their claims, and signs out', async ({ tab, world }) => {
  await tab.open('/');
  await tab.interactive();
  await tab.click('header a', 'Sign in');
  await authenticate(tab, 'alice');
  await tab.sees(NAME, NAMES.alice);
  await tab.click('nav a', 'Profile');
  await tab.sees('h1', NAMES.alice);
  await tab.sees('main table', 'alice@example.com');
  await tab.sees('main', world.issuer);
  await signOut(tab);
  await tab.lacks(NAMES.alice);
  await tab.sees('header a', 'Sign in');
});

test('a deep link comes back to itself, query and all', async ({ tab }) => {
  await signIn(tab, 'bob', '/profile?filter=e-mail+%26+name%3Dé');
  expect(await tab.address()).toMatch(/\/profile\?filter=e-mail\+%26\+name%3D%C3%A9$/);
  await tab.sees('.table-count', 'No claim matches.');
});

test('logins in two tabs both finish, each where it began', async ({ tab, newTab }) => {
  const other = await newTab();
  await tab.open('/profile?filter=email');
  await other.open('/admin');
  await authenticate(tab, 'alice');
  await tab.isAt(/\/profile\?filter=email$/);
  await authenticate(other, 'alice');
  await other.isAt(/\/admin$/);
  await other.sees('h1', 'Access rules');
  await tab.sees(NAME, NAMES.alice);
});

test('a sign-in that is declined ends on a page with a reference, and can be repeated', async ({ tab }) => {
  await tab.open('/profile');
  await tab.click('button[value=cancel]');
  await tab.sees('h1', 'The sign-in was declined');
  await tab.sees('.reference code');
  await tab.interactive();
  await tab.click('main a', 'Try again');
  await authenticate(tab, 'bob');
  await tab.isAt(/\/profile$/);
  await tab.sees(NAME, NAMES.bob);
});
