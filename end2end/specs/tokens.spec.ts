// No token reaches the browser. The tests search for each secret that the certified provider issued, in everything that
// the application sent (SES-09) and in its log at the level `trace` (SES-13).

import { readFileSync } from 'node:fs';
import { findings, issued } from '../fixtures/secrets';
import { expect } from '../fixtures/test';
import { test } from '../fixtures/wire';
import { interactive, ProfilePage, signIn, signOut } from '../pages/application';
import { OrdersPage } from '../pages/orders';

test('ses_09 nothing that is secret reaches the browser', async ({ page, context, world, wire }) => {
  const before = (await issued(world)).length;
  await page.goto('/');
  await interactive(page);
  await signIn(page, 'alice');
  const cookies = await context.cookies(world.app);
  await new ProfilePage(page).rereadClaims.click();
  await expect(page.locator('.reread-outcome')).not.toBeEmpty();
  const document = await page.content();
  await page.goto('/');
  await expect(page.getByText('held until'), 'the home page says what the server holds').toBeVisible();
  await page.goto('/admin');
  await interactive(page);
  await page.goto('/flow');
  await interactive(page);
  await page.evaluate(() => fetch('/auth/session').then((response) => response.text()));
  await signOut(page);
  await interactive(page);

  const parts = [...wire.parts, { where: 'the live document', text: document }];
  const bundle = parts.filter(({ where }) => /\.wasm: body$/.test(where));
  expect(bundle[0]?.text.slice(0, 4), 'the WASM is searched').toBe('\0asm');
  const secrets = [...world.secrets, ...(await issued(world)).slice(before)];
  for (const kind of ['access_token', 'refresh_token', 'id_token', 'code', 'code_verifier']) {
    expect(secrets.map((secret) => secret.kind)).toContain(kind);
  }
  expect(findings(parts, secrets)).toEqual(
    new Set([
      // The authorization request is pushed (RFC 9126), so none of its secrets are here. The browser carries the
      // request that ends the session at the provider (RP-Initiated Logout §2, LO-05).
      'id_token in GET /auth/logout/provider: location',
    ]),
  );
  // The part of the login cookie after the point is no secret.
  const ids = cookies.map(({ name, value }) => ({ kind: name, value: value.split('.')[0] ?? '' }));
  expect(findings(parts, ids)).toEqual(
    new Set([
      '__Host-Http-session in GET /auth/callback: set-cookie',
      '__Host-Http-login in GET /auth/login: set-cookie',
      '__Host-Http-login in GET /auth/callback: set-cookie',
      '__Host-Http-login in POST /auth/logout: set-cookie',
    ]),
  );
});

test('the API saw a bearer token that neither page nor browser had', async ({
  page,
  world,
  wire,
}) => {
  const before = (await issued(world)).length;
  await signIn(page, 'alice', '/orders');
  const orders = new OrdersPage(page);
  await expect(orders.rows).toHaveCount(2);
  await expect(orders.rows.first()).toContainText('2 × Inner tube');
  await expect(orders.rows.first()).toContainText('85.60 EUR');
  await expect(orders.rows.first()).toContainText('11 May 2026');
  await expect(orders.rows.last(), 'values of the API are shown as text').toContainText('<img src=x');

  await expect(orders.sent).toContainText('no token');
  await expect(orders.sent).toContainText('document.cookie');
  await expect(orders.sent).toContainText('empty');
  await expect(orders.saw).toContainText(/a Bearer token, \d+ characters/);
  await expect(orders.sent).toContainText(/__Host-Http-[\w-]+, \d+ characters/);
  await expect(orders.saw).toContainText('alice');
  const names = await orders.saw.getByRole('listitem').allInnerTexts();
  expect(names).toContain('authorization');
  for (const kept of ['cookie', 'origin', 'referer', 'sec-fetch-site', 'user-agent', 'x-csrf']) {
    expect(names, 'a header that the relay does not pass on').not.toContain(kept);
  }

  await orders.stream.click();
  await expect.poll(() => orders.ticked()).toBeGreaterThan(3);
  const calls = wire.asked.map(({ url }) => url.pathname).filter((path) => path.startsWith('/api/'));
  expect(calls.sort()).toEqual([
    '/api/demo/events',
    '/api/demo/orders',
    '/api/demo/whoami',
  ]);
  const document = await page.content();
  const storage = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.name, window.document.cookie]),
  );
  for (const { url, headers } of wire.asked) {
    expect(Object.keys(headers), url.pathname).not.toContain('authorization');
  }
  const secrets = (await issued(world)).slice(before);
  expect(secrets.map(({ kind }) => kind)).toContain('access_token');
  const places = [
    { where: 'the live document', text: document },
    { where: 'its storage', text: storage },
    ...wire.parts.filter(({ where }) => where.includes('/api/')),
  ];
  expect(places.length).toBeGreaterThan(4);
  expect(findings(places, secrets)).toEqual(new Set());
});

test('ses_13 nothing that is secret is in the log', async ({ page, context, world }) => {
  const before = (await issued(world)).length;
  await signIn(page, 'alice');
  const cookies = await context.cookies(world.app);
  await new ProfilePage(page).rereadClaims.click();
  await expect(page.locator('.reread-outcome')).not.toBeEmpty();
  await signOut(page);

  const log = readFileSync(world.log, 'utf8');
  expect(log).toContain('"level":"TRACE"');
  expect(log).toContain('signed_in');
  const ids = cookies.map(({ name, value }) => ({ kind: name, value }));
  const secrets = [...world.secrets, ...(await issued(world)).slice(before), ...ids];
  expect(secrets.length).toBeGreaterThan(8);
  expect(findings([{ where: 'the log', text: log }], secrets)).toEqual(new Set());
});
