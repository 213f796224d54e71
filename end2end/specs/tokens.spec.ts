// No token reaches the browser: whatever the certified provider issued is searched for in
// everything that the application sent (SES-09) and in all that it logged at `trace` (SES-13).

import { readFileSync } from 'node:fs';
import { Answers, findings, issued } from '../fixtures/secrets';
import { expect, test } from '../fixtures/test';
import { interactive, ProfilePage, signIn, signOut } from '../pages/application';

test('ses_09 nothing that is secret reaches the browser', async ({ page, context, world }) => {
  const before = (await issued(world)).length;
  const answers = new Answers(context, world.app);
  await page.goto('/');
  await interactive(page);
  await signIn(page, 'alice');
  const cookies = await context.cookies(world.app);
  await new ProfilePage(page).rereadClaims.click();
  await expect(page.locator('.reread-outcome')).not.toBeEmpty();
  const document = await page.content();
  await page.goto('/admin');
  await interactive(page);
  await page.evaluate(() => fetch('/auth/session').then((response) => response.text()));
  await signOut(page);
  await interactive(page);

  const parts = [...(await answers.all()), { where: 'the live document', text: document }];
  const bundle = parts.filter(({ where }) => /\.wasm: body$/.test(where));
  expect(bundle[0]?.text.slice(0, 4), 'the WASM is searched').toBe('\0asm');
  const secrets = [...world.secrets, ...(await issued(world)).slice(before)];
  for (const kind of ['access_token', 'refresh_token', 'id_token', 'code', 'code_verifier']) {
    expect(secrets.map((secret) => secret.kind)).toContain(kind);
  }
  expect(findings(parts, secrets)).toEqual(
    new Set([
      // The authorization request is pushed (RFC 9126): of it nothing is here. The request to end the
      // provider's session is the browser's to carry (RP-Initiated Logout §2, LO-05).
      'id_token in POST /auth/logout: location',
    ]),
  );
  // What stands behind the point in the login's is no secret.
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
