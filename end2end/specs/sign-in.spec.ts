// The main job: sign in, see the claims, sign out.

import { expect, test } from '../fixtures/test';
import { Header, interactive, ProfilePage } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';

test('a person signs in, sees their claims, and signs out', async ({ page, world }) => {
  await page.goto('/');
  await interactive(page);
  await new Header(page).signIn.click();
  await new SignInPage(page).signIn('alice');

  await expect(new Header(page).name).toHaveText('Alice van Dam');
  await page.getByRole('navigation').getByRole('link', { name: 'Profile' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice van Dam');
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
