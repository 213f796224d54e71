// An open page shows each change of its session at once: by other tabs, other browsers, the network and the store.

import type { BrowserContext, Page, Request } from '@playwright/test';
import { inOwnWorld } from '../fixtures/own-world';
import { expect, test } from '../fixtures/test';
import { Header, interactive, listening, NAMES, ProfilePage, signIn } from '../pages/application';
import { SessionsPage } from '../pages/sessions';

// The tests run one after another, because each process that runs some of them starts a world of its own.
test.describe.configure({ mode: 'default' });

/** The time in which a page has to show a change from elsewhere, in milliseconds. */
const AT_ONCE = { timeout: 1_000 };

const notice = (page: Page) => page.locator('.session-notice');
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

async function openTab(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await interactive(page);
  return page;
}

/** The tabs with an open stream of events. */
class Streams {
  readonly #open = new Set<Request>();

  constructor(context: BrowserContext) {
    const isStream = (request: Request) => new URL(request.url()).pathname === '/auth/events';
    context.on('request', (request) => isStream(request) && this.#open.add(request));
    context.on('requestfinished', (request) => this.#open.delete(request));
    context.on('requestfailed', (request) => this.#open.delete(request));
  }

  get pages(): Page[] {
    return [...this.#open].map((request) => request.frame().page()).filter((page) => !page.isClosed());
  }
}

test('of three tabs one listens, and when it is closed another one does', async ({ page, context }) => {
  const streams = new Streams(context);
  await signIn(page, 'alice');
  const others = [await openTab(context, '/sessions'), await openTab(context, '/')];
  await expect.poll(() => streams.pages).toEqual([page]);
  await page.close();
  await expect.poll(() => streams.pages.length).toBe(1);
  expect(others).toContain(streams.pages[0]);
});

for (const leaves of ['the tab that listens', 'another tab'] as const) {
  test(`signing out in ${leaves} changes all tabs at once`, async ({ page, context }) => {
    await signIn(page, 'alice');
    const sessions = await openTab(context, '/sessions');
    const home = await openTab(context, '/');
    await expect(new Header(home).name).toHaveText(NAMES.alice);
    const left = leaves === 'another tab' ? sessions : page;
    const staying = [page, sessions, home].filter((tab) => tab !== left);
    await new Header(left).signOut.click();
    for (const tab of staying) {
      await expect(new Header(tab).signIn).toBeVisible(AT_ONCE);
      await expect(tab.getByText(NAMES.alice)).toHaveCount(0);
    }
  });
}

test('signing in in one tab changes all tabs', async ({ page, context }) => {
  await page.goto('/');
  await interactive(page);
  const other = await openTab(context, '/signed-out');
  await expect(new Header(page).signIn).toBeVisible();
  const third = await context.newPage();
  await signIn(third, 'bob');
  await expect(new Header(page).name).toHaveText(NAMES.bob, AT_ONCE);
  await expect(new Header(other).name).toHaveText(NAMES.bob, AT_ONCE);
  await expect(heading(other)).toHaveText('You are signed in');
});

test('a tab that shows one person does not become the page of another', async ({ page, context }) => {
  await signIn(page, 'alice', '/profile');
  const other = await openTab(context, '/');
  await context.clearCookies();
  await signIn(other, 'bob', '/profile');
  await expect(new Header(page).name).toHaveText(NAMES.bob);
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
  await expect(new ProfilePage(page).claim('email')).toContainText('bob@example.com');
});

test('claims that change in one tab change in the other', async ({ page, context }) => {
  await signIn(page, 'alice');
  const other = await openTab(context, '/profile');
  const [here, there] = [new ProfilePage(page), new ProfilePage(other)];
  const before = (await there.claim('nickname').textContent()) ?? '';
  await here.rereadClaims.click();
  await expect(here.claim('nickname')).not.toHaveText(before);
  await expect(there.claim('nickname')).toHaveText((await here.claim('nickname').textContent()) ?? '', AT_ONCE);
});

const own = inOwnWorld();

own('a session ended from a second browser is over here within a second', async ({
  page,
  browser,
  watch,
  world,
}) => {
  await signIn(page, 'alice');
  const second = await browser.newContext({ baseURL: world.app });
  await watch(second);
  const there = await second.newPage();
  await signIn(there, 'alice', '/sessions');
  await new SessionsPage(there).endRow(new SessionsPage(there).rows);
  await expect(new SessionsPage(there).none).toBeVisible();
  await expect(heading(page)).toHaveText('You were signed out from another device', AT_ONCE);
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
  await second.close();
});

test('a lost network is no sign-out, and the page says that the server cannot be reached', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED/);
  await signIn(page, 'alice');
  const other = await openTab(context, '/');
  await context.setOffline(true);
  for (const tab of [page, other]) {
    await expect(notice(tab)).toContainText('The server cannot be reached');
    await expect(new Header(tab).name).toHaveText(NAMES.alice);
  }
  await expect(new ProfilePage(page).claim('email')).toBeVisible();
  await context.setOffline(false);
  for (const tab of [page, other]) {
    await expect(notice(tab)).toHaveCount(0);
    await expect(new Header(tab).name).toHaveText(NAMES.alice);
  }
});

test('without a stream of events the server is asked every now and then', async ({ page, context, complaints }) => {
  complaints.expect(/auth\/events/);
  await page.route('**/auth/events', (route) => route.fulfill({ status: 502 }));
  await signIn(page, 'alice');
  await page.clock.install();
  await page.reload();
  await interactive(page);
  await context.clearCookies();
  await page.clock.runFor(40_000);
  await expect(new Header(page).signIn).toBeVisible();
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
});

own('while Redis is away the page stays as it was, and says so', async ({ page, ownWorld: { redis }, complaints }) => {
  complaints.expectStatus(503);
  await signIn(page, 'bob');
  await redis.kill();
  await expect(notice(page)).toContainText('You are not signed out');
  await expect(new Header(page).name).toHaveText(NAMES.bob);
  await notice(page).getByRole('button', { name: 'Try now' }).click();
  await redis.start();
  await expect(notice(page)).toHaveCount(0, { timeout: 20_000 });
  await expect(new Header(page).name).toHaveText(NAMES.bob);
});

const short = inOwnWorld({ BFF_SESSION_IDLE: '12s' });

short('every tab warns before the sign-out, and one click keeps the session', async ({ page, context }) => {
  await signIn(page, 'alice');
  const other = await openTab(context, '/sessions');
  for (const tab of [page, other]) {
    await expect(notice(tab)).toContainText('Are you still there?', { timeout: 15_000 });
  }
  await notice(other).getByRole('button', { name: 'Stay signed in' }).click();
  for (const tab of [page, other]) await expect(notice(tab)).toHaveCount(0, AT_ONCE);
  await expect(new Header(page).name).toHaveText(NAMES.alice);
});

const limited = inOwnWorld({ BFF_SESSION_IDLE: '20s', BFF_SESSION_ABSOLUTE: '20s' });

limited('a session at its limit is renewed beside the page, which goes on', async ({ page, context }) => {
  await signIn(page, 'alice');
  await expect(notice(page)).toContainText('nearly at its limit', { timeout: 15_000 });
  const beside = context.waitForEvent('page');
  await notice(page).getByRole('link', { name: 'Sign in again' }).click();
  await beside;
  await expect(notice(page)).toHaveCount(0);
  await expect(new Header(page).name).toHaveText(NAMES.alice);
  await expect(page).toHaveURL(/\/profile$/);
});

/** Makes streams of events that can die unnoticed: the browser still reports them as open. */
function dieUnnoticed(): void {
  const Source = window.EventSource;
  Object.assign(window, { opened: 0 });
  window.EventSource = class extends Source {
    constructor(...parameters: ConstructorParameters<typeof Source>) {
      super(...parameters);
      const { opened } = window as unknown as { opened: number };
      Object.assign(window, { opened: opened + 1, source: this });
      for (const name of ['state', 'quiet', 'ended']) {
        this.addEventListener(name, (event) => 'isDead' in window && event.stopImmediatePropagation());
      }
    }
  };
}

const opened = (page: Page) => page.evaluate(() => (window as unknown as { opened: number }).opened);

test('a stream that dies unnoticed is replaced, and a sign-out that it did not report is found', async ({
  page,
  context,
}) => {
  await page.addInitScript(dieUnnoticed);
  await page.clock.install();
  await signIn(page, 'alice');
  await listening(page);
  await page.evaluate(() => Object.assign(window, { isDead: true }));
  await page.clock.runFor(40_000);
  expect(await opened(page), 'the server may be silent for so long').toBe(1);
  await page.clock.runFor(15_000);
  await expect.poll(() => opened(page)).toBe(2);
  await expect(new Header(page).name).toHaveText(NAMES.alice);
  await context.clearCookies();
  await page.clock.runFor(55_000);
  await expect(new Header(page).signIn).toBeVisible();
  await expect(page.getByText(NAMES.alice)).toHaveCount(0);
});

test('a stream without changes sends a sign of life in time, and is not replaced', async ({ page }) => {
  await page.addInitScript(dieUnnoticed);
  await page.clock.install();
  await signIn(page, 'alice');
  await listening(page);
  for (let rounds = 0; rounds < 4; rounds += 1) {
    await page.clock.runFor(30_000);
    // The server sends this event every 20 seconds.
    await page.evaluate(() => (window as unknown as { source: EventTarget }).source.dispatchEvent(new MessageEvent('quiet', { data: '-' })));
  }
  expect(await opened(page)).toBe(1);
});

for (const lost of ['stream', 'message of the other tab'] as const) {
  test(`a sign-out in another tab gives the reason, also if the ${lost} did not arrive in time`, async ({
    page,
    context,
  }) => {
    // Engines close a page, its stream and its channel in different orders.
    await page.addInitScript((lost) => {
      if (lost === 'stream') Object.assign(window, { EventSource: undefined });
      const listener = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, 'onmessage');
      if (lost === 'stream' || !listener?.set) return;
      Object.defineProperty(BroadcastChannel.prototype, 'onmessage', {
        set(this: BroadcastChannel, heard: (event: MessageEvent) => void) {
          listener.set?.call(this, (event: MessageEvent) => `${event.data}`.startsWith('{') || heard(event));
        },
      });
    }, lost);
    const other = await context.newPage();
    await signIn(other, 'alice');
    await page.goto('/profile');
    await interactive(page);
    await new Header(other).signOut.click();
    // When this tab asks the server next, the cookie is gone.
    await expect.poll(async () => (await context.cookies(page.url())).some(({ name }) => name === '__Host-Http-session')).toBe(false);
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(heading(page)).toHaveText('You signed out');
    await expect(page.getByText(NAMES.alice)).toHaveCount(0);
  });
}
