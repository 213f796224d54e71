// Pages whose code is loaded only when they are opened.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { interactive, signIn, wasmOf } from '../pages/application';

const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isMarked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in window);
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const link = (page: Page, name: string) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });

test('a page loads the first file and its own files of WASM, and those of no other page', async ({ page }) => {
  await signIn(page, 'alice');
  const asked = wasmOf(page);
  await page.goto('/');
  await interactive(page);
  expect(asked.filter((path) => /\/frontend\.[0-9a-f]+\.wasm$/.test(path))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('home_route'))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('_route') && !path.includes('home_route'))).toEqual([]);
  await mark(page);
  await link(page, 'Notes').click();
  await expect(heading(page)).toHaveText('Your notes');
  expect(asked.filter((path) => path.includes('notes_route'))).toHaveLength(1);
  expect(await isMarked(page)).toBe(true);
});

test('if the code of a page does not load, links load pages', async ({ page, complaints }) => {
  await signIn(page, 'alice');
  await page.goto('/');
  await interactive(page);
  complaints.expect(/stays without its script|unreachable|panicked|load callback/);
  complaints.expect(/ERR_FAILED|Failed to fetch|failed:/);
  await page.route('**/pkg/split_*.wasm', (route) => route.abort());
  await link(page, 'Notes').click();
  await expect(page.locator('html.without-script')).toHaveCount(1);
  await page.unroute('**/pkg/split_*.wasm');
  await mark(page);
  await link(page, 'API call').click();
  await expect(heading(page)).toHaveText('An API call, and no token here');
  expect(await isMarked(page), 'the page was loaded').toBe(false);
  await interactive(page);
});
