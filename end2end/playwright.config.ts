// CHROMIUM names the browser, CHROMIUM_HEADLESS_SHELL the same engine without a window, BFF_BINARY the application,
// BFF_SITE its front end, and REDIS_SERVER the Redis server. The defaults are Playwright's own browser, the development
// build, and the PATH. The outcomes are written to the file REPORT, for docs/conformance.md. TRACE=on keeps a trace of
// each action of a failed test; it makes the tests slower by a quarter.

import { defineConfig, devices } from '@playwright/test';

const isRoot = process.getuid?.() === 0;
const report = process.env.REPORT;
const browser = process.env.CHROMIUM;

/** These tests need more than the engine: restored tabs, the cookie settings, and windows. */
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
    // Chromium does not start as root with its sandbox.
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
  // A test that passes only sometimes has a defect, or the application has one.
  retries: 0,
  // One more than a small machine has cores, because each test waits for a part of its time.
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
  // A test takes half the time in the engine without a window.
  projects: [
    {
      name: 'engine',
      testIgnore: WHOLE_BROWSER,
      use: { launchOptions: { ...launchOptions, executablePath: process.env.CHROMIUM_HEADLESS_SHELL ?? browser } },
    },
    { name: 'whole browser', testMatch: WHOLE_BROWSER },
  ],
});
