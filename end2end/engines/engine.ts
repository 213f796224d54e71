// What a specification in `browsers/` needs of a browser. Each engine has one file that gives it, over the protocol that the
// distributions' own builds speak: nothing here is more than the poorest of the three can do.

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** An engine that was started. */
export interface Engine {
  /** A browser in which nobody has been yet. */
  browser(): Promise<Browser>;
  end(): Promise<void>;
}

/** A browser with cookies and storage of its own. */
export interface Browser {
  window(): Promise<Window>;
  end(): Promise<void>;
}

/** The source of a function that runs in the page, with what it is given. Arguments and results are JSON. */
export interface Script {
  source: string;
  arguments: unknown[];
}

/** One tab. */
export interface Window {
  /** Loads the address, and waits until the page has loaded. */
  open(url: string): Promise<void>;
  /** What the script gives, or promises. */
  run(script: Script): Promise<unknown>;
  /** Clicks the element that the script gives, as a mouse does. False if it gives none, or one that has just gone. */
  click(script: Script): Promise<boolean>;
  /** Types into the element that the script gives, which has the focus, as a keyboard does. False as above. */
  type(script: Script, text: string): Promise<boolean>;
  /** The cookies that the browser sends to the page's address, also those that no script sees. */
  cookies(): Promise<Cookie[]>;
  /** Drops the cookies of the page's host. */
  forgetCookies(): Promise<void>;
  close(): Promise<void>;
}

export interface Cookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: 'strict' | 'lax' | 'none' | 'default';
  /** Seconds since 1970; missing where the cookie ends with the browser. */
  expires?: number;
}
