// The application's pages, as a person uses them.

import { expect, type Locator, type Page } from '@playwright/test';
import { SignInPage, SignOutPage } from './provider';

/** Display names of the provider's people. */
export const NAMES = { alice: 'Alice van Dam', bob: 'Bob Müller' } as const;

export type Person = keyof typeof NAMES;

/** The header of every page. */
export class Header {
  readonly name: Locator;
  readonly signIn: Locator;
  readonly signOut: Locator;

  constructor(page: Page) {
    const header = page.getByRole('banner');
    this.name = header.locator('.person-name');
    this.signIn = header.getByRole('link', { name: 'Sign in' });
    this.signOut = header.getByRole('button', { name: 'Sign out' });
  }
}

/** The page with the claims. */
export class ProfilePage {
  readonly rows: Locator;
  readonly count: Locator;
  readonly filter: Locator;
  readonly rereadClaims: Locator;

  constructor(private readonly page: Page) {
    this.rows = page.getByRole('table', { name: 'Claims about you' }).locator('tbody tr:visible');
    this.count = page.locator('.table-count');
    this.filter = page.getByLabel('Filter claims');
    this.rereadClaims = page.getByRole('button', { name: 'Read my claims again' });
  }

  claim(name: string): Locator {
    return this.rows.filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
  }

  /** The time until a limit of the session, as the page shows it. */
  remaining(limit: string): Locator {
    return this.page.locator('.limit', { hasText: limit }).locator('.limit-time');
  }
}

/** Opens the page without a session, signs in at the provider, and waits until the browser is back at the page. */
export async function signIn(page: Page, person: Person, path = '/profile'): Promise<void> {
  await page.goto(path);
  await new SignInPage(page).signIn(person);
  await expect(new Header(page).name).toHaveText(NAMES[person]);
  await interactive(page);
}

/** Signs out at the application and at the provider. */
export async function signOut(page: Page): Promise<void> {
  await new Header(page).signOut.click();
  await new SignOutPage(page).confirm();
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
}

/** Takes from the page the APIs by which it learns of its session from the server and from other tabs. */
export async function deafen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.assign(window, { EventSource: undefined, BroadcastChannel: undefined });
  });
}

/** Waits until the page is hydrated. `noticeHydration` in `fixtures/test.ts` notices that. */
export async function interactive(page: Page): Promise<void> {
  await page.waitForFunction(() => 'isInteractive' in window);
}

/**
 * Waits until the page has got the state of its session over its stream of events. From then on it does not ask for the
 * state by itself, so a test may move the clock. The page has to be the only one of its browser.
 */
export async function listening(page: Page): Promise<void> {
  await page.waitForFunction(() => 'isListening' in window);
}

/** The WASM files that the page requests from now on. */
export function wasmOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('.wasm')) asked.push(pathname);
  });
  return asked;
}
