// The page that is shown if another page cannot be, as a person uses it.

import type { Locator, Page } from '@playwright/test';

export class ProblemPage {
  readonly heading: Locator;
  readonly status: Locator;
  readonly happened: Locator;
  readonly advice: Locator;
  readonly reference: Locator;
  /** The main button. */
  readonly wayOn: Locator;

  constructor(page: Page) {
    const main = page.getByRole('main');
    this.heading = page.getByRole('heading', { level: 1 });
    this.status = main.locator('.problem-status');
    this.happened = main.locator('.lead');
    this.advice = main.locator('.problem > p:not([class])').last();
    this.reference = main.locator('.reference code');
    this.wayOn = main.locator('.actions').getByRole('link').first();
  }
}
