// The first HTML shows who is signed in, and hydration does not change that.

import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, ProfilePage, signIn } from '../pages/application';
import { SignInPage } from '../pages/provider';

for (const path of ['/', '/profile', '/admin', '/signed-out']) {
  test(`${path} shows who is signed in from the first byte, without a further request`, async ({ page }) => {
    await signIn(page, 'alice');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const html = (await (await page.goto(path))?.text()) ?? '';
    // Leptos writes a marker `<!>` after the text of a type-erased view.
    expect(html.replaceAll('<!>', '')).toContain(`<bdi class="person-name">${NAMES.alice}</bdi>`);
    expect(html).not.toContain('href="/auth/login');
    await interactive(page);
    await expect(new Header(page).name).toHaveText(NAMES.alice);
    // The page listens to `/auth/events` for changes, and loads assets. It makes no other request. The home page shows
    // which tokens the server holds, which no page knows.
    const known = path === '/' ? /^\/(pkg\/|favicon|auth\/events$|_fn\/held_tokens$)/ : /^\/(pkg\/|favicon|auth\/events$)/;
    const beyondAssets = asked.filter((path) => !known.test(path));
    expect(beyondAssets, 'only the page itself').toEqual([path]);
  });
}

test('a page says from the first byte that nobody is signed in', async ({ page }) => {
  const html = (await (await page.goto('/'))?.text()) ?? '';
  expect(html).toContain('href="/auth/login?return_to=/"');
  expect(html).not.toContain('action="/auth/logout"');
  await interactive(page);
  await expect(new Header(page).signIn).toBeVisible();
});

test('hdr_12 claims that are markup are shown as text', async ({ page }) => {
  await page.goto('/profile');
  await new SignInPage(page).signIn('mallory');
  await interactive(page);
  const name = '</script><script>console.error("run")</script><img src=x onerror=console.error(1)>';
  await expect(new Header(page).name).toHaveText(name);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(new ProfilePage(page).claim('name')).toContainText(name);
  await expect(page.locator('img')).toHaveCount(0);
});
