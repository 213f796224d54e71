// No token reaches the browser: whatever the certified provider issued is searched for in
// everything that the application sent (SES-09) and in all that it logged at `trace` (SES-13).

import { readFileSync } from 'node:fs';
import type { BrowserContext, Response } from '@playwright/test';
import { expect, test } from '../fixtures/test';
import { interactive, ProfilePage, signIn, signOut } from '../pages/application';
import type { Addresses } from '../world/world';

interface Secret {
  kind: string;
  value: string;
}

/** One part of a response in which a secret could be. */
interface Part {
  /** Such as `GET /profile: body`. */
  where: string;
  text: string;
}

/** Collects what the application answers in this browser. */
class Answers {
  readonly #parts: Promise<Part[]>[] = [];

  constructor(context: BrowserContext, app: string) {
    context.on('response', (response) => {
      if (response.url().startsWith(app)) this.#parts.push(parts(response));
    });
  }

  /** Each text once: the same bundle comes with each page. */
  async all(): Promise<Part[]> {
    const parts = (await Promise.all(this.#parts)).flat();
    return [...new Map(parts.map((part) => [part.text, part])).values()];
  }
}

async function parts(response: Response): Promise<Part[]> {
  const where = `${response.request().method()} ${new URL(response.url()).pathname}`;
  const headers = (await response.headersArray()).map(({ name, value }) => ({
    where: `${where}: ${name.toLowerCase()}`,
    text: value,
  }));
  const isRedirect = response.status() >= 300 && response.status() < 400;
  const body = isRedirect ? '' : (await response.body()).toString('latin1');
  return [...headers, { where: `${where}: body`, text: body }];
}

/** Where each kind of secret is found. */
function findings(parts: Part[], secrets: Secret[]): Set<string> {
  const found = new Set<string>();
  for (const { kind, value } of secrets) {
    const spellings = [value, encodeURIComponent(value), btoa(value).replace(/=*$/, '')];
    for (const { where, text } of parts) {
      if (spellings.some((spelling) => text.includes(spelling))) found.add(`${kind} in ${where}`);
    }
  }
  return found;
}

/** What the provider has issued so far. */
async function issued(world: Addresses): Promise<Secret[]> {
  const response = await fetch(`${world.issuer}/issued`);
  return (await response.json()) as Secret[];
}

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
      // The authorization request is the browser's to carry (OpenID Connect Core §3.1.2.1).
      'nonce in GET /auth/login: location',
      // So is the request to end the provider's session (RP-Initiated Logout §2, LO-05).
      'id_token in POST /auth/logout: location',
    ]),
  );
  const ids = cookies.map(({ name, value }) => ({ kind: name, value }));
  expect(findings(parts, ids)).toEqual(
    new Set([
      '__Host-Http-session in GET /auth/callback: set-cookie',
      '__Host-Http-login in GET /auth/login: set-cookie',
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
