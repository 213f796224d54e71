// The shop in a browser: a person adds goods to the cart and orders, and other people do not see the order.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { interactive, wasmOf } from '../pages/application';
import { heading, signIn } from './pages';

/** Marks the document. The mark is gone after a page load. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isMarked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in window);

test('a person fills the cart without a page load and orders, and nobody else sees the order', async ({
  page,
  browser,
  baseURL,
}) => {
  await signIn(page, 'Alice Lindqvist');
  await interactive(page);
  const bell = page.getByRole('listitem').filter({ hasText: 'Cow bell' });
  await bell.getByRole('button', { name: 'Add to cart' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('It is in your cart');
  await mark(page);
  await page.getByRole('main').getByRole('status').getByRole('link', { name: 'cart' }).click();
  await expect(heading(page)).toHaveText('Your cart');
  await expect(page.getByText('2026-0418: shipped'), 'the API, asked with the access token').toBeVisible();
  await page.getByRole('button', { name: 'One more' }).click();
  await expect(page.getByRole('row', { name: 'Total' })).toContainText('90.00 €');
  expect(await isMarked(page), 'no page was loaded in the meantime').toBe(true);
  await page.getByRole('button', { name: 'Order', exact: true }).click();
  await expect(heading(page)).toHaveText(/^Order \d+$/);
  // Only the server knows to whom the order belongs, so the browser loads the page from the server.
  await expect(async () => expect(await isMarked(page)).toBe(false)).toPass();
  await expect(heading(page)).toHaveText(/^Order \d+$/);
  const order = page.url();

  const other = await browser.newContext({ baseURL });
  const theirs = await other.newPage();
  await signIn(theirs, 'Bob');
  const answer = await theirs.goto(order);
  expect(answer?.status()).toBe(403);
  await expect(heading(theirs)).toHaveText('Not your door');
  await other.close();
});

test('the staff sees all orders, and others the shop’s own page', async ({ page, browser, baseURL }) => {
  await signIn(page, 'Alice Lindqvist');
  await page.getByRole('link', { name: 'Staff' }).click();
  await expect(heading(page)).toHaveText('All orders');

  const other = await browser.newContext({ baseURL });
  const theirs = await other.newPage();
  await signIn(theirs, 'Bob');
  await expect(theirs.getByRole('link', { name: 'Staff' })).toHaveCount(0);
  expect((await theirs.goto('/staff/orders'))?.status()).toBe(403);
  await expect(heading(theirs)).toHaveText('Not your door');
  await other.close();
});

test('a sign-out takes the cart off every page', async ({ page, context }) => {
  await signIn(page, 'Alice Lindqvist');
  await page.goto('/cart');
  await interactive(page);
  const beside = await context.newPage();
  await beside.goto('/');
  await beside.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page)).not.toHaveText('Your cart');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in to shop' })).toBeVisible();
});

test('a page whose script does not start works by full loads, and shows nothing once its session has ended', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expect(/stays without its script/);
  complaints.expect(/\.wasm: net::ERR_FAILED|Failed to load resource: net::ERR_FAILED/);
  await signIn(page, 'Alice Lindqvist');
  const beside = await context.newPage();
  await beside.goto('/');
  await interactive(beside);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('/cart');
  await expect(page.locator('html.without-script')).toHaveCount(1);
  await mark(page);
  await page.getByRole('link', { name: 'Orders' }).click();
  await expect(heading(page)).toHaveText('Your orders');
  expect(await isMarked(page), 'the link loaded a page').toBe(false);
  await expect(page.locator('html.without-script')).toHaveCount(1);
  await beside.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page)).toHaveText('This page is not shown any more');
  await expect(page.getByText('Alice Lindqvist')).toHaveCount(0);
});

test('the home page loads one file of WASM, and each other page its own beside it, also where it is opened first', async ({ page }) => {
  await signIn(page, 'Alice Lindqvist');
  const asked = wasmOf(page);
  const own = (route: string) => asked.filter((path) => path.includes(`/${route}_route_view_`));
  await page.goto('/');
  await interactive(page);
  expect(asked).toEqual(['/pkg/shop_bg.wasm']);
  await mark(page);
  for (const [name, title, route] of [
    ['Cart', 'Your cart', 'cart'],
    ['Orders', 'Your orders', 'orders'],
    ['Staff', 'All orders', 'staff'],
  ] as const) {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await expect(heading(page)).toHaveText(title);
    expect(own(route), name).toHaveLength(1);
  }
  expect(await isMarked(page), 'the links loaded no page').toBe(true);
  asked.length = 0;
  await page.goto('/cart');
  await interactive(page);
  expect(own('cart')).toHaveLength(1);
  expect(own('orders').concat(own('staff'))).toEqual([]);
});
