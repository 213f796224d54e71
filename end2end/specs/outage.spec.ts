// Outages of Redis and of the provider. These tests have a world of their own, because they break it.

import { expect, test as base } from '../fixtures/test';
import { Header, interactive, NAMES, ProfilePage, signIn } from '../pages/application';
import { startWorld, type World } from '../world/world';

const test = base.extend<object, { ownWorld: World }>({
  ownWorld: [
    async ({}, use) => {
      const world = await startWorld();
      await use(world);
      await world.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  world: [async ({ ownWorld }, use) => use(ownWorld), { scope: 'worker' }],
});

test.describe.configure({ mode: 'serial' });

test('ses_07 while Redis is away nobody is signed out, and public pages are there', async ({
  page,
  context,
  ownWorld: { app, redis },
  complaints,
}) => {
  complaints.expectStatus(503);
  await signIn(page, 'alice');
  const cookies = await context.cookies(app);
  await redis.kill();

  const response = await page.goto('/profile');
  expect(response?.status()).toBe(503);
  expect(await response?.headerValue('retry-after')).toMatch(/^\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Sessions cannot be read just now',
  );
  await expect(page.locator('.reference code')).not.toBeEmpty();
  await interactive(page);

  expect((await page.goto('/'))?.status()).toBe(200);
  await expect(page.getByRole('banner')).toContainText('Sessions');
  await expect(new Header(page).signIn).toHaveCount(0);
  await interactive(page);
  expect(await context.cookies(app)).toEqual(cookies);

  await redis.start();
  await expect(async () => {
    await page.goto('/profile');
    await expect(new Header(page).name).toHaveText(NAMES.alice, { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await interactive(page);
});

test('a page that is open while Redis goes away says so, and goes on afterwards', async ({
  page,
  ownWorld: { redis },
  complaints,
}) => {
  complaints.expectStatus(503);
  await signIn(page, 'alice');
  const outcome = page.locator('.reread-outcome');
  const { rereadClaims } = new ProfilePage(page);
  await redis.kill();
  await rereadClaims.click();
  await expect(outcome).toContainText('Not read');
  await expect(new Header(page).name).toHaveText(NAMES.alice);

  await redis.start();
  await expect(async () => {
    await rereadClaims.click();
    await expect(outcome).toContainText('Read again', { timeout: 3_000 });
  }).toPass({ timeout: 20_000 });
});

test('while the provider is away sessions go on', async ({ page, ownWorld }) => {
  await signIn(page, 'bob');
  await ownWorld.endProvider();
  await page.reload();
  await interactive(page);
  const profile = new ProfilePage(page);
  await profile.rereadClaims.click();
  await expect(page.locator('.reread-outcome')).toContainText('the provider is not answering');
  await expect(profile.claim('email')).toContainText('bob@example.com');
});
