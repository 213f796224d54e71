// Whatever page a person opens after the session has ended, the page gives the reason.

import type { Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect, test } from '../fixtures/test';
import { Header, interactive, listening, NAMES, signIn } from '../pages/application';

// The tests run one after another, because each process that runs some of them starts a world of its own.
test.describe.configure({ mode: 'default' });

/** Each reason in the server's answer, and the heading for it on the page. */
const REASONS = {
  idle: 'You were signed out after a while without activity',
  limit: 'You were signed out because your session was at its limit',
  signed_out: 'You signed out',
  elsewhere: 'You were signed out from another device',
  provider: 'You were signed out at the provider',
  too_many: 'You are signed in in too many places',
  administrator: 'An administrator ended your session',
  refresh_refused: 'The provider no longer renews your session',
  refresh_interrupted: 'Your session could not be renewed',
};

for (const path of ['/profile', '/sessions', '/orders', '/admin', '/']) {
  test(`${path}, open when its session ends, gives each of the reasons`, async ({ page }) => {
    await signIn(page, 'alice');
    await page.clock.install();
    for (const [reason, heading] of Object.entries(REASONS)) {
      await page.goto(path);
      await interactive(page);
      await listening(page);
      await page.route('**/auth/session', (route) =>
        route.fulfill({ json: { status: 'ended', reason } }),
      );
      await page.clock.fastForward(31 * 60_000);
      const place = path === '/' ? page.getByRole('banner') : page.getByRole('main');
      await expect(place.getByText(heading)).toBeVisible();
      await expect(new Header(page).signIn).toBeVisible();
      await expect(page.getByText(NAMES.alice)).toHaveCount(0);
      await page.unroute('**/auth/session');
    }
  });
}

const idle = inOwnWorld({ BFF_SESSION_IDLE: '5s' });

/** Waits until the profile page, left alone, says that the session has ended. */
async function outlast(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(REASONS.idle, {
    timeout: 20_000,
  });
}

idle.describe('after the idle limit', () => {
  idle('a navigation is told why, with one way back to the same page', async ({
    page,
    complaints,
  }) => {
    complaints.expectStatus(401);
    await signIn(page, 'alice');
    await outlast(page);
    const response = await page.goto('/profile?filter=email');
    expect(response?.status()).toBe(401);
    expect(await response?.headerValue('cache-control')).toBe('no-store');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(REASONS.idle);
    await expect(page.getByText(NAMES.alice)).toHaveCount(0);
    await interactive(page);
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await expect(page).toHaveURL(/\/profile\?filter=email$/);
    await expect(new Header(page).name).toHaveText(NAMES.alice);
  });

  idle('a fetch is told why, in a problem document', async ({ page, complaints }) => {
    complaints.expectStatus(401);
    await signIn(page, 'alice');
    await outlast(page);
    const answer = await page.evaluate(async () => {
      const response = await fetch('/_fn/list_sessions', { method: 'POST' });
      const type = response.headers.get('content-type');
      return { status: response.status, type, body: await response.json() };
    });
    expect(answer).toMatchObject({
      status: 401,
      type: 'application/problem+json',
      body: { code: 'session_ended_idle', login: '/auth/login' },
    });
  });

  idle('a public page has a notice that can be put away', async ({ page }) => {
    await signIn(page, 'alice');
    await outlast(page);
    expect((await page.goto('/'))?.status()).toBe(200);
    await interactive(page);
    const banner = page.getByRole('banner');
    await expect(banner).toContainText(REASONS.idle);
    await expect(new Header(page).signIn).toBeVisible();
    const told = page.waitForResponse('**/auth/dismiss');
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await expect(banner).not.toContainText(REASONS.idle);
    await expect(page.getByRole('main')).toBeFocused();
    expect((await told).status()).toBe(204);
    await page.reload();
    await expect(new Header(page).signIn).toBeVisible();
    await expect(banner).not.toContainText(REASONS.idle);
  });
});

idle.describe('after the idle limit, without JavaScript', () => {
  idle.use({ javaScriptEnabled: false });

  idle.beforeEach(async ({ context, browser, watch, world, complaints }) => {
    complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
    complaints.expectStatus(401);
    // The person signs in with scripts, and goes on without.
    const signedIn = await browser.newContext({ baseURL: world.app, javaScriptEnabled: true });
    await watch(signedIn);
    const left = await signedIn.newPage();
    await signIn(left, 'bob');
    await context.addCookies(await signedIn.cookies());
    await outlast(left);
    await signedIn.close();
  });

  idle('the reason is there, and one click that signs in again', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('banner')).toContainText(REASONS.idle);
    await page.goto('/sessions');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(REASONS.idle);
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await expect(new Header(page).name).toHaveText(NAMES.bob);
    await expect(page).toHaveURL(/\/sessions$/);
  });

  idle('the notice can be put away, and stays away', async ({ page }) => {
    await page.goto('/sessions');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(REASONS.idle);
    await page.goto('/');
    const banner = page.getByRole('banner');
    await expect(banner).toContainText(REASONS.idle);
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await expect(new Header(page).signIn).toBeVisible();
    await expect(banner).not.toContainText(REASONS.idle);
    await page.reload();
    await expect(banner).not.toContainText(REASONS.idle);
    await expect(page).toHaveURL('/');
    await page.goto('/sessions');
    await expect(new Header(page).name).toHaveText(NAMES.bob);
  });
});
