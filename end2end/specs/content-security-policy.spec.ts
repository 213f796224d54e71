// A real browser enforces the content security policy (HDR-01 to HDR-04).

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, ProfilePage, signIn } from '../pages/application';

const POLICY = 'content-security-policy';

/** Changes the profile page on its way to the browser. */
async function alter(
  page: Page,
  change: (answer: { html: string; policy: string }) => { html: string; policy: string },
): Promise<void> {
  await page.route('**/profile', async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const changed = change({ html: await response.text(), policy: headers[POLICY] ?? '' });
    await route.fulfill({
      response,
      body: changed.html,
      headers: { ...headers, [POLICY]: changed.policy },
    });
  });
}

test('hdr_01 each page has a nonce of its own, on all of its scripts', async ({ page }) => {
  await signIn(page, 'alice');
  const nonces = new Set<string>();
  for (const path of ['/', '/profile', '/profile']) {
    const response = await page.goto(path);
    const policy = (await response?.allHeaders())?.[POLICY] ?? '';
    const nonce = /'nonce-([^']{22,})'/.exec(policy)?.[1] ?? 'none';
    nonces.add(nonce);
    const scripts = (await response?.text())?.match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|\*/);
    await interactive(page);
  }
  expect(nonces.size).toBe(3);
});

test('hdr_01 an injected script does not run', async ({ page, complaints }) => {
  complaints.expect(/Content Security Policy directive/);
  await signIn(page, 'alice');
  await alter(page, ({ html, policy }) => ({
    html: html.replace(
      '</main>',
      `<script>window.ran = "inline"</script>
       <script nonce="guessed">window.ran = "nonce"</script>
       <img src="data:," alt="" onerror="window.ran = 'handler'">
       <a id="url" href="javascript:window.ran = 'url'">x</a></main>`,
    ),
    policy,
  }));
  await page.reload();
  await page.locator('#url').click();
  await expect(new Header(page).name).toHaveText(NAMES.alice);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});

test('hdr_01 the WASM runs by the leave of the policy only, and the page reads without', async ({
  page,
  complaints,
}) => {
  complaints.expect(/The page stays without its script|unsafe-eval|WebAssembly/);
  await signIn(page, 'alice');
  await alter(page, ({ html, policy }) => ({
    html,
    policy: policy.replace("'wasm-unsafe-eval'", ''),
  }));
  const told = page.waitForEvent('console', {
    predicate: (message) => message.text().startsWith('The page stays without its script'),
  });
  await page.reload();
  await told;
  const profile = new ProfilePage(page);
  await expect(profile.claim('email')).toContainText('alice@example.com');
  await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  await profile.rereadClaims.click();
  await expect(page).toHaveURL(/\/profile\?reread=done$/);
});

test('hdr_04 a script of ours reaches no other origin', async ({ page, world, complaints }) => {
  complaints.expect(/connect-src|Refused to connect|\/jwks/);
  await page.goto('/');
  await interactive(page);
  const answer = await page.evaluate(
    (url) =>
      fetch(url, { mode: 'no-cors' }).then(
        () => 'answered',
        () => 'refused',
      ),
    `${world.issuer}/jwks`,
  );
  expect(answer).toBe('refused');
});

test('text cannot become code', async ({ page, complaints }) => {
  complaints.expect(/unsafe-eval/);
  await page.goto('/');
  await interactive(page);
  const outcome = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.blockedURI));
        setTimeout('window.ran = true', 0);
      }),
  );
  expect(outcome).toBe('eval');
});
