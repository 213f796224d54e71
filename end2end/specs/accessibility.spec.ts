// Accessibility: axe finds nothing on any page, the keyboard reaches everything, the focus is visible, and no page is
// wider than the smallest phone.

import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe';
import { expect, test } from '../fixtures/test';
import { interactive, listening, signIn } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';

/** WCAG 2.2, 1.4.10: a page does not scroll sideways at a width of 320 pixels. */
const PHONE = { width: 320, height: 740 };
const DESKTOP = { width: 1280, height: 800 };

/** The sessions of one person, as the server lists them: this one, one with long values, and one without values. */
const SESSIONS = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', '192.0.2.7'],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36',
    '2001:db8:85a3:1234:5678:8a2e:370:7334',
  ],
  ['', null],
].map(([user_agent, address], index) => ({
  name: `session-${index}`,
  current: index === 0,
  signed_in_at: '2026-11-22T04:48:47Z',
  last_seen: '2026-11-23T04:48:47Z',
  last_seen_ago: index * 7200,
  expires_in: 28_800,
  idle_expires_in: 1_800,
  user_agent,
  address,
}));

/** Examines the page in its present state, in both sizes and both themes. Leaves the window in the phone's size. */
async function examine(page: Page): Promise<void> {
  await interactive(page);
  const where = new URL(page.url()).pathname;
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport);
    expect.soft(await violations(page), `axe at ${where}, ${viewport.width} pixels wide`).toEqual([]);
    const excess = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(excess, `pixels wider than the screen of ${viewport.width} at ${where}`).toBeLessThanOrEqual(0);
  }
}

test.describe('in both themes, on a phone and a desktop', () => {
  test.use({ viewport: PHONE });

  test('every page signed out is accessible', async ({ page, complaints }) => {
    complaints.expectStatus(400);
    complaints.expectStatus(404);
    for (const path of ['/', '/signed-out', '/signed-out?provider=none', '/sign-in-failed', '/no-such-page']) {
      await page.goto(path);
      await examine(page);
    }
  });

  // Bob has few claims, no role, and an email address that is not confirmed. The tests below use people with more.
  test('every page of a person with few claims is accessible', async ({ page, complaints }) => {
    complaints.expectStatus(403);
    complaints.expectStatus(404);
    await signIn(page, 'bob');
    for (const path of ['/', '/profile', '/flow', '/admin', '/orders', '/no-such-page', '/signed-out']) {
      await page.goto(path);
      await examine(page);
    }
    await page.goto('/sessions?ended=one');
    await examine(page);
  });

  test('the notes and the page after a sign-in beside the page are accessible', async ({ page }) => {
    await signIn(page, 'bob');
    // The page would close itself.
    await page.addInitScript(() => Object.assign(window, { close: () => {} }));
    for (const path of ['/notes?done=too_long', '/notes/erase', '/signed-in']) {
      await page.goto(path);
      await examine(page);
    }
  });

  test('a long list of sessions is accessible', async ({ page }) => {
    await signIn(page, 'bob');
    await page.route('**/_fn/list_sessions', (route) =>
      route.fulfill({ json: { done: { sessions: SESSIONS, others: 60, page: 1, pages: 2 } } }),
    );
    await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).click();
    await page.getByText('Sign out all other sessions').click();
    await examine(page);
  });

  test('every page of a person with a role and many claims is accessible', async ({ page }) => {
    await signIn(page, 'alice', '/admin');
    await examine(page);
    await page.goto('/admin/sessions?ended=one');
    await page.getByText(/^End /).first().click();
    await examine(page);
    await page.goto('/notes/erase?erased=all');
    await examine(page);
    await page.goto('/orders');
    await page.getByRole('button', { name: 'Start the stream' }).click();
    await examine(page);
    await page.goto('/profile?filter=email&reread=unavailable');
    await examine(page);
  });

  test('the notice of a session that has ended is accessible', async ({ page }) => {
    await signIn(page, 'alice');
    await page.route('**/auth/session', (route) =>
      route.fulfill({ json: { status: 'ended', reason: 'refresh_interrupted' } }),
    );
    await page.clock.install();
    for (const path of ['/', '/sessions', '/orders']) {
      await page.goto(path);
      await interactive(page);
      await listening(page);
      await page.clock.fastForward(31 * 60_000);
      await expect(page.getByText('Your session could not be renewed')).toBeVisible();
      await examine(page);
    }
  });

  test('the notice of a session that is about to end, or cannot be read, is accessible', async ({ page }) => {
    await signIn(page, 'alice');
    const state = await page.evaluate(async () => (await fetch('/auth/session')).json());
    await page.route('**/auth/events', (route) => route.fulfill({ status: 204 }));
    await page.clock.install();
    for (const [said, words] of [
      [{ ...state, status: 'expiring', idle_expires_in: 100 }, 'Are you still there?'],
      [{ ...state, status: 'expiring', expires_in: 100 }, 'nearly at its limit'],
      [{ status: 'degraded' }, 'cannot be reached'],
    ] as const) {
      await page.route('**/auth/session', (route) => route.fulfill({ json: said }));
      await page.goto('/notes');
      await interactive(page);
      await page.clock.fastForward(29 * 60_000);
      await expect(page.locator('.session-notice')).toContainText(words);
      await examine(page);
      await page.unroute('**/auth/session');
    }
  });

  test('a page with values longer than the screen is accessible', async ({ page }) => {
    await page.goto('/profile');
    await new SignInPage(page).signIn('mallory');
    await examine(page);
  });
});

