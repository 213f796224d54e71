// Another site cannot make a signed-in browser act for it.

import { expect, test } from '../fixtures/test';
import { otherSite } from '../fixtures/other-site';
import { Header, NAMES, signIn } from '../pages/application';
import type { Page } from '@playwright/test';

/** Opens a page of another origin in a new tab of the signed-in person. */
const open = test.extend<{ open: (html: string, host: string) => Promise<Page> }>({
  open: async ({ context, complaints }, use) => {
    const ends: (() => Promise<void>)[] = [];
    await use(async (html, host) => {
      const { port, end } = await otherSite(html);
      ends.push(end);
      complaints.admit(`http://${host}:${port}`);
      const page = await context.newPage();
      await page.goto(`http://${host}:${port}/`);
      return page;
    });
    for (const end of ends) await end();
  },
});

// `localhost` at another port is another origin of the same site. The browser sends even strict cookies, and only
// `Sec-Fetch-Site` shows the difference (CSRF-02).
for (const [relation, host] of [
  ['cross-site', '127.0.0.1'],
  ['same-site', 'localhost'],
] as const) {
  open(`lo_01 csrf_03 a ${relation} form signs nobody out`, async ({
    page,
    world,
    open,
    complaints,
  }) => {
    complaints.expectStatus(403);
    await signIn(page, 'alice');
    const other = await open(
      `<form method="post" action="${world.app}/auth/logout"><button>Win</button></form>`,
      host,
    );
    await other.getByRole('button').click();
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(
      'This request came from another site',
    );
    await expectSignedIn(page);
  });

  open(`csrf_07 a ${relation} image signs nobody out`, async ({
    page,
    world,
    open,
    complaints,
  }) => {
    complaints.expect(/\/auth\/logout/);
    await signIn(page, 'alice');
    const other = await open(`<img src="${world.app}/auth/logout" alt="">`, host);
    await other.waitForLoadState('load');
    await expectSignedIn(page);
  });

  open(`csrf_08 a ${relation} script reads nothing`, async ({ page, world, open, complaints }) => {
    await signIn(page, 'alice');
    const other = await open('', host);
    complaints.expect(/\/(auth\/session|profile|_fn\/reread_claims)/);
    for (const [path, method] of [
      ['/auth/session', 'GET'],
      ['/profile', 'GET'],
      ['/_fn/reread_claims', 'POST'],
    ]) {
      const read = await other.evaluate(
        ([url, method]) =>
          fetch(url, { method, credentials: 'include' }).then(
            (response) => response.text(),
            () => 'refused',
          ),
        [`${world.app}${path}`, method] as [string, string],
      );
      expect(read, path).toBe('refused');
    }
    await expectSignedIn(page);
  });

  open(`hdr_02 a ${relation} page cannot frame a page of ours`, async ({
    page,
    world,
    open,
    complaints,
  }) => {
    complaints.expect(/frame-ancestors/);
    complaints.expect(/^failed: .*: net::ERR_BLOCKED_BY_RESPONSE/);
    await signIn(page, 'alice');
    const other = await open(`<iframe src="${world.app}/"></iframe>`, host);
    await expect(other.frameLocator('iframe').getByText(NAMES.alice)).toHaveCount(0);
  });
}

async function expectSignedIn(page: Page): Promise<void> {
  await page.goto('/profile');
  await expect(new Header(page).name).toHaveText(NAMES.alice);
}
