// CHROMIUM names the browser, BFF_BINARY the application, BFF_SITE its front end, REDIS_SERVER the
// Redis. Without them: Playwright's own browser, the development build, and the PATH. REPORT is the
// file that the outcomes are written to, for docs/conformance.md.

import { defineConfig, devices } from '@playwright/test';

const isRoot = process.getuid?.() === 0;
const report = process.env.REPORT;

export default defineConfig({
  testDir: 'specs',
  globalSetup: './world/global-setup',
  globalTimeout: 15 * 60_000,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  // A test that passes only sometimes is a defect, of the application or its own.
  retries: 0,
  workers: 2,
  forbidOnly: true,
  reporter: [['list'], ...(report ? [['json', { outputFile: report }] as const] : [])],
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM,
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
    },
  },
});
