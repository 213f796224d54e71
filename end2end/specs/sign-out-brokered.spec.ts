// A sign-out at a provider behind other providers. After the form of our page, redirects lead over three origins.
// Chromium applies the page's `form-action` to redirects after a form too.

import { expect, test as base } from '../fixtures/test';
import { type Brokers, twoBrokers } from '../fixtures/brokers';
import { Header, signIn, signOut } from '../pages/application';
import { SignInPage, SignOutPage } from '../pages/provider';
import { startWorld, type World } from '../world/world';

const test = base.extend<object, { brokered: World & { brokers: Brokers } }>({
  brokered: [
    async ({}, use) => {
      const brokers = await twoBrokers();
      const endpoint = `${brokers.origins[0]}/end`;
      const world = await startWorld({ BFF_END_SESSION_ENDPOINT: endpoint });
      brokers.leadTo(`${world.issuer}/session/end`);
      await use({ ...world, brokers });
      await world.end();
      await brokers.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  world: [async ({ brokered }, use) => use(brokered), { scope: 'worker' }],
});

test.beforeEach(({ brokered, complaints }) => {
  brokered.brokers.origins.forEach((origin) => complaints.admit(origin));
});

test('lo_05 hdr_03 a brokered sign-out goes over three origins and comes back', async ({
  page,
  brokered,
}) => {
  await signIn(page, 'alice');
  const policy = (await page.reload())?.headers()['content-security-policy'] ?? '';
  const [, forms = ''] = /form-action ([^;]*)/.exec(policy) ?? [];
  expect(forms, 'the policy names no origin that only a redirect leads to').not.toContain(
    brokered.brokers.origins[1],
  );
  brokered.brokers.asked.length = 0;
  await signOut(page);
  const [{ url, referer } = { url: '', referer: '' }] = brokered.brokers.asked;
  expect(referer, 'the provider does not learn the page').toBeUndefined();
  const query = new URL(url, 'http://x').searchParams;
  expect(query.get('client_id')).toBe('end2end');
  expect(query.get('id_token_hint')).not.toBeNull();

  // The page that led to the provider is not in the history: one step back is the last page of the provider, and two
  // steps back is our page.
  await page.evaluate(() => history.go(-2));
  await expect(new SignInPage(page).heading).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('lo_05 hdr_03 a brokered sign-out works without JavaScript too', async ({
    page,
    complaints,
  }) => {
    complaints.expect(/^failed: .*\/pkg\/(frontend|lazy)\.[0-9a-f]+\.js: csp$/);
    await page.goto('/profile');
    await new SignInPage(page).signIn('bob');
    await new Header(page).signOut.click();
    await new SignOutPage(page).confirm();
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  });
});
