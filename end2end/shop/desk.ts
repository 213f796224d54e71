// The control desk of the development provider, as a developer uses it in a window beside the application.

import { type BrowserContext, expect, type Page } from '@playwright/test';

/** The desk in an open window. Each method returns when the desk has confirmed what it did. */
export class Desk {
  private constructor(private readonly page: Page) {}

  static async open(context: BrowserContext, issuer: string): Promise<Desk> {
    const page = await context.newPage();
    await page.goto(issuer);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Control desk');
    return new Desk(page);
  }

  async signOutEverywhere(person: string): Promise<void> {
    const said = `${person} is signed out everywhere, and the application was told.`;
    // The name of the person is a block of its own, so that a space stands before the colon.
    await this.#press(new RegExp(`^Sign out everywhere ?: ${person}$`), said);
  }

  async giveRole(person: string, role: string): Promise<void> {
    await this.page.getByLabel(`Another role for ${person}`).fill(role);
    await this.#press(`Give ${person} this role`, `${person} has one more role.`);
  }

  async takeRole(person: string, role: string): Promise<void> {
    await this.#press(`Take away ${role} from ${person}`, `${person} has one role less.`);
  }

  async endTokens(person: string): Promise<void> {
    await this.#press(`End refresh tokens of ${person}`, `The refresh tokens of ${person} are not good any more.`);
  }

  async rotateKey(): Promise<void> {
    await this.#press('Rotate the signing key', 'Another key signs now.');
  }

  async stopAnswering(): Promise<void> {
    await this.#press('Stop answering for 30 seconds', 'The provider does not answer the application now.');
  }

  async answerAgain(): Promise<void> {
    await this.#press('Answer again', 'The provider answers the application again.');
  }

  async #press(button: string | RegExp, said: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
    await expect(this.page.getByRole('status')).toHaveText(said);
  }
}
