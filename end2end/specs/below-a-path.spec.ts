// The application below a path of its origin: pages, calls and streams stay there.

import type { Page } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect } from '../fixtures/test';
import { listening, ProfilePage, signIn, signOut } from '../pages/application';
import { OrdersPage } from '../pages/orders';
import { SignInPage } from '../pages/provider';

const test = inOwnWorld({}, '/shop');

// One world for all of them.
test.describe.configure({ mode: 'default' });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const link = (page: Page, name: string) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });
const outcome = (page: Page) => page.locator('.reread-outcome');

/** The paths of the application's origin that are asked for beside the path, from now on. */
function askedBeside(page: Page, app: string): string[] {
  const { origin, pathname } = new URL(app);
  const beside: string[] = [];
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.origin === origin && !asked.pathname.startsWith(`${pathname}/`)) beside.push(asked.pathname);
  });
  return beside;
}

test('a person signs in, goes from page to page without a page load, and signs out', async ({ page, world }) => {
  const beside = askedBeside(page, world.app);
  await signIn(page, 'alice', `${world.app}/profile`);
  await expect(page).toHaveURL(`${world.app}/profile`);
  await listening(page);
  await page.evaluate(() => Object.assign(window, { isMarked: true }));

  await new ProfilePage(page).rereadClaims.click();
  await expect(outcome(page), 'a server function, called by an ActionForm').toContainText('Read again');

  await link(page, 'Notes').click();
  await expect(heading(page)).toHaveText('Your notes');
  await expect(page).toHaveURL(`${world.app}/notes`);
  await page.getByLabel('A new note').fill('milk');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await expect(page.locator('.outcome'), 'a server function, called by ParkingClient').toHaveText('Saved.');

  await link(page, 'API call').click();
  await expect(new OrdersPage(page).rows.first(), 'an API behind the relay').toBeVisible();

  await page.getByRole('banner').getByRole('link', { name: 'Leptos OIDC BFF' }).click();
  await expect(heading(page)).toHaveText('Sign-in for Leptos, with no tokens in the browser');
  await expect(page).toHaveURL(`${world.app}/`);
  await expect(link(page, 'Notes')).not.toHaveAttribute('aria-current');
  await page.goBack();
  await expect(heading(page)).toHaveText('An API call, and no token here');
  await expect(link(page, 'API call')).toHaveAttribute('aria-current', 'page');
  // A call that is under way at the sign-out is refused, and the browser complains of it.
  await expect(new OrdersPage(page).rows.first()).toBeVisible();
  expect(await page.evaluate(() => 'isMarked' in window), 'no page was loaded meanwhile').toBe(true);

  await signOut(page);
  await expect(page).toHaveURL((url) => url.href.startsWith(`${world.app}/signed-out`));
  expect(beside).toEqual([]);
});

test('a sign-in that is started on a page comes back to it', async ({ page, world }) => {
  const beside = askedBeside(page, world.app);
  await page.goto(`${world.app}/`);
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
  await new SignInPage(page).signIn('bob');
  await expect(page).toHaveURL(`${world.app}/`);
  await link(page, 'Sessions').click();
  await expect(page).toHaveURL(`${world.app}/sessions`);
  expect(beside).toEqual([]);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('forms of server functions and links lead to pages below the path', async ({ page, world, complaints }) => {
    complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
    const beside = askedBeside(page, world.app);
    await page.goto(`${world.app}/profile`);
    await new SignInPage(page).signIn('alice');
    await new ProfilePage(page).rereadClaims.click();
    await expect(page).toHaveURL(`${world.app}/profile?reread=done`);
    await expect(outcome(page)).toContainText('Read again');
    await link(page, 'Notes').click();
    await expect(page).toHaveURL(`${world.app}/notes`);
    expect(beside).toEqual([]);
  });
});
