// A page whose script does not start or has stopped: it works by full loads, reports the failure once, and shows no
// data after the end of the session.

import { readFileSync } from 'node:fs';
import type { BrowserContext, Page, Request } from '@playwright/test';
import { type Alteration, test } from '../fixtures/altered';
import type { Complaints } from '../fixtures/complaints';
import { expect } from '../fixtures/test';
import { Header, interactive, NAMES, signIn, signOut } from '../pages/application';
import { SignInPage } from '../pages/provider';

/** Changes that a proxy may make to the HTML, and that stop the hydration of a page. */
const ALTERATIONS: Record<string, Alteration> = {
  'an e-mail address obfuscated': (html) =>
    html.replace(
      /(<bdi>(?:<!>)?)[^<@]+@[^<]+(?=<)/g,
      '$1<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="7a">[email&#160;protected]</a>',
    ),
  'a bar put first into the body': (html) => html.replace(/<body[^>]*>/, '$&<div id="bar">Guest network</div>'),
  'comments stripped': (html) => html.replace(/<!--[\s\S]*?-->|<!>/g, ''),
  'white space between tags, and text of white space, stripped': (html) =>
    html.replace(/>\s+</g, '><').replace(/>\s+<!>/g, '><!>').replace(/<!>\s+</g, '<!><'),
  'a wrapper around the content': (html) =>
    html.replace(/<main /, '<div class="reader"><main ').replace('</main>', '</main></div>'),
  'a script put first into the body': (html) =>
    html.replace(/<body[^>]*>/, '$&<script type="application/json">{"beacon":1}</script>'),
  'lists taken apart': (html) => html.replace(/<\/?ul[^>]*>/g, ''),
};

/** Changes to the HTML that do not matter for hydration. */
const HARMLESS: Record<string, Alteration> = {
  'attributes reordered': (html) =>
    html.replace(/<a class="([^"]*)" href="([^"]*)"/g, '<a href="$2" class="$1"'),
  'a script put last into the body': (html) =>
    html.replace('</body>', '<script type="application/json">{"beacon":1}</script></body>'),
  'a comment put before the document': (html) => `<!-- cached -->${html}`,
};

/** Marks the document. The mark is gone after a page load. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isMarked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in window);

const failed = (page: Page) => page.locator('html.without-script');

/** The heading that replaces a page whose session has ended. */
const gone = (page: Page) => page.getByRole('heading', { name: 'This page is not shown any more' });

/** The reports that the pages of this browser send. */
function reports(context: BrowserContext): string[] {
  const sent: string[] = [];
  context.on('request', (request: Request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === '/auth/page-failed') sent.push(search);
  });
  return sent;
}

/** Opens the altered profile: signs in, and waits until hydration has failed. */
async function openAltered(page: Page, complaints: Complaints): Promise<void> {
  complaints.expect(/stays without its script|unreachable|[Hh]ydration|panicked/);
  await page.goto('/profile');
  await new SignInPage(page).signIn('alice');
  await expect(failed(page)).toHaveCount(1);
}

/** Signs out in another tab. */
async function signOutBeside(context: BrowserContext): Promise<void> {
  const other = await context.newPage();
  await other.goto('/');
  await interactive(other);
  await signOut(other);
}

for (const [what, alteration] of Object.entries(ALTERATIONS)) {
  test(`hydration stopped by ${what}: links load pages, and the server is told once`, async ({
    page,
    context,
    altering,
    complaints,
    world,
  }) => {
    const sent = reports(context);
    altering.alteration = alteration;
    const before = readFileSync(world.log, 'utf8').split('page_failed').length;
    await openAltered(page, complaints);
    await expect.poll(() => sent).toEqual(['?at=hydration']);
    await expect.poll(() => readFileSync(world.log, 'utf8').split('page_failed').length).toBeGreaterThan(before);
    await mark(page);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sessions' }).click();
    await expect(page).toHaveURL(/\/sessions$/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Where you are signed in');
    expect(await isMarked(page), 'the page was loaded').toBe(false);
    await page.goBack();
    await expect(page).toHaveURL(/\/profile$/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(NAMES.alice);
  });

  test(`hydration stopped by ${what}: a sign-out elsewhere clears the page`, async ({
    page,
    context,
    altering,
    complaints,
  }) => {
    altering.alteration = alteration;
    await openAltered(page, complaints);
    altering.alteration = (html) => html;
    await signOutBeside(context);
    await expect(gone(page)).toBeVisible({ timeout: 3_000 });
    await expect(page.getByText(NAMES.alice)).toHaveCount(0);
    await expect(page, 'nobody is signed in by that').toHaveURL(/\/profile$/);
    await page.getByRole('link', { name: 'Load it again' }).click();
    await expect(new SignInPage(page).heading).toBeVisible();
  });
}

for (const [what, alteration] of Object.entries(HARMLESS)) {
  test(`a page with ${what} hydrates`, async ({ page, altering }) => {
    altering.alteration = alteration;
    await signIn(page, 'alice');
    await mark(page);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sessions' }).click();
    await expect(page).toHaveTitle(/^Sessions/);
    expect(await isMarked(page)).toBe(true);
  });
}

test('a page that failed shows nothing to the next person of the same browser', async ({
  page,
  context,
  altering,
  complaints,
}) => {
  altering.alteration = ALTERATIONS['comments stripped'] as Alteration;
  await openAltered(page, complaints);
  altering.alteration = (html) => html;
  await context.clearCookies();
  const other = await context.newPage();
  await signIn(other, 'bob');
  await expect(gone(page)).toBeVisible();
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
  await page.getByRole('link', { name: 'Load it again' }).click();
  await expect(new Header(page).name).toHaveText(NAMES.bob);
});

test('a page that failed and cannot ask whether its session goes on is cleared when its time is over', async ({
  page,
  context,
  altering,
  complaints,
}) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED/);
  altering.alteration = ALTERATIONS['comments stripped'] as Alteration;
  await page.clock.install();
  await openAltered(page, complaints);
  await expect(page.getByText(NAMES.alice).first()).toBeVisible();
  await context.setOffline(true);
  await page.clock.runFor(60_000);
  await expect(page.getByText(NAMES.alice).first()).toBeVisible();
  await page.clock.fastForward(31 * 60_000);
  await expect(gone(page)).toBeVisible();
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
});

