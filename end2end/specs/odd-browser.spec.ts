// A page works in browsers that lack a function or have unexpected settings.

import { expect, test } from '../fixtures/test';
import { Header, interactive, NAMES, signIn } from '../pages/application';
import { SignInPage } from '../pages/provider';

// Real browsers report these languages, but `Intl` refuses them.
for (const language of ['C', 'de-DE@euro', 'en-US@posix', '']) {
  test(`a browser whose language is "${language}" has a page that works`, async ({ page }) => {
    await page.addInitScript((language) => {
      Object.defineProperty(navigator, 'language', { get: () => language });
    }, language);
    await page.goto('/profile');
    await new SignInPage(page).signIn('alice');
    await interactive(page);
    await expect(page.locator('time').first()).toContainText(/20\d\d/);
    const countdown = page.locator('.limit-time').first();
    const before = await countdown.textContent();
    await expect(countdown).not.toHaveText(before ?? '');
    await page.getByRole('link', { name: 'Notes' }).first().click();
    await expect(page).toHaveURL(/\/notes$/);
    await expect(new Header(page).name).toHaveText(NAMES.alice);
  });
}

test('a browser without a clipboard says that nothing was copied', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
  });
  await page.goto('/profile');
  await new SignInPage(page).signIn('alice');
  await interactive(page);
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await expect(page.getByText('could not be copied')).toBeVisible();
});

/** Functions that a browser may refuse, in the way that browsers refuse them. */
const REFUSALS: Record<string, () => void> = {
  'storage that throws': () => {
    const refuse = () => {
      throw new DOMException('refused', 'SecurityError');
    };
    Object.defineProperty(window, 'sessionStorage', { get: refuse });
    Object.defineProperty(window, 'localStorage', { get: refuse });
  },
  'storage that is full': () => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  },
  'locks that are refused': () => {
    LockManager.prototype.request = () => Promise.reject(new DOMException('refused', 'SecurityError'));
  },
  'locks that throw': () => {
    LockManager.prototype.request = () => {
      throw new DOMException('refused', 'SecurityError');
    };
  },
  'no locks': () => Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined }),
  'a channel that is refused': () => {
    Object.assign(window, {
      BroadcastChannel: class {
        constructor() {
          throw new DOMException('refused', 'SecurityError');
        }
      },
    });
  },
  'a channel that takes no message': () => {
    BroadcastChannel.prototype.postMessage = () => {
      throw new DOMException('closed', 'InvalidStateError');
    };
  },
  'media queries and focus that throw': () => {
    const refuse = () => {
      throw new TypeError('refused');
    };
    Object.assign(window, { matchMedia: refuse });
    HTMLElement.prototype.focus = refuse;
  },
  'a history that takes no more entries': () => {
    History.prototype.pushState = () => {
      throw new DOMException('too many', 'SecurityError');
    };
  },
};

for (const [what, refuse] of Object.entries(REFUSALS)) {
  test(`a browser with ${what} has a page that works and hears of the sign-out`, async ({ page, context }) => {
    await page.addInitScript(refuse);
    await signIn(page, 'alice', '/notes');
    await page.getByLabel('A new note').fill('typed');
    await page.getByRole('link', { name: 'Profile' }).first().click();
    await expect(page.locator('.limit-time').first()).toBeVisible();
    const countdown = page.locator('.limit-time').first();
    const before = await countdown.textContent();
    await expect(countdown).not.toHaveText(before ?? '');
    await expect(page.locator('html.without-script')).toHaveCount(0);
    const other = await context.newPage();
    await other.goto('/');
    await interactive(other);
    await new Header(other).signOut.click();
    await expect(new Header(page).signIn).toBeVisible();
    await expect(page.getByText(NAMES.alice)).toHaveCount(0);
  });
}

test('a refused change of the address loads a page of this site and of no other', async ({ page }) => {
  await page.goto('/');
  await interactive(page);
  const refused = await page.evaluate(() =>
    ['//evil.example/', '/\\evil.example/', 'https://evil.example/'].map((address) => {
      try {
        history.pushState({}, '', address);
        return '';
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );
  expect(refused).toEqual(['SecurityError', 'SecurityError', 'SecurityError']);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/');
});

test('a browser without streams of events has a page that works', async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { EventSource: undefined }));
  await signIn(page, 'alice');
  await expect(page.locator('.limit-time').first()).toBeVisible();
  await expect(page.locator('html.without-script')).toHaveCount(0);
});

for (const path of ['/profile', '/sessions', '/orders']) {
  test(`from right to left each duration and time of ${path} keeps the order of its words`, async ({ page }) => {
    await signIn(page, 'alice', path);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    const places = page.locator('time:visible, .limit-time:visible, .orders td bdi:visible');
    await expect(places.first()).toBeVisible();
    // The positions of the first and the last letter.
    const ends = await places.evaluateAll((found) =>
      // A list that is live may have lost a row meanwhile.
      found.filter((element) => element.isConnected).map((element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const texts: Text[] = [];
        while (walker.nextNode()) texts.push(walker.currentNode as Text);
        const text = texts.filter((node) => node.data.trim());
        const place = (node: Text | undefined, at: number) => {
          const range = document.createRange();
          if (!node) return 0;
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          return range.getBoundingClientRect().left;
        };
        const [first, last] = [text.at(0), text.at(-1)];
        return { text: element.textContent, from: place(first, 0), to: place(last, (last?.length ?? 1) - 1) };
      }),
    );
    for (const { text, from, to } of ends) expect(from, `${text}`).toBeLessThan(to);
  });
}
