// Navigation inside the browser.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { Header, ProfilePage, signIn } from '../pages/application';

/** A link in the header of every page. */
function link(page: Page, name: string) {
  return page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });
}

/** Marks the document. The mark is gone after a page load. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
}

async function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => 'isMarked' in window);
}

test('a link shows the next page without loading it', async ({ page }) => {
  await signIn(page, 'alice');
  await mark(page);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await link(page, 'Sessions').click();
  const heading = page.getByRole('heading', { name: 'Where you are signed in' });
  await expect(heading, 'a screen reader starts to read here').toBeFocused();
  await expect(page).toHaveURL(/\/sessions$/);
  await expect(page).toHaveTitle('Sessions · Leptos OIDC BFF');
  await expect(page.getByText('this session', { exact: false }).first()).toBeVisible();
  await expect(link(page, 'Sessions')).toHaveAttribute('aria-current', 'page');
  await expect(link(page, 'Profile')).not.toHaveAttribute('aria-current', 'page');
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  expect(await isMarked(page)).toBe(true);
});

test('Back and Forward go through the pages without loading them', async ({ page }) => {
  await signIn(page, 'alice');
  await mark(page);
  await link(page, 'API call').click();
  await expect(page).toHaveTitle('API call · Leptos OIDC BFF');
  await page.getByRole('link', { name: 'Leptos OIDC BFF' }).click();
  await expect(page).toHaveTitle('Welcome · Leptos OIDC BFF');
  await page.goBack();
  await expect(page).toHaveTitle('API call · Leptos OIDC BFF');
  await page.goBack();
  await expect(page).toHaveTitle('Profile · Leptos OIDC BFF');
  await expect(new ProfilePage(page).rows).not.toHaveCount(0);
  await page.goForward();
  await expect(page).toHaveTitle('API call · Leptos OIDC BFF');
  await expect(page).toHaveURL(/\/orders$/);
  expect(await isMarked(page)).toBe(true);
});

test('a click on the page that is shown leaves it as it is', async ({ page }) => {
  await signIn(page, 'alice', '/profile?filter=email');
  await mark(page);
  const before = await page.evaluate(() => history.length);
  await link(page, 'Profile').click();
  await expect(page).toHaveURL(/\/profile$/);
  await expect(new ProfilePage(page).filter).toHaveValue('email');
  await link(page, 'Profile').click();
  expect(await page.evaluate(() => history.length), 'no second entry').toBe(before + 1);
  expect(await isMarked(page)).toBe(true);
});

test('a click for a new tab opens a new tab', async ({ page, context, watch }) => {
  await watch(context);
  await signIn(page, 'alice');
  const opened = context.waitForEvent('page');
  await link(page, 'Sessions').click({ modifiers: ['ControlOrMeta'] });
  await expect(await opened).toHaveURL(/\/sessions$/);
  await expect(page).toHaveURL(/\/profile$/);
});

test('a page that is rendered in the browser has the same content as from the server', async ({ page }) => {
  await signIn(page, 'bob');
  const main = page.getByRole('main');
  const profile = new ProfilePage(page);
  const rows = await profile.rows.allInnerTexts();
  const monogram = await main.locator('.monogram').innerText();
  await link(page, 'Sessions').click();
  await expect(page).toHaveTitle(/^Sessions/);
  await link(page, 'Profile').click();
  await expect(profile.rows).toHaveCount(rows.length);
  expect(await profile.rows.allInnerTexts()).toEqual(rows);
  expect(await main.locator('.monogram').innerText()).toBe(monogram);
  await expect(new Header(page).name).toHaveText('Bob Müller');
  await profile.filter.fill('BOB MÜLL');
  await expect(profile.rows).toHaveCount(1);
});

test('Back restores the scroll position', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 300 });
  await signIn(page, 'alice');
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const before = await page.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(300);
  // A real click would scroll to the link first.
  await link(page, 'API call').evaluate((found: HTMLElement) => found.click());
  await expect(page.getByRole('heading', { name: 'An API call, and no token here' })).toBeFocused();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 }), 'a screen reader starts to read here').toBeFocused();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(before);
});
