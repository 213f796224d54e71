// Signing in, seeing the claims, signing out.

import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, ProfilePage, signIn } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';

test('a person signs in, sees their claims, and signs out', async ({ page, world }) => {
  await page.goto('/');
  await interactive(page);
  await new Header(page).signIn.click();
  await new SignInPage(page).signIn('alice');

  await expect(new Header(page).name).toHaveText(NAMES.alice);
  await page.getByRole('navigation').getByRole('link', { name: 'Profile' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(NAMES.alice);
  const profile = new ProfilePage(page);
  await expect(profile.claim('email')).toContainText('alice@example.com');
  await expect(profile.claim('email')).toContainText('email address');
  await expect(profile.claim('email_verified')).toContainText('yes or no');
  await expect(page.getByText(world.issuer)).toBeVisible();
  await interactive(page);

  await new Header(page).signOut.click();
  await new SignOutPage(page).confirm();
  await expect(page).toHaveURL(/\/signed-out\?state=/);
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await expect(new Header(page).signIn).toBeVisible();
  await interactive(page);
});

test('red_02 a deep link comes back to itself, query and all', async ({ page, world }) => {
  await page.goto('/profile?filter=e-mail+%26+name%3Dé');
  await new SignInPage(page).signIn('bob');
  await expect(page).toHaveURL(`${world.app}/profile?filter=e-mail+%26+name%3D%C3%A9`);
  const profile = new ProfilePage(page);
  await expect(profile.filter).toHaveValue('e-mail & name=é');
  await expect(profile.count).toHaveText('No claim matches.');
});

for (const value of ['a/b', '50 %', 'a\\b', '//evil.example', 'https://evil.example/?x=y#z']) {
  test(`red_01 a query may say ${value} and stays a query`, async ({ page, world }) => {
    const path = `/profile?filter=${encodeURIComponent(value)}`;
    await page.goto(path);
    await new SignInPage(page).signIn('bob');
    await expect(page).toHaveURL(`${world.app}${path}`);
    await expect(new ProfilePage(page).filter).toHaveValue(value);
  });
}

test('logins in two tabs both finish, each where it began', async ({ context }) => {
  const [one, other] = [await context.newPage(), await context.newPage()];
  await one.goto('/profile?filter=email');
  await other.goto('/admin');
  await new SignInPage(one).signIn('alice');
  await expect(one).toHaveURL(/\/profile\?filter=email$/);
  await new SignInPage(other).signIn('alice');
  await expect(other).toHaveURL(/\/admin$/);
  await expect(other.getByRole('heading', { name: 'Access rules' })).toBeVisible();
  await one.reload();
  await expect(new Header(one).name).toHaveText(NAMES.alice);
});

test('of two logins that start before the browser has a cookie, one is a click behind', async ({
  context,
  complaints,
}) => {
  complaints.expectStatus(400);
  const [one, other] = [await context.newPage(), await context.newPage()];
  await one.goto('/profile');
  // Neither request has a cookie yet, so each response sets a new one, and the second replaces the first.
  await context.clearCookies({ domain: 'localhost' });
  await other.goto('/profile');
  // The cookie of the first login is gone, so nothing binds that login to this browser (CB-02).
  await new SignInPage(one).signIn('alice');
  await expect(one.getByRole('heading', { name: 'This sign-in was not started here' })).toBeVisible();
  await new Header(one).signIn.click();
  await expect(new Header(one).name, 'the session at the provider lives').toHaveText(NAMES.alice);
});

test('the provider refuses a wrong password, and the right one signs in', async ({ page }) => {
  await page.goto('/profile');
  const provider = new SignInPage(page);
  await provider.signIn('bob', 'wrong');
  await expect(provider.complaint).toHaveText('Wrong username or password.');
  await provider.signIn('bob');
  await expect(page).toHaveURL(/\/profile$/);
  await expect(new Header(page).name).toHaveText(NAMES.bob);
});

test('a denied sign-in ends on a page with a reference, and can be repeated', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(400);
  await page.goto('/profile');
  await new SignInPage(page).cancel();
  await expect(page).toHaveURL(/\/sign-in-failed\?problem=/);
  await expect(page.getByRole('heading', { name: 'The sign-in was declined' })).toBeVisible();
  await expect(page.locator('.reference code')).toHaveText(/^[0-9a-f-]{16,}$/);
  await expect(page.getByText('the person cancelled'), "the page does not show the provider's text").toHaveCount(0);
  await expect(new Header(page).signIn).toBeVisible();
  await interactive(page);

  await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
  await new SignInPage(page).signIn('bob');
  await expect(page).toHaveURL(/\/profile$/);
});

test('a response that was used leads a signed-in browser on, and another one nowhere', async ({
  page,
  browser,
  baseURL,
  watch,
  complaints,
}) => {
  const callback = page.waitForRequest(/\/auth\/callback\?/);
  await signIn(page, 'alice', '/profile?filter=name');
  const used = (await callback).url();
  await page.goto(used);
  await expect(page).toHaveURL(/\/profile\?filter=name$/);
  await expect(new Header(page).name).toHaveText(NAMES.alice);

  complaints.expectStatus(400);
  const stranger = await browser.newContext({ baseURL });
  await watch(stranger);
  const theirs = await stranger.newPage();
  await theirs.goto(used);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText(
    'This sign-in was not started here',
  );
  await expect(new Header(theirs).signIn).toBeVisible();
  await stranger.close();
});
