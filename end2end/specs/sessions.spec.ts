// The list of a person's sessions: one session ends others, and the others give the reason.

import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect } from '../fixtures/test';
import { deafen, Header, interactive, listening, NAMES, signIn } from '../pages/application';
import { SignInPage } from '../pages/provider';
import { SessionsPage } from '../pages/sessions';

const FREEBSD = {
  device: 'Firefox on FreeBSD',
  userAgent: 'Mozilla/5.0 (X11; FreeBSD amd64; rv:145.0) Gecko/20100101 Firefox/145.0',
};
const WINDOWS = {
  device: 'Edge on Windows',
  userAgent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
};
// These two devices are for tests that leave a session behind, one for each such test. The other tests count the
// sessions of their own devices.
const IPHONE = {
  device: 'Firefox on iPhone',
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15',
};
const ANDROID = {
  device: 'Firefox on Android',
  userAgent: 'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0',
};

const MAC = {
  device: 'Safari on macOS',
  userAgent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
};

type SignInElsewhere = (as: { userAgent: string }) => Promise<Page>;

/** `test` in a world of its own, because "end all other sessions" must not end sessions of other test files. */
const test = inOwnWorld().extend<{ elsewhere: SignInElsewhere }>({
  // Another browser of Alice. It has JavaScript, even if the first browser has none.
  elsewhere: async ({ browser, watch, world }, use) => {
    const contexts: Awaited<ReturnType<Browser['newContext']>>[] = [];
    await use(async ({ userAgent }) => {
      const options: BrowserContextOptions = {
        baseURL: world.app,
        javaScriptEnabled: true,
        userAgent,
      };
      const context = await browser.newContext(options);
      contexts.push(context);
      await watch(context);
      const page = await context.newPage();
      await signIn(page, 'alice');
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

// The tests run one after another, because each process that runs some of them starts a world of its own.
test.describe.configure({ mode: 'default' });

/** Checks the next visit of a browser that was signed out from another browser. */
async function expectEndedElsewhere(page: Page): Promise<void> {
  const response = await page.goto('/profile?filter=email');
  expect(response?.status()).toBe(401);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'You were signed out from another device',
  );
  await expect(page).toHaveURL(/\/profile\?filter=email$/);
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
}

test.describe('with JavaScript', () => {
  test('a session ended from another browser is over, and says why at its next visit', async ({
    page,
    elsewhere,
    complaints,
  }) => {
    complaints.expectStatus(401);
    const other = await elsewhere(IPHONE);
    await signIn(page, 'alice', '/sessions');
    const sessions = new SessionsPage(page);
    await expect(sessions.thisOne).toContainText('Chrome on');
    await expect(sessions.thisOne).toContainText('This session');
    const row = sessions.on(IPHONE.device);
    await expect(row).toContainText('just now');
    await expect(row).toContainText('127.0.0.1');
    await expect(row.locator('time[datetime]')).toHaveCount(2);

    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await sessions.end(IPHONE.device);
    await expect(sessions.outcome).toHaveText('That session is signed out.');
    await expect(row).toHaveCount(0);
    await expect(sessions.heading).toBeFocused();
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    await page.reload();
    await expect(sessions.thisOne).toBeVisible();
    await expect(row).toHaveCount(0);

    await expectEndedElsewhere(other);
    await other.getByRole('link', { name: 'Sign in again' }).click();
    await expect(new Header(other).name, 'the session at the provider lives').toHaveText(
      NAMES.alice,
    );
    await expect(other).toHaveURL(/\/profile\?filter=email$/);
    await interactive(other);
  });

  test('all others are ended at once, after a second question', async ({
    page,
    elsewhere,
    complaints,
  }) => {
    complaints.expectStatus(401);
    const others = [await elsewhere(FREEBSD), await elsewhere(WINDOWS)];
    await signIn(page, 'alice', '/sessions');
    const sessions = new SessionsPage(page);
    await expect(sessions.on(FREEBSD.device)).toHaveCount(1);
    await expect(sessions.on(WINDOWS.device)).toHaveCount(1);
    await expect(sessions.confirm).toBeHidden();
    await sessions.all.click();
    await expect(sessions.question).toBeVisible();
    await expect(sessions.rows, 'the question alone ends no session').not.toHaveCount(0);

    await sessions.confirm.click();
    await expect(sessions.outcome).toHaveText('All other sessions are signed out.');
    await expect(sessions.rows).toHaveCount(0);
    await expect(sessions.none).toBeVisible();
    await expect(sessions.all).toBeHidden();
    for (const other of others) await expectEndedElsewhere(other);
    await page.reload();
    await expect(new Header(page).name, 'this session stays').toHaveText(NAMES.alice);
    await expect(sessions.none).toBeVisible();
  });

  test('a person ends a session, and then all others, with the keyboard alone', async ({
    page,
    elsewhere,
    complaints,
  }) => {
    complaints.expectStatus(401);
    const other = await elsewhere(FREEBSD);
    await elsewhere(WINDOWS);
    await signIn(page, 'alice', '/sessions');
    const sessions = new SessionsPage(page);
    await sessions.on(FREEBSD.device).locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(sessions.on(FREEBSD.device).getByRole('button', { name: 'Yes, sign it out' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(sessions.on(FREEBSD.device)).toHaveCount(0);
    await expect(sessions.heading).toBeFocused();
    const summary = page.locator('.end-others summary');
    const isReached = () => summary.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 20 && !(await isReached()); presses += 1) {
      await page.keyboard.press('Tab');
    }
    await expect(summary).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(sessions.confirm).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(sessions.none).toBeVisible();
    await expect(sessions.heading).toBeFocused();
    await expectEndedElsewhere(other);
  });

  test('a page whose session was ended without telling the page says so when it asks', async ({
    page,
    elsewhere,
    complaints,
  }) => {
    complaints.expectStatus(401);
    const other = await elsewhere(FREEBSD);
    await deafen(other);
    await signIn(page, 'alice', '/sessions');
    await other.goto('/sessions');
    await interactive(other);
    await new SessionsPage(page).end(FREEBSD.device);
    await expect(new SessionsPage(page).on(FREEBSD.device)).toHaveCount(0);

    await new SessionsPage(other).endRow(new SessionsPage(other).rows.first());
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(
      'You were signed out from another device',
    );
    await expect(new SessionsPage(other).thisOne).toHaveCount(0);
    await expect(new Header(other).signIn).toBeVisible();
    await page.reload();
    await expect(new Header(page).name, 'the ended session could end no other').toHaveText(NAMES.alice);
  });

  test('a session that cannot be ended stays on the page, with advice', async ({
    page,
    elsewhere,
    complaints,
  }) => {
    complaints.expectStatus(503);
    await elsewhere(ANDROID);
    await signIn(page, 'alice', '/sessions');
    const sessions = new SessionsPage(page);
    for (const [answer, words] of [
      [{ json: { refusal: 'unavailable' } }, 'Not signed out:'],
      [{ status: 503, json: { status: 503, code: 'session_store_unavailable' } }, 'Nobody knows'],
    ] as const) {
      await page.route('**/_fn/end_session', (route) => route.fulfill(answer));
      await sessions.end(ANDROID.device);
      await expect(page.getByRole('alert')).toContainText(words);
      await expect(sessions.on(ANDROID.device)).toHaveCount(1);
      await sessions.on(ANDROID.device).getByRole('button', { name: 'Cancel' }).click();
      await expect(sessions.on(ANDROID.device).locator('summary')).toBeFocused();
      await page.unroute('**/_fn/end_session');
    }
    await page.route('**/_fn/end_session', (route) =>
      route.fulfill({ json: { refusal: 'not_found' } }),
    );
    await sessions.end(ANDROID.device);
    await expect(sessions.outcome).toHaveText('That session had already ended.');
    await expect(sessions.on(ANDROID.device)).toHaveCount(0);
  });

  test('a session that begins or ends elsewhere changes the list by itself, within a second', async ({
    page,
    elsewhere,
  }) => {
    await signIn(page, 'alice', '/sessions');
    const sessions = new SessionsPage(page);
    await listening(page);
    const before = await sessions.rows.count();
    const other = await elsewhere(MAC);
    await expect(sessions.on(MAC.device)).toHaveCount(1, { timeout: 1_000 });
    await expect(sessions.rows).toHaveCount(before + 1);
    await expect(sessions.on(MAC.device)).toContainText('unless it is used');
    // The focus is in the row that goes.
    await sessions.on(MAC.device).locator('summary').focus();
    await new Header(other).signOut.click();
    await expect(sessions.on(MAC.device)).toHaveCount(0, { timeout: 2_000 });
    await expect(sessions.heading).toBeFocused();
  });

  test('a list that follows other sessions does not keep this one from ending', async ({ page, elsewhere }) => {
    const asked: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/_fn/list_sessions')) asked.push(request.headers()['x-unattended']);
    });
    await signIn(page, 'alice', '/sessions');
    await listening(page);
    await elsewhere(MAC);
    await expect(new SessionsPage(page).on(MAC.device)).toHaveCount(1);
    expect(new Set(asked)).toEqual(new Set(['1']));
  });

  test('the list has a placeholder while it loads, and says if it cannot be loaded', async ({ page }) => {
    await signIn(page, 'alice');
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/_fn/list_sessions', async (route) => {
      await released;
      await route.fulfill({ json: { refusal: 'unavailable' } });
    });
    await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).click();
    await expect(page.locator('.skeleton:visible')).toHaveCount(2);
    await expect(page.getByRole('heading', { name: 'Where you are signed in' })).toBeFocused();
    release();
    await expect(page.getByRole('alert')).toContainText('cannot be listed just now');
    await expect(page.locator('.skeleton:visible')).toHaveCount(0);
    await page.unroute('**/_fn/list_sessions');
    await page.getByRole('link', { name: 'Try again' }).click();
    await expect(new SessionsPage(page).thisOne).toBeVisible();
    await interactive(page);
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a person ends one session, and then all others', async ({ page, elsewhere, complaints }) => {
    complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
    complaints.expectStatus(401);
    const [first, second] = [await elsewhere(FREEBSD), await elsewhere(WINDOWS)];
    await page.goto('/sessions');
    await new SignInPage(page).signIn('alice');
    const sessions = new SessionsPage(page);
    await expect(sessions.on(FREEBSD.device), 'the list comes with the page').toHaveCount(1);
    await sessions.end(FREEBSD.device);
    await expect(page).toHaveURL(/\/sessions\?ended=one$/);
    await expect(sessions.outcome).toHaveText('That session is signed out.');
    await expect(sessions.on(FREEBSD.device)).toHaveCount(0);
    await expectEndedElsewhere(first);

    await expect(sessions.confirm).toBeHidden();
    await sessions.all.click();
    await sessions.confirm.click();
    await expect(page).toHaveURL(/\/sessions\?ended=others$/);
    await expect(sessions.none).toBeVisible();
    await expectEndedElsewhere(second);
  });
});
