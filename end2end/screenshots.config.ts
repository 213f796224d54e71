// The pictures of the pages for the documentation: `cargo xtask screenshots`.
//
// They show what `cargo xtask run` shows, so BFF_BINARY has to be a build with the feature `dev`.

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
