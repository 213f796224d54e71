// Signing out at the provider and back, and the pages that the browser keeps in its history.

import { ENGINE } from '../engines';
import { expect, test } from './test';
import { NAME, NAMES, SIGN_OUT, signIn, signOut } from './people';

test('a sign-out goes through the provider, ends the session there, and comes back', async ({ tab, world }) => {
  await signIn(tab, 'alice');
  // As long as the provider's session lives, the provider asks for no password.
  await tab.forgetCookies();
  await tab.open('/profile');
  await tab.sees(NAME, NAMES.alice);
  await tab.click(SIGN_OUT);
  await tab.sees('h1', 'Sign out at the provider?');
  expect(await tab.address()).toContain(`${world.issuer}/session/end`);
  await tab.click('button[name=logout]', 'Yes, sign out');
  await tab.isAt(/^https:\/\/localhost:\d+\/signed-out\?state=/);
  await tab.sees('h1', 'You are signed out');
  await tab.open('/profile');
  await tab.sees('h1', 'Sign in at the provider');
});

test('a sign-out that is declined at the provider still signs out at the application', async ({ tab, newTab }) => {
  await signIn(tab, 'alice');
  await tab.click(SIGN_OUT);
  await tab.sees('h1', 'Sign out at the provider?');
  const other = await newTab();
  await other.open('/');
  await other.sees('header a', 'Sign in');
  await tab.click('button', 'No, stay signed in');
  await tab.sees('h1', 'You are signed out');
});

test('the back button after a sign-out shows nothing of the person, where the browser keeps whole pages', async ({
  tab,
  world,
}) => {
  await signIn(tab, 'alice');
  await signOut(tab);
  world.front.reset();
  // The page before this one is the provider's, and the one before that is the profile.
  await tab.go(-2);
  await tab.until('the question who it is', async () => world.front.answered.includes('/auth/login'));
  // WebKitGTK 2.50 still shows the old page: if a step back leads by redirects from a page with
  // `Cross-Origin-Opener-Policy` to another origin, it loads the new page but does not show it.
  if (ENGINE !== 'webkit') await tab.sees('h1', 'Sign in at the provider');
  await tab.lacks(NAMES.alice);
});
