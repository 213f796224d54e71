// The benchmark of a page: `cargo xtask bench page`.
//
// The figures only mean something if BFF_BINARY and BFF_SITE are a release build and nothing else runs on the machine.
// So there is one worker here.

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
