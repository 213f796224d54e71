// Signing out at the application and at the provider, and the pages that the browser keeps in its history.

import { chromium, type Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { deafen, Header, interactive, NAMES, ProfilePage, signIn, signOut } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';

test('the back button after a sign-out shows nothing of the person', async ({ page }) => {
  await signIn(page, 'alice');
  await signOut(page);
  await goBackToProfile(page);
});

test('the back button after a sign-out shows nothing in a browser that keeps whole pages', async ({
  world,
  watch,
  launchOptions,
}) => {
  // Playwright switches the back/forward cache off by default. The browsers of people have it on.
  const browser = await chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  const context = await browser.newContext({ baseURL: world.app });
  await watch(context);
  const page = await context.newPage();
  await signIn(page, 'alice');
  await signOut(page);
  await goBackToProfile(page);
  await browser.close();
});

async function goBackToProfile(page: Page): Promise<void> {
  // The page before this one is the provider's, and the one before that is the profile.
  await page.evaluate(() => history.go(-2));
  await expect(new SignInPage(page).heading).toBeVisible();
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
}

test('a page that the browser kept whole is loaded anew when it is shown again', async ({
  page,
  context,
}) => {
  await signIn(page, 'alice');
  // A sign-out in another tab removes the cookies too.
  await context.clearCookies();
  await page.evaluate(() =>
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
  );
  await expect(new SignInPage(page).heading).toBeVisible();
});

test('a sign-out ends the session at the provider too', async ({ page, context, world }) => {
  await signIn(page, 'alice');
  // As long as the provider's session lives, the provider asks for no password.
  await context.clearCookies({ domain: 'localhost' });
  await page.goto('/profile');
  await expect(new Header(page).name).toHaveText(NAMES.alice);
  await interactive(page);

  await signOut(page);
  await page.goto('/profile');
  await expect(new SignInPage(page).heading).toBeVisible();
  expect(new URL(page.url()).origin).toBe(world.issuer);
});

test('lo_02 lo_08 a sign-out declined at the provider is a sign-out here', async ({
  page,
  context,
  world,
}) => {
  await signIn(page, 'alice');
  const cookies = await context.cookies(world.app);
  await new Header(page).signOut.click();
  await expect(new SignOutPage(page).heading).toBeVisible();

  // While the provider's page still asks, a copy of the cookie is already worthless.
  await context.addCookies(cookies);
  const other = await context.newPage();
  await other.goto('/');
  await expect(new Header(other).signIn).toBeVisible();

  await new SignOutPage(page).decline();
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
});

test('lo_09 signing out in two tabs is as good as in one', async ({ page, context }) => {
  await signIn(page, 'bob');
  const other = await context.newPage();
  await deafen(other);
  await other.goto('/');
  await interactive(other);
  await signOut(page);
  await new Header(other).signOut.click();
  await expect(other.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
});

test('a page that hears nothing notices the sign-out when it asks the server', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expectStatus(401);
  await signIn(page, 'alice');
  const other = await context.newPage();
  await deafen(other);
  await other.goto('/profile');
  await interactive(other);
  await signOut(page);
  await new ProfilePage(other).rereadClaims.click();
  await expect(other.getByRole('heading', { name: 'Your session has ended' })).toBeVisible();
  await expect(other.getByText(NAMES.alice)).toHaveCount(0);
  await expect(new Header(other).signIn).toBeVisible();
});

test('lo_05 the provider gets the ID Token as a hint, the address and a fresh state', async ({
  page,
  world,
}) => {
  const states = new Set<string | null>();
  for (const round of [1, 2]) {
    await signIn(page, 'bob');
    const request = page.waitForRequest((request) =>
      request.url().startsWith(`${world.issuer}/session/end?`),
    );
    await signOut(page);
    const query = new URL((await request).url()).searchParams;
    const issued = (await (await fetch(`${world.issuer}/issued`)).json()) as { value: string }[];
    expect(issued.map(({ value }) => value)).toContain(query.get('id_token_hint'));
    expect(query.get('post_logout_redirect_uri')).toBe(`${world.app}/signed-out`);
    states.add(query.get('state'));
    expect(states.size).toBe(round);
  }
});
