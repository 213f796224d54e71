// Tabs that the browser restores after a restart, with a real profile on disk.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Cookie, type LaunchOptions, type Page } from '@playwright/test';
import { expect, test as base } from '../fixtures/test';
import { Header, NAMES, signIn } from '../pages/application';

const test = base.extend<{ profile: string }>({
  profile: async ({}, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'bff-profile-'));
    await use(profile);
    rmSync(profile, { recursive: true, force: true });
  },
});

/** Starts a browser with this profile. Like a person's own browser, it keeps whole pages and restores its tabs. */
function start(profile: string, options: LaunchOptions, baseURL: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    ...options,
    args: [...(options.args ?? []), '--restore-last-session'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    baseURL,
  });
}

/** The tab with the profile page, which the browser restored by itself. */
async function restored(context: BrowserContext): Promise<Page> {
  const find = () => context.pages().find((page) => page.url().endsWith('/profile'));
  await expect.poll(() => find() !== undefined, { timeout: 20_000 }).toBe(true);
  return find() as Page;
}

/** Signs out with the cookies of a browser that is closed. */
async function signOutMeanwhile(app: string, cookies: Cookie[]): Promise<void> {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };
  const answer = await fetch(`${app}/auth/logout`, { method: 'POST', headers, redirect: 'manual' });
  expect(answer.status).toBe(200);
}

test('a tab that the browser restores shows who is signed in, and after a sign-out nothing of the person', async ({
  world,
  watch,
  launchOptions,
  profile,
}) => {
  const first = await start(profile, launchOptions, world.app);
  await watch(first);
  await signIn(first.pages()[0] ?? (await first.newPage()), 'alice');
  await first.close();

  const second = await start(profile, launchOptions, world.app);
  await expect(new Header(await restored(second)).name).toHaveText(NAMES.alice);
  const cookies = await second.cookies(world.app);
  await second.close();
  await signOutMeanwhile(world.app, cookies);

  const third = await start(profile, launchOptions, world.app);
  const page = await restored(third);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You signed out');
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
  await third.close();
});
