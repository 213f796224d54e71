// The tests in `browsers`, in the engine that ENGINE names: chromium, firefox or webkit. CHROMIUM, FIREFOX,
// WEBKIT_DRIVER, XVFB and OPENSSL name programs that are not in the PATH. playwright.config.ts lists the other
// variables.

import { defineConfig } from '@playwright/test';
import { ENGINE } from './engines';

export default defineConfig({
  testDir: 'browsers',
  globalTimeout: 10 * 60_000,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  retries: 0,
  workers: 2,
  forbidOnly: true,
  reporter: [['list']],
  projects: [{ name: ENGINE }],
});
