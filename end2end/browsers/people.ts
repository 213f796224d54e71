// Sign-in and sign-out, as a person does them at the application and at the provider.

import { NAMES, type Person } from '../pages/application';
import { PASSWORD } from '../pages/provider';
import type { Tab } from './tab';

export { NAMES };

export const SIGN_OUT = 'header form[action="/auth/logout"] button';
export const NAME = 'header .person-name';

/** Fills in the provider's form for username and password. */
export async function authenticate(tab: Tab, person: Person): Promise<void> {
  await tab.sees('h1', 'Sign in at the provider');
  await tab.fill('input[name=username]', person);
  await tab.fill('input[name=password]', PASSWORD);
  await tab.click('button[value=sign-in]');
}

/** Opens the page without a session, signs in, and waits until the browser is back at the page. */
export async function signIn(tab: Tab, person: Person, path = '/profile'): Promise<void> {
  await tab.open(path);
  await authenticate(tab, person);
  await tab.sees(NAME, NAMES[person]);
  await tab.interactive();
}

/** Signs out at the application and at the provider. */
export async function signOut(tab: Tab): Promise<void> {
  await tab.click(SIGN_OUT);
  await tab.click('button[name=logout]', 'Yes, sign out');
  await tab.sees('h1', 'You are signed out');
}
