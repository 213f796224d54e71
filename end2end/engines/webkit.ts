// WebKitGTK as Linux distributions ship it: its MiniBrowser, controlled by WebDriver, on the virtual screen of Xvfb.

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, Process } from '../world/processes';
import type { Browser, Cookie, Engine, Script, Window } from './engine';
import { elementId, isUnanswered, Session, WebDriverError } from './webdriver';

/** The longest wait for a page load and for a script, in milliseconds. */
const TIMEOUTS = { pageLoad: 20_000, script: 4_000 };

/** Starts WebKit's driver. The driver starts one browser for each session. */
export async function webkit(folder: string): Promise<Engine> {
  const screen = new Process({
    name: 'Xvfb',
    program: process.env.XVFB ?? 'Xvfb',
    // Xvfb chooses a free display number and prints it to its standard output.
    arguments: ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
    environment: {},
    log: join(folder, 'xvfb.log'),
  });
  const display = await screen.until(() => /^\d+$/m.exec(screen.log)?.[0]);
  const port = await freePort();
  const driver = new Process({
    name: 'WebKitWebDriver',
    program: process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver',
    arguments: ['--host=127.0.0.1', `--port=${port}`],
    environment: { DISPLAY: `:${display}`, HOME: folder, NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
    log: join(folder, 'webkit.log'),
  });
  const address = `http://127.0.0.1:${port}`;
  await driver.until(() => isListening(address));
  return {
    browser: () => WebKitBrowser.start(address),
    end: async () => {
      await driver.end();
      // Programs that still run on the screen end with it.
      await screen.end();
    },
  };
}

/** Whether the address answers, with any status. */
async function isListening(address: string): Promise<true | undefined> {
  try {
    await fetch(`${address}/status`, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return undefined;
  }
}

const LEAVING = { source: '() => void Object.assign(window, { isLeft: true })', arguments: [] };
const LOADED = {
  source: "() => !('isLeft' in window) && location.href !== 'about:blank' && document.readyState === 'complete'",
  arguments: [],
};

class WebKitBrowser implements Browser {
  #windows = 0;

  private constructor(private readonly session: Session) {}

  static async start(driver: string): Promise<WebKitBrowser> {
    // With the strategy "normal", the driver waits before each command until the page has loaded. In WebKitGTK 2.50 it
    // waits for ever after a step back to a page that redirects to another origin. So the waiting is done here.
    const session = await Session.start(driver, { acceptInsecureCerts: true, pageLoadStrategy: 'none' });
    await session.send('POST', '/timeouts', TIMEOUTS);
    return new WebKitBrowser(session);
  }

  async window(): Promise<Window> {
    this.#windows += 1;
    // A session begins with a window.
    if (this.#windows === 1) return new WebKitWindow(this.session, String(await this.session.send('GET', '/window')));
    const opened = (await this.session.send('POST', '/window/new', { type: 'tab' })) as { handle: string };
    return new WebKitWindow(this.session, opened.handle);
  }

  async end(): Promise<void> {
    await this.session.send('DELETE', '');
  }
}

class WebKitWindow implements Window {
  constructor(
    private readonly session: Session,
    private readonly handle: string,
  ) {}

  async open(url: string): Promise<void> {
    // This fails before the first page, because there is no page to run the script in.
    await this.run(LEAVING).catch(() => undefined);
    await this.#send('POST', '/url', { url });
    const end = Date.now() + TIMEOUTS.pageLoad;
    while (!(await this.run(LOADED).catch(() => false))) {
      if (Date.now() >= end) throw new Error(`${url} does not load`);
      await pause(25);
    }
  }

  async run({ source, arguments: given }: Script): Promise<unknown> {
    const script = `return (async (given) => JSON.stringify(await (${source})(...JSON.parse(given))))(arguments[0]);`;
    const answer = await this.#send('POST', '/execute/sync', { script, args: [JSON.stringify(given)] });
    return typeof answer === 'string' ? JSON.parse(answer) : undefined;
  }

  async click(script: Script): Promise<boolean> {
    const id = await this.#element(script);
    return id !== undefined && (await this.#stillThere(`/element/${id}/click`, {}));
  }

  async type(script: Script, text: string): Promise<boolean> {
    const id = await this.#element(script);
    return id !== undefined && (await this.#stillThere(`/element/${id}/value`, { text }));
  }

  async cookies(): Promise<Cookie[]> {
    const cookies = (await this.#send('GET', '/cookie')) as WebDriverCookie[];
    return cookies.map(({ name, value, domain, path, secure, httpOnly, sameSite, expiry }) => ({
      ...{ name, value, domain, path, secure, httpOnly },
      sameSite: (sameSite ?? 'default').toLowerCase() as Cookie['sameSite'],
      ...(expiry === undefined ? {} : { expires: expiry }),
    }));
  }

  async forgetCookies(): Promise<void> {
    await this.#send('DELETE', '/cookie');
  }

  async close(): Promise<void> {
    await this.#send('DELETE', '/window');
  }

  async #element({ source, arguments: given }: Script): Promise<string | undefined> {
    const script = `return (${source})(...JSON.parse(arguments[0]));`;
    return elementId(await this.#send('POST', '/execute/sync', { script, args: [JSON.stringify(given)] }));
  }

  async #stillThere(path: string, body: object): Promise<boolean> {
    try {
      await this.#send('POST', path, body);
      return true;
    } catch (error) {
      // If the click navigates, the driver may not answer. The test sees from the next page whether the click worked.
      if (isUnanswered(error)) return true;
      const gone = ['stale element reference', 'no such element', 'element not interactable', 'element click intercepted'];
      if (error instanceof WebDriverError && gone.includes(error.code)) return false;
      throw error;
    }
  }

  #send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return this.session.sendTo(this.handle, method, path, body);
  }
}

type WebDriverCookie = Omit<Cookie, 'sameSite' | 'expires'> & { sameSite?: string; expiry?: number };
