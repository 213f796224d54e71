// `examples/shop` with its development provider in a browser, built by the commands that its README names.
//
// SHOP_BINARY is a build with the feature `dev`, and SHOP_SITE its front end.

import { defineConfig } from '@playwright/test';
import common from './playwright.config';

export default defineConfig({
  ...common,
  testDir: 'shop',
  globalSetup: './shop/start',
  workers: 1,
  reporter: [['list']],
  projects: [{ name: 'engine' }],
  use: { ...common.use, launchOptions: common.projects?.[0]?.use?.launchOptions },
});
