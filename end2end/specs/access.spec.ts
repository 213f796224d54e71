// The access rules of pages.

import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, signIn } from '../pages/application';

test('a person with the role opens the page that asks for it', async ({ page }) => {
  await signIn(page, 'alice');
  await page.getByRole('navigation').getByRole('link', { name: 'Access' }).click();
  await expect(page).toHaveURL(/\/admin$/);
  await expect(page.getByRole('heading', { name: 'Access rules' })).toBeFocused();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Access rules' })).toBeVisible();
});

test('the table of rules says what each asks for, and who may', async ({ page }) => {
  await signIn(page, 'alice', '/admin');
  const row = (name: string) =>
    page
      .getByRole('table', { name: 'The rules of this application' })
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  const cells = (name: string) => row(name).getByRole('cell').allInnerTexts();
  expect(await cells('/admin')).toEqual([
    'the role admin',
    expect.stringMatching(/ may$/),
    expect.stringMatching(/ may not: has no role admin$/),
    expect.stringMatching(/ signs in first$/),
  ]);
  expect(await cells('/notes/erase')).toEqual([
    'an authentication of the last 5 minutes',
    ...Array(2).fill(expect.stringMatching(/ confirms first who it is$/)),
    expect.stringMatching(/ signs in first$/),
  ]);
  expect(await cells('/')).toEqual(['nothing', ...Array(3).fill(expect.stringMatching(/ may$/))]);
});

test('a person without the role gets a page that says so, with 403', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(403);
  await signIn(page, 'bob');
  await expect(page.getByRole('link', { name: 'Access' })).toHaveCount(0);
  const response = await page.goto('/admin');
  expect(response?.status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Your account may not open this page',
  );
  await expect(page.getByText('Access rules')).toHaveCount(0);
  await expect(page.locator('.reference code')).not.toBeEmpty();
  await expect(new Header(page).name).toHaveText(NAMES.bob);
  await interactive(page);
});

test('a path that is no page is 404 for everybody, signed in or not', async ({ page, complaints }) => {
  complaints.expectStatus(404);
  const missing = page.getByRole('heading', { name: 'There is no such page' });
  expect((await page.goto('/no-such-page'))?.status()).toBe(404);
  await expect(missing).toBeVisible();
  await expect(new Header(page).signIn).toBeVisible();
  await interactive(page);

  await signIn(page, 'bob');
  expect((await page.goto('/no-such-page'))?.status()).toBe(404);
  await expect(missing).toBeVisible();
  await expect(new Header(page).name).toHaveText(NAMES.bob);
  await interactive(page);
  await page.getByRole('main').getByRole('link', { name: 'Home page' }).click();
  await expect(page.getByText(`You are signed in as ${NAMES.bob}`)).toBeVisible();
});

test('red_06 a script without a session is told 401 and where to sign in', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(401);
  await page.goto('/');
  await interactive(page);
  const answer = await page.evaluate(async () => {
    const response = await fetch('/_fn/reread_claims', { method: 'POST' });
    return { status: response.status, body: await response.json() };
  });
  expect(answer).toMatchObject({ status: 401, body: { login: '/auth/login' } });
});
