// Takes the pictures: each page as a demo person sees it.

import { join } from 'node:path';
import { type Page, test as base } from '@playwright/test';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

const test = base.extend({
  baseURL: async ({}, use) => use(process.env.END2END_APP),
});

test.use({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' });

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true };

async function take(page: Page, name: string): Promise<void> {
  // The buttons that come with hydration are part of the picture.
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}

async function signIn(page: Page, person: string): Promise<void> {
  await page.goto('/profile');
  await page.getByRole('button', { name: person }).click();
  await page.getByRole('heading', { level: 1, name: person }).waitFor();
}

for (const [screen, options] of [
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${screen}, ${colorScheme}`, () => {
      test.use({ ...options, colorScheme });

      test('home, profile, sessions and orders', async ({ page }) => {
        await page.goto('/');
        await take(page, `home-${screen}-${colorScheme}`);
        await signIn(page, 'Alice Lindqvist');
        await page.getByRole('button', { name: 'Copy' }).first().waitFor();
        await take(page, `profile-${screen}-${colorScheme}`);
        await page.goto('/sessions');
        await take(page, `sessions-${screen}-${colorScheme}`);
        await page.goto('/orders');
        await page.getByRole('table', { name: 'Orders' }).waitFor();
        await take(page, `orders-${screen}-${colorScheme}`);
      });
    });
  }
}

test.describe('the other pages', () => {
  test.use({ ...DESKTOP, colorScheme: 'light' });

  test('refused, signed out, sign-in failed, and the development provider', async ({ page }) => {
    await page.goto('/profile');
    await take(page, 'provider-sign-in-desktop-light');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL('**/sign-in-failed?**');
    await take(page, 'sign-in-failed-desktop-light');
    await signIn(page, 'Bob Okafor');
    await page.goto('/admin');
    await take(page, 'admin-refused-desktop-light');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/signed-out?**');
    await take(page, 'signed-out-desktop-light');
  });
});
