// Takes screenshots of all error pages, and puts them on one sheet, each with its code.

import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { INSIDE, PAGES, type Problem, problemAddress } from '../fixtures/problems';
import { OrdersPage } from '../pages/orders';
import { keep } from './palette';
import { FOLDER, heading, SCREENS, signIn, test, THEMES } from './screens';

/** The scale of the pages on the sheet, and the number of columns. */
const SCALE = 0.75;
const COLUMNS = { desktop: 3, phone: 6 };

/** The pictures, each with its codes: some codes have the same words and so the same picture. */
class Pictures {
  readonly #codes = new Map<string, string[]>();

  add({ code }: Problem, png: Buffer): void {
    const source = `data:image/png;base64,${png.toString('base64')}`;
    this.#codes.set(source, [...(this.#codes.get(source) ?? []), code]);
  }

  /** A document with all pictures in rows. It loads nothing. */
  sheet(columns: number, isDark: boolean): string {
    const [ground, ink] = isDark ? ['#0d1214', '#e9ebe6'] : ['#ece8de', '#1a2426'];
    const figures = [...this.#codes].map(
      ([source, codes]) => `<figure><figcaption>${codes.join('<br>')}</figcaption><img src="${source}"></figure>`,
    );
    return `<!doctype html><style>
      body { display: inline-grid; grid-template-columns: repeat(${columns}, auto); gap: 24px 16px; margin: 0;
        padding: 24px; background: ${ground}; color: ${ink}; font: 13px/1.4 monospace; }
      figure { margin: 0; }
      img { display: block; margin-top: 6px; }
    </style>${figures.join('')}`;
  }
}

for (const screen of ['desktop', 'phone'] as const) {
  const options = SCREENS[screen];
  for (const colorScheme of THEMES) {
    test.describe(`${screen}, ${colorScheme}`, () => {
      test.use({ ...options, colorScheme, deviceScaleFactor: SCALE });

      /** A picture of the page down to its last line. On a desktop, without the header and the empty right half. */
      async function taken(page: Page): Promise<Buffer> {
        const { x, y, width, height } = await page.locator('.problem').evaluate((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return { x, y, width, height };
        });
        const isPhone = screen === 'phone';
        const clip = isPhone
          ? { x: 0, y: 0, width: options.viewport.width, height: y + height }
          : { x: x - 32, y, width: width + 64, height };
        return page.screenshot({ clip, fullPage: true, animations: 'disabled' });
      }

      test('every error page', async ({ page, browser }) => {
        test.setTimeout(180_000);
        const pictures = new Pictures();
        for (const problem of PAGES) {
          await page.goto(problemAddress(process.env.END2END_SESSION_KEY ?? '', problem));
          await heading(page).waitFor();
          pictures.add(problem, await taken(page));
        }
        await signIn(page, 'Alice Lindqvist');
        await page.goto('/orders');
        const orders = new OrdersPage(page);
        await orders.rows.first().waitFor();
        for (const problem of INSIDE) {
          await page.unroute('**/api/demo/**');
          await page.route('**/api/demo/**', (route) =>
            problem.status === 0 ? route.abort() : route.fulfill({ status: problem.status, json: problem }),
          );
          await page.context().setOffline(problem.code === 'offline');
          await orders.askAgain.click();
          await page.getByText('Asked through the relay.').waitFor();
          pictures.add(problem, await orders.failure.screenshot({ animations: 'disabled' }));
        }
        const window = await browser.newPage({ viewport: { width: 2400, height: 800 }, deviceScaleFactor: 1 });
        await window.setContent(pictures.sheet(COLUMNS[screen], colorScheme === 'dark'));
        const sheet = await window.locator('body').screenshot();
        await window.close();
        await keep(browser, sheet, join(FOLDER, `problems-${screen}-${colorScheme}.png`));
      });
    });
  }
}
