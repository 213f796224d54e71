// An unmodified Firefox, controlled by WebDriver BiDi.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process } from '../world/processes';
import { Bidi, BidiError } from './bidi';
import type { Browser, Cookie, Engine, Script, Window } from './engine';

/** The longest wait for the start, in milliseconds. */
const START = 60_000;

/** Preferences that stop a new profile from sending requests and showing pages by itself. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.contentblocking.category': 'standard',
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.startup.page': 0,
  'browser.topsites.contile.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.ipc.processPrelaunch.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.http.speculative-parallel-limit': 0,
  'services.settings.server': 'data:,',
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.server': 'data:,',
};

/** Starts Firefox with a profile in the folder. */
export async function firefox(folder: string): Promise<Engine> {
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(folder, 'user.js'), lines.join('\n'));
  const running = new Process({
    name: 'firefox',
    program: process.env.FIREFOX ?? 'firefox-esr',
    arguments: ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0', 'about:blank'],
    environment: { HOME: folder },
    log: join(folder, 'firefox.log'),
  });
  const listening = /WebDriver BiDi listening on (ws:\S+)/;
  const url = await running.until(() => listening.exec(running.log)?.[1], START);
  const bidi = await Bidi.connect(`${url}/session`);
  await bidi.send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  return {
    browser: async () => {
      const { userContext } = await bidi.send<{ userContext: string }>('browser.createUserContext', {});
      return new FirefoxBrowser(bidi, userContext);
    },
    end: async () => {
      bidi.close();
      await running.end();
    },
  };
}

/** A container of Firefox, with cookies and storage of its own. */
class FirefoxBrowser implements Browser {
  constructor(
    private readonly bidi: Bidi,
    private readonly userContext: string,
  ) {}

  async window(): Promise<Window> {
    const { userContext } = this;
    const created = await this.bidi.send<{ context: string }>('browsingContext.create', { type: 'tab', userContext });
    return new FirefoxWindow(this.bidi, created.context);
  }

  async end(): Promise<void> {
    await this.bidi.send('browser.removeUserContext', { userContext: this.userContext });
  }
}

type Result =
  | { type: 'success'; result: { type: string; value?: unknown; sharedId?: string } }
  | { type: 'exception'; exceptionDetails: { text: string } };

class FirefoxWindow implements Window {
  constructor(
    private readonly bidi: Bidi,
    private readonly context: string,
  ) {}

  async open(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { url, wait: 'complete' });
  }

  async run({ source, arguments: given }: Script): Promise<unknown> {
    const { value } = await this.#call(`async (given) => JSON.stringify(await (${source})(...JSON.parse(given)))`, given);
    return value === undefined ? undefined : JSON.parse(String(value));
  }

  async click(script: Script): Promise<boolean> {
    const element = await this.#element(script);
    if (element === undefined) return false;
    const origin = { type: 'element', element: { sharedId: element } };
    const actions = [
      { type: 'pointerMove', x: 0, y: 0, origin },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    return this.#perform({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions });
  }

  async type(script: Script, text: string): Promise<boolean> {
    if ((await this.#element(script)) === undefined) return false;
    const actions = [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    return this.#perform({ type: 'key', id: 'keyboard', actions });
  }

  async cookies(): Promise<Cookie[]> {
    const { cookies } = await this.#cookies<{ cookies: BidiCookie[] }>('storage.getCookies');
    return cookies.map(({ name, value, domain, path, secure, httpOnly, sameSite, expiry }) => ({
      ...{ name, value: value.value, domain, path, secure, httpOnly, sameSite },
      ...(expiry === undefined ? {} : { expires: expiry }),
    }));
  }

  async forgetCookies(): Promise<void> {
    await this.#cookies('storage.deleteCookies');
  }

  async close(): Promise<void> {
    await this.#send('browsingContext.close', {});
  }

  /** Cookies of the page's host, in this window's container. */
  async #cookies<T>(method: string): Promise<T> {
    const domain = await this.run({ source: '() => location.hostname', arguments: [] });
    return this.bidi.send<T>(method, { filter: { domain }, partition: { type: 'context', context: this.context } });
  }

  async #element({ source, arguments: given }: Script): Promise<string | undefined> {
    return (await this.#call(`(given) => (${source})(...JSON.parse(given))`, given)).sharedId;
  }

  async #call(functionDeclaration: string, given: unknown[]) {
    const result = await this.bidi.send<Result>('script.callFunction', {
      functionDeclaration,
      awaitPromise: true,
      target: { context: this.context },
      arguments: [{ type: 'string', value: JSON.stringify(given) }],
    });
    if (result.type === 'exception') throw new Error(result.exceptionDetails.text);
    return result.result;
  }

  async #perform(source: object): Promise<boolean> {
    // Only the tab in front gets input from the mouse and the keyboard.
    await this.#send('browsingContext.activate', {});
    try {
      await this.#send('input.performActions', { actions: [source] });
      return true;
    } catch (error) {
      if (error instanceof BidiError && ['no such node', 'no such element', 'move target out of bounds'].includes(error.code)) return false;
      throw error;
    }
  }

  #send<T>(method: string, params: object): Promise<T> {
    return this.bidi.send<T>(method, { context: this.context, ...params });
  }
}

type BidiCookie = Omit<Cookie, 'value' | 'expires'> & { value: { value: string }; expiry?: number };
