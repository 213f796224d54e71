// The page calls an API through the relay and shows the answers. tokens.spec.ts checks that the browser never has the
// token.

import type { Page, Request } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { Header, interactive, signIn } from '../pages/application';
import { OrdersPage } from '../pages/orders';
import { SignInPage } from '../pages/provider';
import { SessionsPage } from '../pages/sessions';

/** The requests to the relay. */
function relayed(page: Page): Request[] {
  const requests: Request[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/')) requests.push(request);
  });
  return requests;
}

test('the stream starts, stops, and starts again', async ({ page }) => {
  await signIn(page, 'alice', '/orders');
  const orders = new OrdersPage(page);
  await orders.stream.click();
  await expect(page.locator('.live-state')).toContainText('Connected');
  await expect.poll(() => orders.ticked()).toBeGreaterThan(2);
  await orders.askAgain.click();
  await expect(page.locator('.live-state'), 'asking again does not close the stream').toContainText(
    'Connected',
  );
  await orders.stream.click();
  await expect(page.locator('.live-state')).toHaveText('Not connected.');
  const stopped = await orders.ticked();
  await page.waitForTimeout(500);
  expect(await orders.ticked()).toBe(stopped);
  await orders.stream.click();
  await expect.poll(() => orders.ticked()).toBeGreaterThan(0);
});

test('a page that is left closes its stream', async ({ page }) => {
  await signIn(page, 'alice', '/orders');
  await new OrdersPage(page).stream.click();
  await expect.poll(() => new OrdersPage(page).ticked()).toBeGreaterThan(0);
  const closed = page.waitForEvent('requestfailed', (request) =>
    request.url().endsWith('/api/demo/events'),
  );
  await page.getByRole('navigation').getByRole('link', { name: 'Profile' }).click();
  await closed;
});

test('the stream ends with the session, and the page says why', async ({
  page,
  browser,
  watch,
  world,
  complaints,
}) => {
  // Chromium reports this error if the relay cuts the stream before the page, which hears of the end too, has closed it.
  complaints.allow(/ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const userAgent = 'Mozilla/5.0 (X11; FreeBSD amd64; rv:145.0) Gecko/20100101 Firefox/145.0';
  const context = await browser.newContext({ baseURL: world.app, userAgent });
  await watch(context);
  const other = await context.newPage();
  // No other test signs in as Mallory on FreeBSD.
  await other.goto('/orders');
  await new SignInPage(other).signIn('mallory');
  const orders = new OrdersPage(other);
  await orders.stream.click();
  await expect.poll(() => orders.ticked()).toBeGreaterThan(0);

  await page.goto('/sessions');
  await new SignInPage(page).signIn('mallory');
  const sessions = new SessionsPage(page);
  await interactive(page);
  await sessions.end('Firefox on FreeBSD');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(
    'You were signed out from another device',
  );
  await expect(orders.rows).toHaveCount(0);
  await expect(new Header(other).signIn).toBeVisible();
  await context.close();
});

test('the page says why the API gave no answer, and shows the answer when it is asked again', async ({
  page,
  context,
  complaints,
}) => {
  for (const status of [404, 502, 504]) complaints.expectStatus(status);
  complaints.expect(/ERR_INTERNET_DISCONNECTED/);
  await signIn(page, 'alice', '/orders');
  const orders = new OrdersPage(page);
  await expect(orders.rows).toHaveCount(2);
  for (const [status, code, words] of [
    [404, 'not_found', 'This API is not set up'],
    [502, 'upstream_unreachable', 'The API is not answering'],
    [504, 'upstream_timeout', 'The API took too long'],
    [200, '', 'The API\'s answer makes no sense'],
  ] as const) {
    await page.route('**/api/demo/orders', (route) =>
      route.fulfill({ status, json: { status, code, reference: 'a1b2c3' } }),
    );
    await orders.askAgain.click();
    await expect(orders.failure).toContainText(words);
    if (status !== 200) await expect(orders.failure).toContainText('a1b2c3');
    await expect(orders.rows, 'the earlier orders stay').toHaveCount(2);
    await page.unroute('**/api/demo/orders');
  }
  await context.setOffline(true);
  await orders.askAgain.click();
  await expect(orders.failure).toContainText('You are offline');
  await context.setOffline(false);
  await orders.askAgain.click();
  await expect(orders.failure).toHaveCount(0);
  await expect(page.locator('.ask-again')).toContainText('Asked through the relay.');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page says why it shows nothing, and asks nothing', async ({ page, complaints }) => {
    complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
    const calls = relayed(page);
    await page.goto('/orders');
    await new SignInPage(page).signIn('alice');
    // Playwright's search for text leaves `noscript` out.
    await expect(page.locator('noscript .notice')).toBeVisible();
    await expect(new OrdersPage(page).askAgain).toBeHidden();
    expect(calls).toEqual([]);
  });
});
