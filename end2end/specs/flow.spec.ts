// What just happened: the steps of the sign-in, for the person who was signed in.

import { violations } from '../fixtures/axe';
import { expect, test } from '../fixtures/test';
import { interactive, signIn } from '../pages/application';
import { SignInPage } from '../pages/provider';

const STEPS = [
  'Sealed the login in state',
  'Asked you to sign in',
  'Brought the code',
  'Redeemed the code',
  'Checked the ID Token',
  'Read userinfo',
  'Sealed the session',
];

test('the profile leads to the steps of the sign-in, which can be copied as Markdown', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, 'alice');
  await page.getByRole('link', { name: 'See how you were signed in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What just happened');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByRole('heading', { level: 3 })).toHaveText(STEPS);
  const details = await page.locator('.flow-deed p').allTextContents();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByText('The steps copied.')).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  STEPS.forEach((step, index) => {
    expect(copied).toContain(`| **${step}.** ${details[index]} |`);
  });
  expect(await violations(page)).toEqual([]);

  // Loaded as a whole, the page says the same.
  await page.reload();
  await interactive(page);
  expect(await page.locator('.flow-deed p').allTextContents()).toEqual(details);
});

test('the home page leads a signed-in person to the steps, and offers none to a stranger', async ({ page }) => {
  await page.goto('/');
  await interactive(page);
  const link = page.getByRole('main').getByRole('link', { name: 'See how you were signed in' });
  await expect(link).toBeHidden();
  await signIn(page, 'alice');
  await page.goto('/');
  await interactive(page);
  await link.click();
  await expect(page).toHaveURL(/\/flow$/);
  await expect(page.getByRole('heading', { level: 3 })).toHaveText(STEPS);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the steps of the sign-in stand on the page, and there is nothing to copy with', async ({ page, complaints }) => {
    complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
    await page.goto('/flow');
    await new SignInPage(page).signIn('alice');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What just happened');
    await expect(page.getByRole('heading', { level: 3 })).toHaveText(STEPS);
    await expect(page.getByText(/characters, which only this server opens/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  });
});
