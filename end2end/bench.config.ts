// How long a page takes: `cargo xtask bench page`.
//
// The figures mean something with BFF_BINARY and BFF_SITE of a release only, and with nothing else
// running: one thing at a time here.

import { defineConfig } from '@playwright/test';
import common from './playwright.config';

export default defineConfig({
  ...common,
  testDir: 'bench',
  globalSetup: './bench/release',
  // Each load may take some seconds on a slow network.
  timeout: 5 * 60_000,
  workers: 1,
  projects: [{ name: 'chromium' }],
  fullyParallel: false,
  reporter: [['./bench/quiet.ts']],
  use: { ...common.use, navigationTimeout: 60_000, trace: 'off' },
});
