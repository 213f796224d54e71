// An administrator finds the sessions of a person, and ends them. The other browser says so by itself.

import type { Browser, Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect } from '../fixtures/test';
import { interactive, listening, signIn } from '../pages/application';

/** `test` in a world of its own, because the list has the sessions of everybody. */
const test = inOwnWorld().extend<{ bob: Page }>({
  // Another browser, in which Bob is signed in.
  bob: async ({ browser, watch, world }, use) => {
    const context: Awaited<ReturnType<Browser['newContext']>> = await browser.newContext({
      baseURL: world.app,
    });
    await watch(context);
    const page = await context.newPage();
    await signIn(page, 'bob');
    await use(page);
    await context.close();
  },
});

// The tests run one after another, because each process that runs some of them starts a world of its own.
test.describe.configure({ mode: 'default' });

const ENDED = 'An administrator ended your session';

/** Opens the list from the page of the rules, as Alice, who has the role. */
async function openList(page: Page): Promise<void> {
  await signIn(page, 'alice', '/admin');
  await page.getByRole('link', { name: 'who is signed in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who is signed in');
  await interactive(page);
}

test('a session that an administrator ends is over, and its page says so by itself', async ({
  page,
  bob,
}) => {
  await listening(bob);
  await openList(page);
  const others = page.locator('.session-rows > li').filter({ hasNot: page.locator('.badge') });
  await expect(others).toHaveCount(1);

  await others.locator('summary').click();
  await page.getByRole('button', { name: 'Cancel' }).first().click();
  await expect(others.locator('details')).not.toHaveAttribute('open');
  await others.locator('summary').click();
  await others.getByRole('button', { name: 'Yes, end it' }).click();
  await expect(page.locator('.outcome')).toHaveText('That session is ended.');
  await expect(others).toHaveCount(0);
  await expect(bob.getByText(ENDED)).toBeVisible();
});

test('the sessions of a person are found by the subject, and end together', async ({
  page,
  bob,
  complaints,
}) => {
  complaints.expectStatus(401);
  await openList(page);
  const rows = page.locator('.session-rows > li');
  const ofBob = rows.filter({ hasNot: page.locator('.badge') }).first();
  const subject = await ofBob.getByRole('heading').innerText();

  await page.getByLabel('Subject of the person').fill(subject);
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page).toHaveURL(/\?subject=/);
  await interactive(page);
  await expect(rows).toHaveCount(1);
  await page.getByText('End all sessions of this person').click();
  await page.getByRole('button', { name: 'Yes, end all of them' }).click();
  await expect(page.locator('.outcome')).toHaveText('All sessions of that person are ended.');
  await bob.reload();
  await expect(bob.getByText(ENDED)).toBeVisible();
});

test('a person without the role gets a page that says so', async ({ bob, complaints }) => {
  complaints.expectStatus(403);
  const response = await bob.goto('/admin/sessions');
  expect(response?.status()).toBe(403);
  await expect(bob.getByRole('heading', { level: 1 })).toHaveText(
    'Your account may not open this page',
  );
});
