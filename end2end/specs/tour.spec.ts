// The home page shows what is true of this session, and its tour ticks itself off as things happen.

import type { Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect } from '../fixtures/test';
import { Header, interactive, listening, NAMES, signIn } from '../pages/application';
import { HomePage } from '../pages/home';
import { SignInPage, SignOutPage } from '../pages/provider';
import { SessionsPage } from '../pages/sessions';

// Nobody else signs in in this world, and its provider tells the application when a session ends there.
const test = inOwnWorld({}, '', { BACKCHANNEL_LOGOUT: 'on' });

/** Signs in from the home page, which is there again afterwards and hears of changes. */
async function signInAtHome(page: Page, person: keyof typeof NAMES): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await new SignInPage(page).signIn(person);
  await expect(new Header(page).name).toHaveText(NAMES[person]);
  await expect(page).toHaveURL('/');
  await listening(page);
}

test('the tour ticks off each of its cards when its thing happens, and only that', async ({
  page,
  context,
  browser,
  watch,
  world,
  complaints,
}) => {
  complaints.expectStatus(403);
  const home = new HomePage(page);
  await page.goto('/');
  await interactive(page);
  await expect(home.done).toHaveCount(0);
  await expect(home.progress).toContainText('None done yet');

  await test.step('sign out in a second tab', async () => {
    await signInAtHome(page, 'alice');
    await expect(home.done, 'a sign-in is no step').toHaveCount(0);
    const opened = context.waitForEvent('page');
    await home.card('Sign out in a second tab').getByRole('link').click();
    const second = await opened;
    await expect(new Header(second).name).toHaveText(NAMES.alice);
    await interactive(second);
    await new Header(second).signOut.click();
    await home.ticked('Sign out in a second tab');
    await expect(page.getByText(NAMES.alice)).toHaveCount(0);
    await new SignOutPage(second).confirm();
    await second.close();
    await expect(home.done).toHaveCount(1);
  });

  await test.step('end a session from elsewhere', async () => {
    await signInAtHome(page, 'alice');
    const elsewhere = await browser.newContext({ baseURL: world.app });
    await watch(elsewhere);
    const there = await elsewhere.newPage();
    await signIn(there, 'alice', '/sessions');
    await new SessionsPage(there).end('Chrome');
    await expect(new SessionsPage(there).none).toBeVisible();
    await home.ticked('End a session from elsewhere');
    await elsewhere.close();
    await expect(home.done).toHaveCount(2);
  });

  await test.step('sign out at the provider', async () => {
    // The session at the provider lives, so it asks for no password.
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await expect(new Header(page).name).toHaveText(NAMES.alice);
    await listening(page);
    const link = home.card('Sign out at the provider').getByRole('link');
    await expect(link).toHaveAttribute('href', world.issuer);
    const provider = await context.newPage();
    await provider.goto(`${world.issuer}/session/end`);
    await new SignOutPage(provider).confirm();
    await home.ticked('Sign out at the provider');
    await provider.close();
    await expect(home.done).toHaveCount(3);
  });

  await test.step('be refused as another person', async () => {
    await signInAtHome(page, 'bob');
    await home.card('Be refused as another person').getByRole('link').click();
    await expect(page.getByText('Missing: the role admin.')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Home page' }).click();
    await interactive(page);
    await home.ticked('Be refused as another person');
    await expect(home.done).toHaveCount(4);
  });

  await test.step('confirm that it is you', async () => {
    await home.card('Confirm that it is you').getByRole('link').click();
    await expect(page).toHaveURL('/notes/erase');
    await interactive(page);
    await page.goto('/');
    await interactive(page);
    await home.ticked('Confirm that it is you');
  });
  await expect(home.progress).toContainText('All five done');

  await home.startOver.click();
  await expect(home.done).toHaveCount(0);
  expect(await page.evaluate(() => localStorage.length), 'nothing of the tour is kept').toBe(0);
});

test('a step that another tab has seen ticks off the card here too', async ({ page, context, complaints }) => {
  complaints.expectStatus(403);
  await signIn(page, 'bob');
  await page.goto('/');
  await interactive(page);
  const other = await context.newPage();
  await other.goto('/admin');
  await interactive(other);
  await new HomePage(page).ticked('Be refused as another person');
});

test('the home page tells what each side holds of the session, and nothing without one', async ({
  page,
  context,
  world,
}) => {
  const home = new HomePage(page);
  await page.goto('/');
  await interactive(page);
  await expect(home.slot('Access token')).toHaveText('–');
  await expect(home.slot('document.cookie')).toHaveText('0 cookies');

  await signInAtHome(page, 'alice');
  const cookies = await context.cookies(world.app);
  const session = cookies.find(({ name }) => name === '__Host-Http-session');
  await expect(home.slot('Its name')).toHaveText('__Host-Http-session');
  await expect(home.slot('Its value')).toHaveText(`${session?.value.length} characters, opaque`);
  await expect(home.slot('Access token')).toHaveText(/^held until \d+ \w+ 20\d\d, \d\d:\d\d UTC$/);
  await expect(home.slot('Session')).toHaveText(/^ends in \d+ h \d\d min at the latest$/);
  await expect(home.slot('Issuer')).toHaveText(world.issuer);
  for (const [place, words] of [
    ['document.cookie', '0 cookies'],
    ['localStorage', '0 entries'],
    ['sessionStorage', '0 entries'],
  ] as const) {
    await expect(home.slot(place)).toHaveText(words);
  }
  // A measurement is not a constant: it counts what a script has put there.
  await page.evaluate(() => {
    document.cookie = 'planted=1';
    localStorage.setItem('planted', '1');
  });
  await page.reload();
  await interactive(page);
  await expect(home.slot('document.cookie')).toHaveText('1 cookie');
  await expect(home.slot('localStorage')).toHaveText('1 entry');
});
