// Makes the pictures of the README: the home page with two pixels for each point, and a loop of twelve seconds in which a
// sign-out at the provider reaches two browsers, with the milliseconds that it took in this run.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page } from '@playwright/test';
import { animated } from './animation';
import { keep, reduced } from './palette';
import { FOLDER, heading, signIn, test, THEMES } from './screens';

/** The size of each of the two windows. */
const WINDOW = { width: 600, height: 480 };
const SCENE = { width: 1280, height: 640 };
/** The letters of two pages and the theme need more colours than one page. */
const COLOURS = 96;
const MOST = 3 * 1024 * 1024;

const COLOURS_OF = {
  light: { ground: '#ece8de', window: '#fffdf9', ink: '#1a2426', quiet: '#566063', accent: '#0b5d56' },
  dark: { ground: '#0d1214', window: '#1a2225', ink: '#e9ebe6', quiet: '#a3aeac', accent: '#63cdbd' },
};

/** A scene: two windows, what a third one shows before them, and the words below. */
interface Scene {
  windows: Buffer[];
  before?: Buffer;
  words: string;
  seconds: number;
}

const source = (png: Buffer) => `data:image/png;base64,${png.toString('base64')}`;

function drawn(scenes: Scene[], theme: keyof typeof COLOURS_OF): string {
  const { ground, window, ink, quiet, accent } = COLOURS_OF[theme];
  const framed = (png: Buffer, name: string) => `<figure><figcaption>${name}</figcaption><img src="${source(png)}"></figure>`;
  const sections = scenes.map(({ windows: [one, other], before, words }) => {
    const third = before ? `<div class="before">${framed(before, 'At the provider')}</div>` : '';
    return `<section><div class="windows">${framed(one!, 'In one browser')}${framed(other!, 'In another one')}</div>${third}<p>${words}</p></section>`;
  });
  return `<!doctype html><style>
    body { margin: 0; background: ${ground}; color: ${ink}; font: 26px/1.3 system-ui, sans-serif; }
    section { position: relative; box-sizing: border-box; width: ${SCENE.width}px; height: ${SCENE.height}px; padding: 24px; overflow: hidden; }
    .windows { display: flex; justify-content: space-between; }
    figure { margin: 0; border: 1px solid ${quiet}; border-radius: 10px; overflow: hidden; background: ${window}; }
    figcaption { padding: 6px 14px; border-bottom: 1px solid ${quiet}; color: ${quiet}; font-size: 17px; }
    img { display: block; }
    .before { position: absolute; inset: 40px 0 auto; display: grid; justify-content: center; }
    .before img { width: 240px; }
    .before figure { border: 2px solid ${accent}; }
    p { margin: 24px 0 0; text-align: center; }
    b { color: ${accent}; }
  </style>${sections.join('')}`;
}

/** When the page has taken its content away, by the clock of this machine. */
function turned(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () => document.querySelector('.problem[role="alert"]') && resolve(Date.now());
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      }),
  );
}

async function openWindow(browser: Browser, theme: 'light' | 'dark', path: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: process.env.END2END_APP,
    viewport: WINDOW,
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await signIn(page, 'Alice Lindqvist');
  // From the first answer of the stream on the page hears of its session.
  const streaming = page.waitForResponse('**/auth/events');
  await page.goto(path);
  await streaming;
  await page.waitForFunction(() => document.readyState === 'complete');
  await page.evaluate(() => document.fonts.ready);
  return page;
}

for (const theme of THEMES) {
  test(`the loop, ${theme}`, async ({ browser }) => {
    test.setTimeout(120_000);
    const pages = [await openWindow(browser, theme, '/profile'), await openWindow(browser, theme, '/sessions')];
    const taken = () => Promise.all(pages.map((page) => page.screenshot({ animations: 'disabled' })));
    const signedIn = await taken();

    const desk = await browser.newPage({ viewport: { width: 640, height: 800 }, colorScheme: theme });
    await desk.goto(process.env.END2END_PROVIDER ?? '');
    const ending = desk.locator('form[action="/desk/sign-out"]').filter({ has: desk.locator('input[value="alice"]') });
    const button = await ending.locator('xpath=ancestor::li[1]').screenshot({ animations: 'disabled' });

    const ends = pages.map(turned);
    const asked = await ending.getByRole('button').evaluate((pressed: HTMLButtonElement) => {
      const now = Date.now();
      pressed.click();
      return now;
    });
    const [one, other] = (await Promise.all(ends)).map((at) => at - asked);
    for (const page of pages) await expect(heading(page)).toContainText('signed out at the provider');
    const signedOut = await taken();

    const scenes: Scene[] = [
      { windows: signedIn, words: 'One person, two browsers. Neither has a token.', seconds: 3.5 },
      { windows: signedIn, before: button, words: 'Her session ends at the provider.', seconds: 3 },
      {
        windows: signedOut,
        words: `Both pages said so, and were cleared, after <b>${one} ms</b> and <b>${other} ms</b>.`,
        seconds: 5.5,
      },
    ];
    const stage = await browser.newPage({ viewport: SCENE });
    await stage.setContent(drawn(scenes, theme));
    const picture = await stage.screenshot({ fullPage: true });
    await stage.close();
    const loop = animated(await reduced(browser, picture, COLOURS), scenes.map(({ seconds }) => seconds));
    expect(loop.length, 'bytes of the loop').toBeLessThan(MOST);
    writeFileSync(join(FOLDER, `loop-${theme}.png`), loop);
    for (const page of [...pages, desk]) await page.context().close();
  });

  test.describe(`two pixels for each point, ${theme}`, () => {
    test.use({ viewport: { width: 1200, height: 750 }, deviceScaleFactor: 2, colorScheme: theme });

    test('the home page of a person who is signed in', async ({ page, browser }) => {
      await signIn(page, 'Alice Lindqvist');
      await page.goto('/');
      await page.getByText('held until').waitFor();
      await page.evaluate(() => document.fonts.ready);
      await page.locator('#how').evaluate((found) => found.scrollIntoView({ block: 'start' }));
      await keep(browser, await page.screenshot({ animations: 'disabled' }), join(FOLDER, `home-2x-${theme}.png`));
    });
  });
}
