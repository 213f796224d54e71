// Every page escapes the text of its fields, with and without scripts.

import { expect } from '../fixtures/test';
import { inOwnWorld } from '../fixtures/own-world';
import { interactive } from '../pages/application';
import { SignInPage } from '../pages/provider';

/** Text that would end any element or attribute around it, and begin an element that no page has. */
const HOSTILE =
  `--></title></textarea></script></style></noscript></template>'"><x-hostile x-hostile="1">&lt;b&gt;&amp;`;
const WORDS = ['filter', 'done', 'reread', 'ended', 'provider', 'problem', 'erased', 'return_to'];
const PAGES = [
  '/',
  '/profile',
  '/flow',
  '/sessions',
  '/notes',
  '/notes/erase',
  '/orders',
  '/signed-out',
  '/sign-in-failed',
  '/unknown',
];

const own = inOwnWorld();

// The tests run one after another, because each process that runs some of them starts a world of its own.
own.describe.configure({ mode: 'default' });

for (const javaScriptEnabled of [true, false]) {
  own.describe(`${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    own.use({ javaScriptEnabled });

    own('hdr_12 no page takes the text of a field for markup', async ({ page, complaints }) => {
      if (!javaScriptEnabled) complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
      complaints.expectStatus(400);
      complaints.expectStatus(404);
      await page.goto('/notes');
      await new SignInPage(page).signIn('mallory');
      await expect(page).toHaveURL(/\/notes$/);
      if (javaScriptEnabled) await interactive(page);
      await page.getByLabel('A new note').fill(HOSTILE);
      await page.getByRole('button', { name: 'Add the note' }).click();
      await expect(page.locator('.outcome')).toHaveText('Saved.');

      const query = new URLSearchParams(WORDS.map((word) => [word, HOSTILE]));
      for (const path of PAGES) {
        await page.goto(`${path}?${query}`);
        if (javaScriptEnabled) await interactive(page);
        const markup = page.locator('x-hostile, [x-hostile]');
        await expect(markup, `elements or attributes at ${path}`).toHaveCount(0);
      }
      await page.goto('/notes');
      if (javaScriptEnabled) await interactive(page);
      await expect(page.locator('.note-text').first()).toHaveText(HOSTILE);
      await page.locator('.note summary').first().click();
      await expect(page.getByLabel('Text of the note').first()).toHaveValue(HOSTILE);
    });
  });
}