/**
 * Delivers a message of another tab during the call that sends a message. The WASM then borrows a `RefCell` twice and
 * panics.
 */
function provokePanic(): void {
  const speak = BroadcastChannel.prototype.postMessage;
  BroadcastChannel.prototype.postMessage = function (this: BroadcastChannel, message: unknown) {
    if ('panics' in window) this.onmessage?.(new MessageEvent('message', { data: 'ask' }));
    return speak.call(this, message);
  };
}

/** Makes `performance.now` throw, so that an exception passes through the WASM. */
function provokeException(): void {
  const now = performance.now.bind(performance);
  performance.now = () => {
    if ('panics' in window) throw new RangeError('provoked');
    return now();
  };
}

/** Stops the WASM of the leading tab: the tab asks the server and passes the answer on, which provokes the failure. */
async function stop(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, { panics: true });
    window.dispatchEvent(new Event('online'));
  });
  await expect(failed(page)).toHaveCount(1);
}

for (const [what, provoke] of Object.entries({ 'a panic': provokePanic, 'an exception': provokeException })) {
  test(`${what} in an open page: full loads from then on, told once, and the end of the session clears the page`, async ({
    page,
    context,
    complaints,
  }) => {
    complaints.expect(/stays without its script|already borrowed|unreachable|panicked|provoked/);
    const sent = reports(context);
    await page.addInitScript(provoke);
    await signIn(page, 'alice', '/notes');
    await page.getByLabel('A new note').fill('half a thought');
    await stop(page);
    await expect.poll(() => sent).toEqual(['?at=later']);
    await expect(page.getByLabel('A new note'), 'the draft is still there').toHaveValue('half a thought');
    // The browser sends the form itself now, by a full load.
    await mark(page);
    const note = `by a full load, ${Math.random()}`;
    await page.getByLabel('A new note').fill(note);
    await page.getByRole('button', { name: 'Add the note' }).click();
    await expect(page.locator('.note:visible').filter({ hasText: note })).toHaveCount(1);
    expect(await isMarked(page), 'the page was loaded').toBe(false);

    await interactive(page);
    await stop(page);
    await signOutBeside(context);
    await expect(gone(page)).toBeVisible({ timeout: 3_000 });
    await expect(page.getByText(note)).toHaveCount(0);
  });
}

test('a tab whose WASM has stopped leaves the lead to another one, which hears of the sign-out', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expect(/stays without its script|already borrowed|unreachable|panicked|provoked/);
  await page.addInitScript(provokeException);
  await signIn(page, 'alice');
  const second = await context.newPage();
  await second.goto('/sessions');
  await interactive(second);
  const stream = context.waitForEvent('request', (request) => new URL(request.url()).pathname === '/auth/events');
  await stop(page);
  await stream;
  await expect
    .poll(() => second.evaluate(async () => (await navigator.locks.query()).held?.length))
    .toBe(1);
  await expect.poll(() => second.evaluate(async () => (await navigator.locks.query()).pending?.length)).toBe(0);
});

test('without WebAssembly each page reads, its forms work, and /orders says what is missing', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expect(/stays without its script/);
  const sent = reports(context);
  await page.addInitScript(() => Object.defineProperty(window, 'WebAssembly', { value: undefined }));
  await page.goto('/orders');
  await new SignInPage(page).signIn('alice');
  await expect(failed(page)).toHaveCount(1);
  expect(sent).toEqual(['?at=start']);
  await expect(page.getByText('it did not start or has stopped')).toBeVisible();
  await expect(page.locator('.skeleton')).toBeHidden();
  await page.goto('/notes');
  await expect(page.getByText('it did not start')).toHaveCount(0);
  const note = `without WebAssembly, ${Math.random()}`;
  await page.getByLabel('A new note').fill(note);
  await page.getByRole('button', { name: 'Add the note' }).click();
  await expect(page.locator('.note').filter({ hasText: note })).toHaveCount(1);
});

test('a sign-out on a page that failed deletes the draft', async ({ page, complaints }) => {
  complaints.expect(/stays without its script|provoked/);
  await page.addInitScript(provokeException);
  await signIn(page, 'bob', '/notes');
  await page.getByLabel('A new note').fill('a secret');
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).toContain('a secret');
  await stop(page);
  await page.route('**/auth/logout', (route) => route.fulfill({ status: 204 }));
  await new Header(page).signOut.click({ noWaitAfter: true });
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage)).catch(() => '')).not.toContain('a secret');
});
