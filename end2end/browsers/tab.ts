// A tab, as a person uses it. Each method waits for what it looks for, but only for a limited time.

import { setTimeout as pause } from 'node:timers/promises';
import type { Cookie, Window } from '../engines/engine';
import * as inPage from './in-page';

/** The longest wait, in milliseconds. */
const PATIENCE = 10_000;

/** The time in which a page has to show a change from elsewhere, in milliseconds. */
export const AT_ONCE = 2_000;

type InPage = (...given: any[]) => unknown;

export class Tab {
  constructor(
    private readonly window: Window,
    private readonly app: string,
  ) {}

  /** Loads a page of the application. */
  open(path: string): Promise<void> {
    return this.window.open(this.app + path);
  }

  /** Runs the function in the page, and returns its result. */
  run<F extends InPage>(script: F, ...given: Parameters<F>): Promise<Awaited<ReturnType<F>>> {
    return this.window.run({ source: String(script), arguments: given }) as Promise<Awaited<ReturnType<F>>>;
  }

  /** Waits until `look` returns something true. Errors are ignored until then: the page may be just navigating. */
  async until<T>(what: string, look: () => Promise<T>, patience = PATIENCE): Promise<NonNullable<T>> {
    const end = Date.now() + patience;
    let last: unknown;
    for (;;) {
      try {
        const found = await look();
        if (found) return found;
        last = undefined;
      } catch (error) {
        last = error;
      }
      if (Date.now() >= end) break;
      await pause(50);
    }
    throw new Error(`waited for ${what}${last === undefined ? '' : ` (${last})`}; ${await this.#account()}`);
  }

  /** Waits until an element is visible, with this text if one is given. */
  async sees(css: string, text?: string, patience = PATIENCE): Promise<void> {
    const source = `(...given) => (${inPage.find})(...given) !== null`;
    const shows = () => this.window.run({ source, arguments: [css, text ?? null] });
    await this.until(named(css, text), shows, patience);
  }

  /** Waits until the text is nowhere in the page, visible or not. */
  async lacks(text: string): Promise<void> {
    await this.until(`no "${text}"`, async () => !(await this.run(inPage.words)).includes(text));
  }

  async click(css: string, text?: string): Promise<void> {
    const source = `(...given) => (${inPage.reach})((${inPage.find})(...given))`;
    const script = { source, arguments: [css, text ?? null] };
    await this.until(`a click on ${named(css, text)}`, () => this.window.click(script));
  }

  /** Replaces the text of the field by typing. */
  async fill(css: string, text: string): Promise<void> {
    await this.until(`typing into ${css}`, () =>
      this.window.type({ source: String(inPage.select), arguments: [css] }, text),
    );
    await this.holds(css, text);
  }

  /** Waits until the field has this text. */
  async holds(css: string, text: string, patience = PATIENCE): Promise<void> {
    await this.until(`"${text}" in ${css}`, async () => (await this.run(inPage.value, css)) === text, patience);
  }

  texts(css: string): Promise<string[]> {
    return this.run(inPage.texts, css);
  }

  /** Waits until the page's address matches. */
  async isAt(address: RegExp): Promise<void> {
    await this.until(`${address}`, async () => address.test(await this.address()));
  }

  address(): Promise<string> {
    return this.run(() => location.href);
  }

  /** Moves in the history: back if the number is negative. */
  async go(steps: number): Promise<void> {
    await this.run((steps: number) => void setTimeout(() => history.go(steps)), steps);
  }

  /** Waits until the page is hydrated. */
  async interactive(): Promise<void> {
    await this.until('hydration', () => this.run(() => 'isInteractive' in window));
  }

  /** Waits until this page is hydrated, or hydration has failed. */
  async settled(): Promise<void> {
    await this.until('hydration, or its failure', () =>
      this.run(() => 'isInteractive' in window || document.documentElement.classList.contains('without-script')),
    );
  }

  /** Waits until this page has got the session's state over its stream of events. */
  async listening(): Promise<void> {
    await this.until('the stream of events', () => this.run(() => 'isListening' in window));
  }

  /** Marks the document. The mark is gone after a page load. */
  async mark(): Promise<void> {
    await this.run(() => void Object.assign(window, { isMarked: true }));
  }

  isMarked(): Promise<boolean> {
    return this.run(() => 'isMarked' in window);
  }

  cookies(): Promise<Cookie[]> {
    return this.window.cookies();
  }

  forgetCookies(): Promise<void> {
    return this.window.forgetCookies();
  }

  /** The address and the text of the page, for an error message. */
  async #account(): Promise<string> {
    try {
      const [address, text] = await this.run(() => [location.href, document.body.innerText.replace(/\s+/g, ' ')] as const);
      return `${address.replace(/\?.*/, '?…')} shows: ${text.slice(0, 600)}`;
    } catch (error) {
      return `the page does not answer (${error})`;
    }
  }
}

function named(css: string, text: string | undefined): string {
  return text === undefined ? css : `${css} with "${text}"`;
}
