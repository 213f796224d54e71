// The common parts of all screenshots: the sizes and themes, the folder, and signing in at the development provider.

import { join } from 'node:path';
import { type Page, test as base } from '@playwright/test';

export const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.END2END_APP),
});

export const SCREENS = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 768, height: 1024 }, isMobile: true },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true },
  small: { viewport: { width: 320, height: 640 }, isMobile: true },
} as const;

export const THEMES = ['light', 'dark'] as const;

export const heading = (page: Page) => page.getByRole('heading', { level: 1 });

export async function signIn(page: Page, person: string): Promise<void> {
  await page.goto('/profile');
  await page.getByRole('button', { name: person }).click();
  await heading(page).filter({ hasText: person }).waitFor();
}
