// The shop's pages, as a person uses them.

import { expect, type Locator, type Page } from '@playwright/test';

export const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });

/** Signs in from the home page, as one of the people that the provider's sign-in page lists. */
export async function signIn(page: Page, person: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in to shop' }).click();
  await page.getByRole('button', { name: person }).click();
  await expect(page.getByRole('banner').getByText(person)).toBeVisible();
}
