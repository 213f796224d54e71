// The provider's pages, as a person uses them.

import { expect, type Locator, type Page } from '@playwright/test';

export const PASSWORD = 'correct horse battery staple';

/** The page that asks for username and password. */
export class SignInPage {
  readonly heading: Locator;
  readonly complaint: Locator;

  constructor(private readonly page: Page) {
    this.heading = page.getByRole('heading', { name: 'Sign in at the provider' });
    this.complaint = page.getByRole('alert');
  }

  async signIn(username: string, password = PASSWORD): Promise<void> {
    await expect(this.heading).toBeVisible();
    await this.page.getByLabel('Username').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async cancel(): Promise<void> {
    await this.page.getByRole('button', { name: 'Cancel' }).click();
  }
}

/** The page that asks whether the session at the provider should end too. */
export class SignOutPage {
  readonly heading: Locator;

  constructor(private readonly page: Page) {
    this.heading = page.getByRole('heading', { name: 'Sign out at the provider?' });
  }

  async confirm(): Promise<void> {
    await this.page.getByRole('button', { name: 'Yes, sign out' }).click();
  }

  async decline(): Promise<void> {
    await this.page.getByRole('button', { name: 'No, stay signed in' }).click();
  }
}
