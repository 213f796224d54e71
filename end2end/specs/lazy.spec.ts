// Pages whose code is loaded only when they are opened.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { interactive, signIn, wasmOf } from '../pages/application';

const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isMarked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in window);
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const link = (page: Page, name: string) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });

test('a page loads the first file, what most pages share and its own bundle, and those of no other page', async ({ page }) => {
  await signIn(page, 'alice');
  const asked = wasmOf(page);
  const answer = await page.goto('/');
  await interactive(page);
  expect(asked.filter((path) => /\/frontend\.[0-9a-f]+\.wasm$/.test(path))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('home_route'))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('_route') && !path.includes('home_route'))).toEqual([]);
  expect(new Set(asked).size, asked.join(' ')).toBeLessThanOrEqual(3);
  // The response names the bundles: the browser need not wait for the first file.
  const named = (await answer?.headerValues('link'))?.join(', ') ?? '';
  for (const bundle of asked.filter((path) => !path.includes('/frontend.'))) expect(named).toContain(`<${bundle}>`);
  await mark(page);
  await link(page, 'Notes').click();
  await expect(heading(page)).toHaveText('Your notes');
  expect(asked.filter((path) => path.includes('notes_route'))).toHaveLength(1);
  expect(new Set(asked).size, asked.join(' ')).toBeLessThanOrEqual(4);
  expect(await isMarked(page)).toBe(true);
});

test('a page that shows a problem instead names no bundle', async ({ page, complaints }) => {
  await signIn(page, 'bob');
  complaints.expectStatus(403);
  const asked = wasmOf(page);
  const answer = await page.goto('/admin');
  expect(answer?.status()).toBe(403);
  expect(await answer?.headerValue('link')).toBeNull();
  await interactive(page);
  expect(asked.filter((path) => !path.includes('/frontend.'))).toEqual([]);
});

test('if the code of a page does not load, links load pages', async ({ page, complaints }) => {
  await signIn(page, 'alice');
  await page.goto('/');
  await interactive(page);
  complaints.expect(/stays without its script|unreachable|panicked|load callback/);
  complaints.expect(/ERR_FAILED|Failed to fetch|failed:/);
  await page.route('**/pkg/notes_route_view_*.wasm', (route) => route.abort());
  await link(page, 'Notes').click();
  await expect(page.locator('html.without-script')).toHaveCount(1);
  await page.unroute('**/pkg/notes_route_view_*.wasm');
  await mark(page);
  await link(page, 'API call').click();
  await expect(heading(page)).toHaveText('An API call, and no token here');
  expect(await isMarked(page), 'the page was loaded').toBe(false);
  await interactive(page);
});
