// The screenshots of the documentation: `cargo xtask screenshots`.
//
// They show the pages of `cargo xtask run`, so BFF_BINARY has to be a build with the feature `dev`.

import { defineConfig } from '@playwright/test';
import common from './playwright.config';

export default defineConfig({
  ...common,
  testDir: 'screenshots',
  globalSetup: './screenshots/development',
  workers: 1,
  projects: [{ name: 'chromium' }],
  use: { ...common.use, locale: 'en-GB', timezoneId: 'UTC', contextOptions: { reducedMotion: 'reduce' } },
});
