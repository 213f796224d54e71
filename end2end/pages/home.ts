// The home page, as a person uses it.

import { expect, type Locator, type Page } from '@playwright/test';

export class HomePage {
  readonly progress: Locator;
  readonly done: Locator;
  readonly startOver: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.progress = main.locator('.tour-count');
    this.done = main.locator('.tour-done');
    this.startOver = main.getByRole('button', { name: 'Start over' });
  }

  /** A card of the tour. */
  card(title: string): Locator {
    return this.page.locator('.tour-card', { has: this.page.getByRole('heading', { name: title }) });
  }

  async ticked(title: string): Promise<void> {
    await expect(this.card(title)).toHaveClass(/tour-done/);
    await expect(this.card(title).getByRole('heading')).toHaveAccessibleName(`${title} (done)`);
  }

  /** The fact of this name about the session. */
  slot(name: string): Locator {
    return this.page.locator('.slot', { has: this.page.getByText(name, { exact: true }) }).locator('dd');
  }
}
