// Pages that need more than a session: a claim, or a fresh authentication.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, signIn } from '../pages/application';
import { SignInPage } from '../pages/provider';

const ERASE = '/notes/erase';

/**
 * The `max_age` of each authorization request that this page makes from now on. The requests are pushed: the page has
 * only their references, and the provider lists their parameters.
 */
function maxAges(page: Page, issuer: string): () => Promise<(string | null)[]> {
  const references: string[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    const reference = searchParams.get('request_uri');
    if (pathname === '/auth' && reference) references.push(reference);
  });
  return async () => {
    const response = await fetch(`${issuer}/pushed`);
    const pushed = (await response.json()) as Record<string, string | null>;
    return references.map((reference) => pushed[reference] ?? null);
  };
}

/** Goes to a page like a link in the application: the router shows it without a page load. */
async function navigateInside(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.querySelector('main')?.append(link);
    link.click();
  }, path);
}

test('a person whose claim is missing gets a page that says which, with 403', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(403);
  await signIn(page, 'bob');
  const links = page.getByRole('navigation').getByRole('link');
  await expect(links.filter({ hasText: 'API call' })).toHaveCount(0);
  const response = await page.goto('/orders');
  expect(response?.status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'This page needs something that is not known of you',
  );
  await expect(page.getByText('Missing: an email address that is confirmed.')).toBeVisible();
  await expect(new Header(page).name).toHaveText(NAMES.bob);
  await interactive(page);
});

test('a navigation inside the browser does not get around the missing claim', async ({ page, complaints }) => {
  complaints.expectStatus(403);
  await signIn(page, 'bob');
  await navigateInside(page, '/orders');
  await expect(page.getByText('Missing: an email address that is confirmed.')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Orders' })).toHaveCount(0);
});

test('idt_16 a page that wants a fresh authentication goes by way of the provider', async ({
  page,
  world,
}) => {
  const asked = maxAges(page, world.issuer);
  await signIn(page, 'alice');
  expect(await asked(), 'the profile asks for no max_age').toEqual([null]);
  // Without `max_age`, the provider sent no `auth_time`. With `max_age`, it sends one of a moment ago.
  await page.goto(ERASE);
  await expect(page).toHaveURL(new RegExp(`${ERASE}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase all my notes');
  expect(await asked()).toEqual([null, '300']);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase all my notes');
  expect(await asked(), 'the authentication is fresh now').toHaveLength(2);
});

test('idt_16 so does a navigation inside the browser', async ({ page, world }) => {
  const asked = maxAges(page, world.issuer);
  await signIn(page, 'alice');
  await navigateInside(page, ERASE);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase all my notes');
  expect(await asked()).toEqual([null, '300']);
  await interactive(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Profile' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(NAMES.alice);
  await navigateInside(page, ERASE);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase all my notes');
  expect(await asked(), 'the authentication is still fresh, so the router shows the page').toHaveLength(2);
});

test('a person without a session who opens the page signs in only once', async ({ page, world }) => {
  const asked = maxAges(page, world.issuer);
  await page.goto(ERASE);
  await new SignInPage(page).signIn('alice');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase all my notes');
  expect(await asked()).toEqual(['300']);
});

test('a script whose authentication is too old is told where to sign in', async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(401);
  await signIn(page, 'alice');
  const answer = await page.evaluate(async () => {
    const response = await fetch('/_fn/erase_notes', { method: 'POST' });
    return { status: response.status, body: await response.json() };
  });
  expect(answer).toMatchObject({
    status: 401,
    body: { code: 'step_up_required', login: '/auth/login?return_to=%2Fnotes%2Ferase' },
  });
  await expect(new Header(page).name, 'the session goes on').toHaveText(NAMES.alice);
  await page.goto(answer.body.login);
  await expect(page).toHaveURL(new RegExp(`${ERASE}$`));
  await page.request.post('/_fn/add_note', {
    form: { id: '', text: 'of no use' },
    headers: { 'sec-fetch-site': 'same-origin', origin: new URL(page.url()).origin },
  });
  await page.reload();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(/^[1-9]\d* notes? of Alice van Dam$/);
  await page.getByRole('main').getByRole('button', { name: /^Erase [1-9]\d* notes?$/ }).click();
  await expect(page).toHaveURL(/\?erased=all$/);
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('No notes of Alice van Dam');
});
