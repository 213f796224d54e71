// Sign-ins that the application refuses, because of an error in the authorization response or because the response was
// changed on its way.

import type { Page } from '@playwright/test';
import { forgetful } from '../fixtures/forgetful';
import { expect, test } from '../fixtures/test';
import { Header, interactive } from '../pages/application';
import { ProblemPage } from '../pages/problem';
import { SignInPage } from '../pages/provider';
import { freePort } from '../world/processes';
import { startWorld, type World } from '../world/world';

/** Replaces the parameters of the provider's authorization response, after the person has cancelled, with these. */
async function answerInstead(page: Page, issuer: string, parameters: Record<string, string>): Promise<void> {
  await page.route(`${issuer}/interaction/*`, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    const finished = await route.fetch({ maxRedirects: 0 });
    const resumed = await page.request.get(finished.headers()['location'] ?? '', { maxRedirects: 0 });
    const answer = new URL(resumed.headers()['location'] ?? '');
    for (const name of ['error', 'error_description']) answer.searchParams.delete(name);
    for (const [name, value] of Object.entries(parameters)) answer.searchParams.set(name, value);
    return route.fulfill({ status: 303, headers: { location: answer.href } });
  });
}

/** The parameters of the response, and the status and the heading of the page that follows. */
const ANSWERS = [
  [{ error: 'login_required' }, 400, 'The provider wants to ask you something'],
  [{ error: 'unmet_authentication_requirements' }, 400, 'Your account cannot sign in as this page needs it'],
  [{ error: 'temporarily_unavailable' }, 400, 'The sign-in provider is busy'],
  [{ error: 'server_error' }, 400, 'The provider reported an error'],
  [{ error: 'no_such_error' }, 400, 'The provider reported an error'],
  [{ error: 'unauthorized_client' }, 400, 'This application is not set up correctly'],
  [{ error: 'access_denied', iss: 'https://other.example' }, 400, 'The answer came from another provider'],
  [{ code: 'a-code-of-nobody' }, 400, 'The sign-in could not be completed'],
  [{ code: 'a-code', error: 'access_denied' }, 400, "The provider's answer could not be read"],
  [{ code: 'a-code', state: 'of-another-browser' }, 400, 'This sign-in was not started here'],
] as const;

for (const [parameters, status, title] of ANSWERS) {
  const answer = new URLSearchParams(parameters).toString();
  test(`cb_07 the answer ${answer} ends on a page that says so, with a reference`, async ({
    page,
    world,
    complaints,
  }) => {
    complaints.expectStatus(status);
    await answerInstead(page, world.issuer, parameters);
    await page.goto('/profile');
    const answered = page.waitForResponse(/\/sign-in-failed\?problem=/);
    await new SignInPage(page).cancel();
    expect((await answered).status()).toBe(status);
    const said = new ProblemPage(page);
    await expect(said.heading).toHaveText(title);
    await expect(said.reference).toHaveText(/^[0-9a-f]{16,}$/);
    await expect(page.getByText('a-code')).toHaveCount(0);
    await interactive(page);
  });
}

test('idt_16 a provider that has not asked the person anew ends on a page that says so, and the session goes on', async ({
  page,
  world,
  complaints,
}) => {
  complaints.expectStatus(502);
  await page.goto('/profile');
  await new SignInPage(page).signIn('olga');
  await expect(new Header(page).name).toHaveText('Olga Brandt');
  // The application asks for a fresh sign-in. The provider asks her to sign in, but then gives an `auth_time` of an
  // hour ago.
  await page.goto('/notes/erase');
  await new SignInPage(page).signIn('olga');
  const said = new ProblemPage(page);
  await expect(said.heading).toHaveText('The provider did not ask you to sign in again');
  await expect(said.wayOn).toHaveText('Home page');
  await expect(new Header(page).name).toHaveText('Olga Brandt');
  await interactive(page);
  await said.wayOn.click();
  await expect(page).toHaveURL(`${world.app}/`);
  await expect(new Header(page).name, 'on the home page too').toHaveText('Olga Brandt');
});

const circle = test.extend<object, { ownWorld: World }>({
  ownWorld: [
    async ({}, use) => {
      const port = await freePort();
      const way = await forgetful(port, '__Host-Http-session');
      const world = await startWorld({
        BFF_LISTEN: `127.0.0.1:${port}`,
        BFF_PUBLIC_URL: `http://localhost:${way.port}`,
      });
      await use(world);
      await world.end();
      await way.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  world: [async ({ ownWorld }, use) => use(ownWorld), { scope: 'worker' }],
});

circle('cb_14 logins that go round in a circle end on a page that says why', async ({ page, complaints }) => {
  complaints.expectStatus(400);
  let landed = 0;
  page.on('request', (request) => {
    landed += new URL(request.url()).pathname === '/auth/callback' ? 1 : 0;
  });
  await page.goto('/profile');
  await new SignInPage(page).signIn('alice');
  const said = new ProblemPage(page);
  await expect(said.heading).toHaveText('Your browser does not keep you signed in');
  await expect(said.reference).toHaveText(/^[0-9a-f]{16,}$/);
  expect(landed, 'logins that the provider finished').toBe(3);
  await interactive(page);
  await expect(said.wayOn).toHaveText('Try again');
});
