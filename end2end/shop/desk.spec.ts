// The control desk of the development provider: what a developer does there, and what the application shows then.

import type { BrowserContext, Page } from '@playwright/test';
import { expect, test as base } from '../fixtures/test';
import { interactive } from '../pages/application';
import { Desk } from './desk';
import { heading, signIn } from './pages';

const BOB = 'Bob Okafor';

/** The desk in a second window of the same browser. */
const test = base.extend<{ desk: Desk }>({
  desk: async ({ context, world }, use) => use(await Desk.open(context, world.issuer)),
});

/** Opens a page, and waits until it is hydrated. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await interactive(page);
}

/** Signs in again by the address of the login. The provider still knows the person, so it asks nothing. */
async function signInAgain(page: Page, path: string): Promise<void> {
  await page.goto(`/auth/login?return_to=${encodeURIComponent(path)}`);
}

async function session(context: BrowserContext, app: string): Promise<string | undefined> {
  const cookies = await context.cookies(app);
  return cookies.find(({ name }) => name === '__Host-Http-session')?.value;
}

test('a person who is signed out at the desk reads so on the page that is open', async ({ page, desk }) => {
  await signIn(page, BOB);
  await open(page, '/cart');
  await expect(heading(page)).toHaveText('Your cart');
  await desk.signOutEverywhere(BOB);
  await expect(heading(page)).toHaveText('You were signed out at the provider');
  await expect(page.getByText(BOB)).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: 'Sign in again' }).click();
  await expect(page.getByRole('button', { name: BOB }), 'the provider asks who signs in').toBeVisible();
});

test('a role of the desk opens its page from the next sign-in on, until it is taken away', async ({
  page,
  desk,
  complaints,
}) => {
  complaints.expectStatus(403);
  await signIn(page, BOB);
  await page.goto('/staff/orders');
  await expect(heading(page)).toHaveText('Not your door');
  await desk.giveRole(BOB, 'staff');
  await page.goto('/staff/orders');
  await expect(heading(page), 'the session has the roles of its sign-in').toHaveText('Not your door');
  await signInAgain(page, '/staff/orders');
  await expect(heading(page)).toHaveText('All orders');
  await expect(page.getByRole('link', { name: 'Staff' })).toBeVisible();

  await desk.takeRole(BOB, 'staff');
  await signInAgain(page, '/staff/orders');
  await expect(heading(page)).toHaveText('Not your door');
});

test('after a rotation of the key sessions go on, and the next sign-in works', async ({ page, context, desk, world }) => {
  await signIn(page, BOB);
  const before = await session(context, world.app);
  await desk.rotateKey();
  await page.goto('/orders');
  await expect(heading(page)).toHaveText('Your orders');
  expect(await session(context, world.app), 'the same session').toBe(before);
  await signInAgain(page, '/orders');
  await expect(heading(page)).toHaveText('Your orders');
  expect(await session(context, world.app), 'a new session').not.toBe(before);
});

// The application asks for no other token here: one that is only seconds old is not refused for its age.
test('tokens that end at the desk are refused by the API, and the page says so beside the cart', async ({
  page,
  desk,
  complaints,
}) => {
  complaints.expectStatus(502);
  await signIn(page, BOB);
  await open(page, '/orders');
  await desk.endTokens(BOB);
  await page.getByRole('link', { name: 'Cart' }).click();
  await expect(heading(page)).toHaveText('Your cart');
  await expect(page.locator('.unanswered')).toContainText('The API does not accept this application');
  await expect(page.getByRole('banner').getByText(BOB), 'the session goes on').toBeVisible();
});

test('while the provider does not answer a sign-in says so at once, and works afterwards', async ({
  page,
  desk,
  complaints,
}) => {
  complaints.expect(/the server responded with a status of 50\d/);
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in to shop' }).click();
  await expect(page.getByRole('button', { name: BOB })).toBeVisible();
  await desk.stopAnswering();
  await page.getByRole('button', { name: BOB }).click();
  await expect(heading(page)).toHaveText('The sign-in provider is not answering');
  await expect(page.getByRole('banner').getByText(BOB), 'nobody is signed in').toHaveCount(0);
  await desk.answerAgain();
  // The provider knows the person by now.
  await page.getByRole('main').getByRole('link', { name: 'Sign in to shop' }).click();
  await expect(page.getByRole('banner').getByText(BOB)).toBeVisible();
});
