// The layout: nothing moves by itself, and pages work in both directions of writing.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { interactive, signIn } from '../pages/application';

const PAGES = ['/', '/profile', '/flow', '/notes', '/sessions', '/orders', '/notes/erase', '/signed-out'];

interface Shift {
  value: number;
  sources: { node?: Node }[];
}

/** The sum of all layout shifts since the page began to load (Core Web Vitals), and the elements that moved. */
async function shifted(page: Page): Promise<{ sum: number; moved: string[] }> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        const moved: string[] = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries() as unknown as Shift[]) {
            sum += value;
            for (const { node } of sources) moved.push((node as Element)?.outerHTML?.slice(0, 80) ?? '');
          }
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() =>
          requestAnimationFrame(() => setTimeout(() => resolve({ sum, moved }), 0)),
        );
      }),
  );
}

test('nothing moves while a page loads and becomes interactive', async ({ page }) => {
  await signIn(page, 'alice');
  for (const path of PAGES) {
    await page.goto(path);
    await interactive(page);
    await page.evaluate(() => document.fonts.ready);
    if (path === '/orders') await expect(page.getByRole('table', { name: 'Orders' })).toBeVisible();
    const { sum, moved } = await shifted(page);
    expect.soft(sum, `layout shift at ${path}: ${moved.join(', ')}`).toBeLessThan(0.1);
  }
});

for (const width of [1280, 390]) {
  test(`pages fit the screen from right to left, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await signIn(page, 'alice');
    for (const path of PAGES) {
      await page.goto(path);
      await interactive(page);
      const told = await page.evaluate(() => {
        const brand = document.querySelector('.brand')?.getBoundingClientRect();
        const before = brand?.left ?? 0;
        document.documentElement.dir = 'rtl';
        const root = document.documentElement;
        const after = document.querySelector('.brand')?.getBoundingClientRect();
        return {
          excess: root.scrollWidth - root.clientWidth,
          mirrored: Math.round((after?.right ?? 0) + before - root.clientWidth),
        };
      });
      expect.soft(told, `right to left at ${path}`).toEqual({ excess: 0, mirrored: 0 });
    }
  });
}

test.describe('with less motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing is animated', async ({ page }) => {
    await signIn(page, 'alice', '/notes');
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')].filter((element) => {
        const style = getComputedStyle(element);
        return style.animationName !== 'none' || Number.parseFloat(style.transitionDuration) > 0;
      }).map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(moving).toEqual([]);
  });
});
