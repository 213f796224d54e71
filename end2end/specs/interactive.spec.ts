// Functions of a hydrated page. None of them loads a page.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { Header, interactive, listening, ProfilePage, signIn } from '../pages/application';

/** The number of seconds in a text such as `29 min 59 s`. */
function seconds(words: string): number {
  const [, minutes, rest] = /^(?:(\d+) min )?(\d+) s$/.exec(words) ?? [];
  return Number(minutes ?? 0) * 60 + Number(rest);
}

/** Opens the profile with a clock that stops shortly after the load. A test moves the clock. */
async function openOnStoppedClock(page: Page): Promise<void> {
  await signIn(page, 'alice');
  await page.clock.install();
  await page.reload();
  await interactive(page);
  await listening(page);
  await page.clock.pauseAt(Date.now() + 10_000);
}

/**
 * Lets time pass in the page. No time passes at the server, so the event `quiet`, which the server sends regularly, is
 * sent here. Without it, the page would ask the server, and the answer would reset the remaining time.
 */
async function pass(page: Page, minutes: number): Promise<void> {
  for (let halves = 0; halves < 2 * minutes; halves += 1) {
    await page.clock.runFor(30_000);
    await page.evaluate(() => (window as { stream?: EventSource }).stream?.dispatchEvent(new Event('quiet')));
  }
}

test('the claims are filtered with each key', async ({ page }) => {
  await signIn(page, 'alice');
  const profile = new ProfilePage(page);
  const all = await profile.rows.count();
  await profile.filter.pressSequentially('EMail');
  await expect(profile.rows).toHaveCount(2);
  await expect(profile.count).toHaveText(`2 of ${all} claims`);
  await profile.filter.press('Enter');
  await expect(page, 'the form is not sent').toHaveURL(/\/profile$/);
  await profile.filter.fill('no claim has this');
  await expect(profile.rows).toHaveCount(0);
  await expect(profile.count).toHaveText('No claim matches.');
  await profile.filter.fill('');
  await expect(profile.rows).toHaveCount(all);
});

test('text that is typed before hydration counts', async ({ page }) => {
  await signIn(page, 'alice');
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/*.wasm', async (route) => {
    await released;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  const profile = new ProfilePage(page);
  await profile.filter.fill('zoneinfo');
  await expect(profile.rows).not.toHaveCount(1);
  release();
  await expect(profile.rows).toHaveCount(1);
});

test('a value is copied to the clipboard', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openOnStoppedClock(page);
  const copy = new ProfilePage(page).claim('email').getByRole('button');
  await expect(copy).toHaveText('Copy email');
  await copy.click();
  await expect(copy).toHaveText('Copied email');
  await expect(page.getByText('email copied.')).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('alice@example.com');
  await page.clock.runFor(2_000);
  await expect(copy).toHaveText('Copy email');
});

test('the remaining time counts down and warns', async ({ page }) => {
  await page.addInitScript(() => {
    const Stream = EventSource;
    window.EventSource = class extends Stream {
      constructor(address: string | URL) {
        super(address);
        Object.assign(window, { stream: this });
      }
    };
  });
  await openOnStoppedClock(page);
  const remaining = new ProfilePage(page).remaining('If nothing more is asked');
  const before = seconds(await remaining.innerText());
  expect(before).toBeGreaterThan(25 * 60);
  await pass(page, 10);
  await expect.poll(async () => seconds(await remaining.innerText())).toBe(before - 600);
  await expect(page.getByText('The session ends in')).toHaveCount(0);
  await pass(page, 16);
  await expect(page.getByText('The session ends in less than five minutes.')).toBeVisible();
});

test('when the time is over, the page asks the server and removes its content', async ({
  page,
  context,
}) => {
  await openOnStoppedClock(page);
  await page.clock.runFor(20 * 60_000);
  await context.clearCookies();
  await page.clock.runFor(10 * 60_000);
  await expect(page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  await expect(new Header(page).signIn).toBeVisible();
});

test('when the time is over but another tab was active, the session goes on', async ({
  page,
}) => {
  await openOnStoppedClock(page);
  const remaining = new ProfilePage(page).remaining('If nothing more is asked');
  const asked = page.waitForResponse('**/auth/session');
  await page.clock.runFor(31 * 60_000);
  expect(await (await asked).json()).toMatchObject({ status: 'active' });
  await expect.poll(async () => seconds(await remaining.innerText())).toBeGreaterThan(20 * 60);
});

test('claims are read again in place', async ({ page }) => {
  await signIn(page, 'alice');
  const profile = new ProfilePage(page);
  const nickname = await profile.claim('nickname').textContent();
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await profile.rereadClaims.click();
  await expect(profile.claim('nickname')).not.toHaveText(nickname ?? '');
  await expect(page.locator('.reread-outcome')).not.toBeEmpty();
  await expect(profile.rereadClaims).toBeFocused();
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
});
