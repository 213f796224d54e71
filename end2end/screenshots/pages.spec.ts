// Takes a screenshot of each page as a demo person sees it, in both themes and four sizes.

import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { keep } from './palette';
import { FOLDER, heading, SCREENS, signIn, test, THEMES } from './screens';

/** Sets the session state that the page gets when it asks for it, and stops its stream of events. */
async function say(page: Page, state: object): Promise<void> {
  await page.route('**/auth/session', (route) => route.fulfill({ json: state }));
  await page.route('**/auth/events', (route) => route.fulfill({ status: 204 }));
}

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const colorScheme of THEMES) {
    test.describe(`${screen}, ${colorScheme}`, () => {
      test.use({ ...options, colorScheme });

      /** A picture of what fits the screen, or of the whole page. */
      async function take(page: Page, name: string, fullPage = false): Promise<void> {
        // The buttons that hydration adds belong to the picture.
        await page.waitForFunction(() => document.readyState === 'complete');
        await page.evaluate(() => document.fonts.ready);
        await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 300)));
        const path = join(FOLDER, `${name}-${screen}-${colorScheme}.png`);
        const browser = page.context().browser();
        if (browser) await keep(browser, await page.screenshot({ animations: 'disabled', fullPage }), path);
      }

      test('signed out', async ({ page }) => {
        await page.goto('/');
        await take(page, 'home', true);
        await page.goto('/no-such-page');
        await take(page, 'not-found-signed-out');
        await page.goto('/signed-out?provider=none');
        await take(page, 'signed-out');
        await page.goto('/profile');
        await take(page, 'provider-sign-in');
        await page.getByRole('button', { name: 'Cancel' }).click();
        await page.waitForURL('**/sign-in-failed?**');
        await take(page, 'sign-in-failed');
      });

      test('signed in', async ({ page }) => {
        await signIn(page, 'Alice Lindqvist');
        await page.getByRole('button', { name: 'Copy' }).first().waitFor();
        await take(page, 'profile');
        await page.evaluate(() => localStorage.setItem('tour', 'second-tab refused'));
        await page.goto('/');
        await page.getByText('held until').waitFor();
        await take(page, 'home-signed-in', true);
        await page.goto('/flow');
        await page.getByText('Copy as Markdown').waitFor();
        await take(page, 'flow', true);
        await page.goto(process.env.END2END_PROVIDER ?? '');
        await heading(page).waitFor();
        await take(page, 'provider-desk', true);
        await page.goto('/notes');
        await page.getByText('No notes yet').waitFor();
        await take(page, 'notes-empty');
        for (const text of ['Call the printer about the posters', 'Ideas for the talk:\n– a cookie is not a token\n– where tokens live']) {
          await page.getByLabel('A new note').fill(text);
          await page.getByRole('button', { name: 'Add the note' }).click();
          await page.getByText('Saved.').waitFor();
        }
        await page.getByLabel('A new note').fill('Half a thought, and the session');
        await take(page, 'notes');
        await page.goto('/notes/erase');
        await take(page, 'notes-erase');
        await page.goto('/sessions');
        await take(page, 'sessions');
        await page.goto('/orders');
        await page.getByRole('table', { name: 'Orders' }).waitFor();
        await take(page, 'orders');
        await page.route('**/api/demo/**', (route) =>
          route.fulfill({ status: 504, json: { status: 504, code: 'upstream_timeout' } }),
        );
        await page.goto('/orders');
        await page.getByRole('alert').waitFor();
        await take(page, 'orders-failed');
        await page.goto('/admin');
        await take(page, 'admin');
        // The page would close itself.
        await page.addInitScript(() => Object.assign(window, { close: () => {} }));
        await page.goto('/signed-in');
        await take(page, 'signed-in');
        await page.goto('/no-such-page');
        await take(page, 'not-found');
        // The next screen size and theme begins without notes.
        await page.goto('/notes/erase');
        await page.getByRole('button', { name: /^Erase \d+ notes?$/ }).click();
        await page.getByText('All your notes are erased.').waitFor();
      });

      test('refused', async ({ page }) => {
        await signIn(page, 'Bob Okafor');
        await page.goto('/admin');
        await take(page, 'role-missing');
        await page.goto('/orders');
        await take(page, 'claim-missing');
      });

      test('an open page whose session expires', async ({ page, context }) => {
        await signIn(page, 'Alice Lindqvist');
        const state = await page.evaluate(async () => (await fetch('/auth/session')).json());
        await page.clock.install();
        await say(page, { ...state, status: 'expiring', idle_expires_in: 110 });
        await page.goto('/notes');
        await page.clock.runFor(31 * 60_000);
        await page.locator('.session-notice').waitFor();
        await take(page, 'expiring');
        await page.unroute('**/auth/session');
        await context.setOffline(true);
        await page.clock.runFor(6_000);
        await expect(page.locator('.session-notice')).toContainText('cannot be reached');
        await take(page, 'offline');
        // This comes before going online, because the page asks at once when it is online again.
        await say(page, { status: 'ended', reason: 'idle' });
        await context.setOffline(false);
        await page.clock.runFor(6_000);
        await expect(heading(page)).toContainText('You were signed out');
        await take(page, 'ended');
      });
    });
  }
}
