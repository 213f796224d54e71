// The interface of a browser for the tests in `browsers/`. One file implements it for each engine, with the protocol
// that the builds of Linux distributions support. The interface has only what all three engines can do.

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** A running engine. */
export interface Engine {
  /** Starts a new browser without cookies and storage. */
  browser(): Promise<Browser>;
  end(): Promise<void>;
}

/** A browser with cookies and storage of its own. */
export interface Browser {
  window(): Promise<Window>;
  end(): Promise<void>;
}

/** The source of a function that runs in the page, and its arguments. Arguments and results are JSON. */
export interface Script {
  source: string;
  arguments: unknown[];
}

/** One tab. */
export interface Window {
  /** Loads the address, and waits until the page has loaded. */
  open(url: string): Promise<void>;
  /** Runs the script. Returns its result, or the result of its promise. */
  run(script: Script): Promise<unknown>;
  /** Clicks the element that the script returns, like a mouse. False if there is no element or it has just gone. */
  click(script: Script): Promise<boolean>;
  /** Types into the element that the script returns, like a keyboard. The element needs the focus. False as above. */
  type(script: Script, text: string): Promise<boolean>;
  /** The cookies that the browser sends to the page's address, with those that scripts cannot read. */
  cookies(): Promise<Cookie[]>;
  /** Deletes the cookies of the page's host. */
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
  /** Seconds since 1970. Missing if the cookie ends with the browser. */
  expires?: number;
}
