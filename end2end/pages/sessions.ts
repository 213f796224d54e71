// The page with a person's sessions, as the person uses it.

import { expect, type Locator, type Page } from '@playwright/test';

export class SessionsPage {
  readonly thisOne: Locator;
  readonly rows: Locator;
  readonly heading: Locator;
  readonly outcome: Locator;
  readonly none: Locator;
  readonly all: Locator;
  readonly question: Locator;
  readonly confirm: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.thisOne = main.locator('.this-session');
    this.rows = main.locator('.session-rows > li');
    this.heading = main.getByRole('heading', { name: 'Other sessions' });
    this.outcome = main.locator('.outcome');
    this.none = main.getByText('Only this session');
    this.all = main.getByText('Sign out all other sessions');
    this.question = main.getByText(/^This signs out \d+ other sessions?\./);
    this.confirm = main.getByRole('button', { name: 'Yes, sign out all others' });
  }

  async open(): Promise<void> {
    await this.page.goto('/sessions');
    await expect(this.thisOne).toBeVisible();
  }

  on(device: string): Locator {
    return this.rows.filter({ has: this.page.getByRole('heading', { name: device }) });
  }

  async end(device: string): Promise<void> {
    await this.endRow(this.on(device));
  }

  /** Asks for the end of a session, and says yes. */
  async endRow(row: Locator): Promise<void> {
    await row.locator('summary').click();
    await row.getByRole('button', { name: 'Yes, sign it out' }).click();
  }
}
