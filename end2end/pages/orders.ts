// The page that calls an API through the relay, as a person uses it.

import type { Locator, Page } from '@playwright/test';

export class OrdersPage {
  readonly rows: Locator;
  readonly sent: Locator;
  readonly saw: Locator;
  readonly askAgain: Locator;
  readonly failure: Locator;
  readonly stream: Locator;
  readonly ticks: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.rows = main.getByRole('table', { name: 'Orders' }).locator('tbody tr');
    this.sent = this.#card('What this page sent');
    this.saw = this.#card('What the API saw');
    this.askAgain = main.getByRole('button', { name: 'Ask the API again' });
    this.failure = main.getByRole('alert');
    this.stream = main.getByRole('button', { name: /(Start|Stop) the stream/ });
    this.ticks = main.locator('.live-count');
  }

  #card(title: string): Locator {
    return this.page.locator('.card', { has: this.page.getByRole('heading', { name: title }) });
  }

  async ticked(): Promise<number> {
    return Number((await this.ticks.innerText()).replace('Ticks: ', ''));
  }
}
