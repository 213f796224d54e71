// A browser without JavaScript can do everything that is necessary.

import { expect, test } from '../fixtures/test';
import { Header, NAMES, ProfilePage } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';

test.use({ javaScriptEnabled: false });

test.beforeEach(({ complaints }) => {
  // Chromium reports the script in the page's head as failed, because it may not run scripts.
  complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
});

test('without JavaScript a person signs in, reads, filters, reads again and signs out', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await new SignInPage(page).signIn('alice');
  await expect(new Header(page).name).toHaveText(NAMES.alice);
  await page.getByRole('main').getByRole('link', { name: 'Open your profile' }).click();

  const profile = new ProfilePage(page);
  await expect(profile.claim('email')).toContainText('alice@example.com');
  await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  const all = await profile.rows.count();

  await profile.filter.fill('email');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/\/profile\?filter=email$/);
  await expect(profile.rows).toHaveCount(2);
  await expect(profile.count).toHaveText(`2 of ${all} claims`);

  await page.goto('/profile');
  const nickname = await profile.claim('nickname').textContent();
  await profile.rereadClaims.click();
  await expect(page).toHaveURL(/\/profile\?reread=done$/);
  await expect(profile.claim('nickname')).not.toHaveText(nickname ?? '');
  await expect(page.locator('.reread-outcome')).not.toBeEmpty();

  await new Header(page).signOut.click();
  await new SignOutPage(page).confirm();
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await page.goto('/profile');
  await expect(new SignInPage(page).heading).toBeVisible();
});

test('without JavaScript a denied sign-in is readable', async ({ page, complaints }) => {
  complaints.expectStatus(400);
  await page.goto('/profile');
  await new SignInPage(page).cancel();
  await expect(page.getByRole('heading', { name: 'The sign-in was declined' })).toBeVisible();
});
