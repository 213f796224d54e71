// Makes the picture that other sites show of a link to the demonstration, and its icon on a home screen.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keep } from './palette';
import { signIn, test } from './screens';

const STYLE = join(import.meta.dirname, '..', '..', 'style');

test.describe('the picture of a link', () => {
  // The size that Open Graph's readers expect.
  test.use({ viewport: { width: 1200, height: 630 }, colorScheme: 'light' });

  test('the home page of a person who is signed in', async ({ page, browser }) => {
    await signIn(page, 'Alice Lindqvist');
    await page.goto('/');
    await page.getByText('held until').waitFor();
    await page.evaluate(() => document.fonts.ready);
    await keep(browser, await page.screenshot({ animations: 'disabled' }), join(STYLE, 'card.png'));
  });
});

test.describe('the icon of a home screen', () => {
  test.use({ viewport: { width: 180, height: 180 }, colorScheme: 'light' });

  test('the icon of the tab, with room around it', async ({ page, browser }) => {
    const icon = readFileSync(join(STYLE, 'favicon.svg'), 'utf8');
    await page.setContent(`<!doctype html><style>
      body { margin: 0; background: #f6f4ee; }
      svg { display: block; width: 124px; height: 124px; margin: 28px; }
    </style>${icon}`);
    await keep(browser, await page.screenshot({ animations: 'disabled' }), join(STYLE, 'touch-icon.png'));
  });
});
