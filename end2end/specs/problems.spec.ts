// The problem page of every code: it says what happened and what to do, it is accessible, and it has a link that leads
// on. A test of the `app` crate checks that the list of codes is complete.

import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe';
import { INSIDE, PAGES, type Problem, problemAddress } from '../fixtures/problems';
import { expect, test } from '../fixtures/test';
import { interactive, signIn } from '../pages/application';
import { OrdersPage } from '../pages/orders';
import { ProblemPage } from '../pages/problem';

/** The width of WCAG 2.2, 1.4.10, of a usual phone, and of a desktop. */
const WIDTHS = [320, 390, 1280];

/** The most pixels by which the page is wider than the window, in any width and both directions of writing. */
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

/** Moves the focus from the top of the page to this element with the keyboard alone. */
async function reach(page: Page, wanted: ReturnType<Page['locator']>): Promise<void> {
  for (let stops = 0; stops < 12; stops += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(wanted).toBeFocused();
  await expect(wanted).toBeInViewport();
}

/** Opens the server's page for one code, examines it, and follows its main link. */
async function examine(page: Page, sessionKey: string, problem: Problem): Promise<void> {
  const response = await page.goto(problemAddress(sessionKey, problem));
  await interactive(page);
  expect(response?.status()).toBe(problem.status);

  const said = new ProblemPage(page);
  await expect(said.heading).toHaveCount(1);
  const title = await said.heading.innerText();
  await expect(page).toHaveTitle(`${title} · Leptos OIDC BFF`);
  await expect(said.status).toHaveText(`${problem.status} ${problem.code}`);
  const isAfterTheWords = await said.status.evaluate((status) => {
    const place = status.compareDocumentPosition(document.querySelector('main .actions')!);
    return place === Node.DOCUMENT_POSITION_PRECEDING;
  });
  expect(isAfterTheWords, 'a person reads the words first').toBe(true);
  await expect(said.happened).toHaveText(/^\w.+\.$/);
  await expect(said.advice).toHaveText(/^\w.+\.$/);
  await expect(said.reference).toHaveText(problem.reference);
  expect.soft(await violations(page), 'axe').toEqual([]);
  expect.soft(await excess(page), 'pixels wider than the window').toBeLessThanOrEqual(0);

  await reach(page, said.wayOn);
  const onwards = page.waitForResponse((answer) => answer.request().isNavigationRequest());
  await page.keyboard.press('Enter');
  expect((await onwards).status(), 'the way on').toBeLessThan(400);
  await expect(page.getByRole('heading', { name: title }), 'the link leads to another page').toHaveCount(0);
}

// The number of codes for each browser, because starting a browser takes longer than opening a page.
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

test('a failure inside a page is shown there, and the page stays', async ({
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
    await expect(orders.rows, 'the earlier orders stay').not.toHaveCount(0);
    expect(await excess(page), problem.code).toBeLessThanOrEqual(0);
    // One check is enough: only the words differ between the codes.
    if (!examined) expect(await violations(page), problem.code).toEqual([]);
    examined = true;
  }
});
