// Browsers that lack something, or are set to what a page does not expect: the page goes on.

import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES } from '../pages/application';
import { SignInPage } from '../pages/provider';

// What real browsers report as their language, and `Intl` refuses.
for (const language of ['C', 'de-DE@euro', 'en-US@posix', '']) {
  test(`a browser whose language is "${language}" has a page that works`, async ({ page }) => {
    await page.addInitScript((language) => {
      Object.defineProperty(navigator, 'language', { get: () => language });
    }, language);
    await page.goto('/profile');
    await new SignInPage(page).signIn('alice');
    await interactive(page);
    await expect(page.locator('time').first()).toContainText(/20\d\d/);
    const countdown = page.locator('.limit-time').first();
    const before = await countdown.textContent();
    await expect(countdown).not.toHaveText(before ?? '');
    await page.getByRole('link', { name: 'Notes' }).first().click();
    await expect(page).toHaveURL(/\/notes$/);
    await expect(new Header(page).name).toHaveText(NAMES.alice);
  });
}

test('a browser without a clipboard says that nothing was copied', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
  });
  await page.goto('/profile');
  await new SignInPage(page).signIn('alice');
  await interactive(page);
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await expect(page.getByText('could not be copied')).toBeVisible();
});