/** The text of the element that has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
}

test('the keyboard goes through the header of the page in reading order, and the focus is visible', async ({
  page,
}) => {
  await signIn(page, 'alice');
  await page.goto('/profile');
  await interactive(page);
  const pages = ['Profile', 'Notes', 'Sessions', 'API call', 'Access'];
  for (const stop of ['Skip to content', 'Leptos OIDC BFF', ...pages, 'Sign out']) {
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(stop);
    const element = page.locator(':focus');
    await expect(element).toBeInViewport();
    const outline = await element.evaluate((focused) => {
      const style = getComputedStyle(focused);
      return style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth);
    });
    expect(outline, `the outline of ${stop}`).toBeGreaterThanOrEqual(2);
  }
  await page.keyboard.press('Enter');
  await expect(new SignOutPage(page).heading).toBeVisible();
});

test('the skip link leads past the head of the page', async ({ page }) => {
  await signIn(page, 'alice');
  await page.goto('/profile');
  await interactive(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  const isInMain = await page.evaluate(
    () => document.querySelector('main')?.contains(document.activeElement) ?? false,
  );
  expect(isInMain).toBe(true);
});

test('everything on the profile works from the keyboard', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, 'alice');
  await page.getByLabel('Filter claims').focus();
  await page.keyboard.type('email_verified');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toContain('email_verified');
  await page.keyboard.press('Enter');
  await expect(page.getByText('email_verified copied.')).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('true');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Read my claims again');
  await page.keyboard.press('Space');
  await expect(page.locator('.reread-outcome')).toContainText('Read again');
  expect(await focused(page)).toBe('Read my claims again');
});

test('a navigation inside the browser moves the focus to the heading', async ({ page }) => {
  await signIn(page, 'alice');
  await page.getByRole('banner').getByRole('link', { name: 'Leptos OIDC BFF' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(/^Welcome/);
});

/** The parts that a screen reader watches for changes. */
const LIVE = '[role="status"], [role="alert"], [aria-live]';

test('a page has at most two live regions', async ({ page, complaints }) => {
  complaints.expectStatus(400);
  complaints.expectStatus(404);
  await page.goto('/sign-in-failed');
  await interactive(page);
  expect(await page.locator(LIVE).count(), '/sign-in-failed').toBeLessThanOrEqual(2);
  await signIn(page, 'alice');
  await page.addInitScript(() => Object.assign(window, { close: () => {} }));
  for (const path of ['/', '/profile', '/admin', '/admin/sessions', '/notes/erase', '/signed-in', '/signed-out', '/no-such-page']) {
    await page.goto(path);
    await interactive(page);
    expect.soft(await page.locator(LIVE).count(), path).toBeLessThanOrEqual(2);
  }
});

/** WCAG 2.2, 2.5.5. Links within a sentence are exempt. */
const TARGET = 44;

test('on a phone, each link and button has room for a finger', async ({ page, complaints }) => {
  complaints.expectStatus(404);
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'alice');
  await page.addInitScript(() => Object.assign(window, { close: () => {} }));
  for (const path of ['/', '/profile', '/signed-in', '/signed-out', '/no-such-page']) {
    await page.goto(path);
    await interactive(page);
    const small = await page.evaluate((least) => {
      const targets = [...document.querySelectorAll<HTMLElement>('a[href], button, summary, input:not([type="hidden"])')];
      return targets
        .filter((target) => target.checkVisibility() && getComputedStyle(target).display !== 'inline')
        .filter((target) => !target.classList.contains('skip-link'))
        .filter((target) => target.getBoundingClientRect().height < least)
        .map((target) => `${target.textContent?.trim()} (${target.getBoundingClientRect().height})`);
    }, TARGET);
    expect.soft(small, path).toEqual([]);
  }
});

test('the header has at most two rows at every width, and at 200 % zoom', async ({ page }) => {
  await signIn(page, 'alice');
  const rows = () =>
    page.evaluate(() => {
      const parts = [...document.querySelectorAll('.brand, .site-nav a, .account > *')].filter((part) =>
        part.checkVisibility(),
      );
      const middles = parts.map((part) => {
        const { top, height } = part.getBoundingClientRect();
        return top + height / 2;
      });
      const sorted = middles.sort((one, other) => one - other);
      return sorted.filter((middle, index) => index === 0 || middle - sorted[index - 1]! > 12).length;
    });
  for (const width of [320, 360, 390, 480, 640, 768, 900, 1024, 1280, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await rows(), `${width} pixels wide`).toBeLessThanOrEqual(2);
  }
  // With text alone at 200 %, a window has half of its usual room.
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  for (const width of [768, 1024, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await rows(), `${width} pixels wide, with text at 200 %`).toBeLessThanOrEqual(2);
  }
});

test.describe('with the colours of the system', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });

  test('drawings have the colour of the text around them', async ({ page }) => {
    await signIn(page, 'alice');
    for (const path of ['/', '/sessions']) {
      await page.goto(path);
      await interactive(page);
      const own = await page.evaluate(() =>
        [...document.querySelectorAll('svg *')].flatMap((shape) => {
          const { fill, stroke, color } = getComputedStyle(shape);
          const around = getComputedStyle(shape.closest('svg')!.parentElement!).color;
          const used = [fill, stroke].filter((paint) => paint !== 'none');
          return [color, ...used].every((paint) => paint === around) ? [] : [shape.outerHTML.slice(0, 80)];
        }),
      );
      expect(own, path).toEqual([]);
    }
  });
});
