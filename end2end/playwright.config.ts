// CHROMIUM names the browser, CHROMIUM_HEADLESS_SHELL the same engine without its window, BFF_BINARY the application,
// BFF_SITE its front end, REDIS_SERVER the Redis. Without them: Playwright's own browser, the development build, and the
// PATH. REPORT is the file that the outcomes are written to, for docs/conformance.md. TRACE=on keeps what a failed
// test showed, action by action; that costs a quarter of the time.

import { defineConfig, devices } from '@playwright/test';

const isRoot = process.getuid?.() === 0;
const report = process.env.REPORT;
const browser = process.env.CHROMIUM;

/** These depend on what Chromium has around its engine: restored tabs, a choice of cookies, windows. */
const WHOLE_BROWSER = /(cookies|cross-site|restored|sign-in)\.spec\.ts$/;

const launchOptions = {
  executablePath: browser,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Chromium's sandbox refuses to work for root.
    ...(isRoot ? ['--no-sandbox'] : []),
  ],
};

export default defineConfig({
  testDir: 'specs',
  globalSetup: './world/global-setup',
  globalTimeout: 15 * 60_000,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  // A test that passes only sometimes is a defect, of the application or its own.
  retries: 0,
  // One more than the cores of a small machine: each test waits for a part of its time.
  workers: 3,
  forbidOnly: true,
  reporter: [['list'], ...(report ? [['json', { outputFile: report }] as const] : [])],
  use: {
    ...devices['Desktop Chrome'],
    trace: process.env.TRACE === 'on' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    launchOptions,
  },
  // The engine alone does a test in half the time.
  projects: [
    {
      name: 'engine',
      testIgnore: WHOLE_BROWSER,
      use: { launchOptions: { ...launchOptions, executablePath: process.env.CHROMIUM_HEADLESS_SHELL ?? browser } },
    },
    { name: 'whole browser', testMatch: WHOLE_BROWSER },
  ],
});
