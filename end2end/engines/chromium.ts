// Chromium, controlled by Playwright.

import { type BrowserContext, chromium as playwright, type ElementHandle, type Page } from '@playwright/test';
import type { Browser, Cookie, Engine, Script, Window } from './engine';

/** The longest wait for a click or a page, in milliseconds. */
const PATIENCE = 20_000;

export async function chromium(): Promise<Engine> {
  const isRoot = process.getuid?.() === 0;
  const browser = await playwright.launch({
    executablePath: process.env.CHROMIUM,
    // Playwright switches the back/forward cache off by default. The other two engines have it on.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    // Chromium does not start as root with its sandbox.
    args: ['--disable-gpu', '--disable-quic', ...(isRoot ? ['--no-sandbox'] : [])],
  });
  return {
    browser: async () => new ChromiumBrowser(await browser.newContext({ ignoreHTTPSErrors: true })),
    end: () => browser.close(),
  };
}

class ChromiumBrowser implements Browser {
  constructor(private readonly context: BrowserContext) {
    context.setDefaultTimeout(PATIENCE);
  }

  async window(): Promise<Window> {
    return new ChromiumWindow(await this.context.newPage());
  }

  end(): Promise<void> {
    return this.context.close();
  }
}

class ChromiumWindow implements Window {
  constructor(private readonly page: Page) {}

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  run({ source, arguments: given }: Script): Promise<unknown> {
    return this.page.evaluate(`(${source})(...${JSON.stringify(given)})`);
  }

  async click(script: Script): Promise<boolean> {
    const element = await this.#element(script);
    return element !== null && (await stillThere(element.click({ noWaitAfter: true })));
  }

  async type(script: Script, text: string): Promise<boolean> {
    if ((await this.#element(script)) === null) return false;
    await this.page.keyboard.type(text);
    return true;
  }

  async cookies(): Promise<Cookie[]> {
    const cookies = await this.page.context().cookies(this.page.url());
    return cookies.map(({ name, value, domain, path, secure, httpOnly, sameSite, expires }) => ({
      ...{ name, value, domain, path, secure, httpOnly },
      sameSite: sameSite.toLowerCase() as Cookie['sameSite'],
      ...(expires === -1 ? {} : { expires }),
    }));
  }

  forgetCookies(): Promise<void> {
    return this.page.context().clearCookies({ domain: new URL(this.page.url()).hostname });
  }

  close(): Promise<void> {
    return this.page.close();
  }

  async #element({ source, arguments: given }: Script): Promise<ElementHandle | null> {
    const found = await this.page.evaluateHandle(`(${source})(...${JSON.stringify(given)})`);
    return found.asElement();
  }
}

async function stillThere(doing: Promise<void>): Promise<boolean> {
  try {
    await doing;
    return true;
  } catch (error) {
    if (/not attached to the DOM/.test(String(error))) return false;
    throw error;
  }
}
