// The page with notes, as a person uses it.

import type { Locator, Page } from '@playwright/test';

export class NotesPage {
  readonly text: Locator;
  readonly add: Locator;
  readonly rows: Locator;
  readonly said: Locator;

  constructor(page: Page) {
    this.text = page.getByLabel('A new note');
    this.add = page.getByRole('button', { name: 'Add the note' });
    this.rows = page.locator('.note:visible');
    this.said = page.locator('.outcome');
  }

  row(text: string) {
    return this.rows.filter({ hasText: text });
  }

  async write(text: string): Promise<void> {
    await this.text.fill(text);
    await this.add.click();
  }
}
