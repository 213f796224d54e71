// Every code that can go wrong, on the page that the server makes of it: it says what happened and what to do, everybody can
// read it, and there is a way on. The list is held against the words by a test of the `app` crate.

import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe';
import { INSIDE, PAGES, type Problem, problemAddress } from '../fixtures/problems';
import { expect, test } from '../fixtures/test';
import { interactive, signIn } from '../pages/application';
import { OrdersPage } from '../pages/orders';
import { ProblemPage } from '../pages/problem';

/** WCAG 2.2, 1.4.10; a usual phone; a desktop. */
const WIDTHS = [320, 390, 1280];

/** How many pixels the page is wider than the window, at its worst, whichever way one reads. */
async function excess(page: Page): Promise<number> {
  let worst = 0;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    const wider = await page.evaluate(() => {
      const root = document.documentElement;
      return ['rtl', 'ltr'].map((direction) => {
        root.dir = direction;
        return root.scrollWidth - root.clientWidth;
      });
    });
    worst = Math.max(worst, ...wider);
  }
  return worst;
}

/** Goes from the top of the page to this by the keyboard alone. */
async function reach(page: Page, wanted: ReturnType<Page['locator']>): Promise<void> {
  for (let stops = 0; stops < 12; stops += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(wanted).toBeFocused();
  await expect(wanted).toBeInViewport();
}

/** Opens the page of one code as the server makes it, examines it, and goes on from there. */
async function examine(page: Page, sessionKey: string, problem: Problem): Promise<void> {
  const response = await page.goto(problemAddress(sessionKey, problem));
  await interactive(page);
  expect(response?.status()).toBe(problem.status);

  const said = new ProblemPage(page);
  await expect(said.heading).toHaveCount(1);
  const title = await said.heading.innerText();
  await expect(page).toHaveTitle(`${title} · Leptos OIDC BFF`);
  await expect(said.status).toHaveText(`Error ${problem.status}`);
  await expect(said.happened).toHaveText(/^\w.+\.$/);
  await expect(said.advice).toHaveText(/^\w.+\.$/);
  await expect(said.reference).toHaveText(problem.reference);
  expect.soft(await violations(page), 'axe').toEqual([]);
  expect.soft(await excess(page), 'pixels wider than the window').toBeLessThanOrEqual(0);

  await reach(page, said.wayOn);
  const onwards = page.waitForResponse((answer) => answer.request().isNavigationRequest());
  await page.keyboard.press('Enter');
  expect((await onwards).status(), 'the way on').toBeLessThan(400);
  await expect(page.getByRole('heading', { name: title }), 'another page').toHaveCount(0);
}

// So many in one browser: starting one takes longer than a page.
const TOGETHER = 8;

for (let first = 0; first < PAGES.length; first += TOGETHER) {
  const problems = PAGES.slice(first, first + TOGETHER);
  const [from, to] = [problems[0]?.code, problems.at(-1)?.code];
  test(`everybody can read the pages from ${from} to ${to}, and each has a way on`, async ({
    page,
    world,
    complaints,
  }) => {
    for (const status of new Set(problems.map(({ status }) => status))) complaints.expectStatus(status);
    const sessionKey = world.secrets.find(({ kind }) => kind === 'session_key')?.value ?? '';
    for (const problem of problems) {
      await test.step(problem.code, () => examine(page, sessionKey, problem));
    }
  });
}

test('what goes wrong inside a page is said there, and the page stays', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expect(/the server responded with a status of|net::ERR_/);
  await signIn(page, 'alice', '/orders');
  const orders = new OrdersPage(page);
  await expect(orders.rows).not.toHaveCount(0);
  let examined = false;
  for (const problem of INSIDE) {
    await page.unroute('**/api/demo/**');
    await page.route('**/api/demo/**', (route) =>
      problem.status === 0 ? route.abort('connectionrefused') : route.fulfill({ status: problem.status, json: problem }),
    );
    await context.setOffline(problem.code === 'offline');
    await orders.askAgain.click();
    await expect(orders.askAgain, problem.code).not.toHaveAttribute('aria-disabled');
    await expect(orders.failure, problem.code).toHaveText(
      problem.status === 0 ? /^\w.+\.\n.+\.$/ : new RegExp(`^\\w.+\\.\n.+\\.\nReference: ${problem.reference}$`),
    );
    await expect(orders.rows, 'what came stays').not.toHaveCount(0);
    expect(await excess(page), problem.code).toBeLessThanOrEqual(0);
    // The words differ, the notice does not.
    if (!examined) expect(await violations(page), problem.code).toEqual([]);
    examined = true;
  }
});
