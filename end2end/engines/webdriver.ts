// A session by WebDriver (https://www.w3.org/TR/webdriver2/), the older of the two protocols: requests with JSON.

/** How long the driver may take to start or end a browser or a tab, in milliseconds. */
const LONG = 60_000;

/** How long it may take to answer for a page. WebKitGTK's answers nothing at times, where the page leaves under a command. */
const PATIENCE = 5_000;

/** How an element is written in JSON. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** What the driver refused, with the specification's word for it. */
export class WebDriverError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** The id of an element that a script gave. */
export function elementId(value: unknown): string | undefined {
  return (value as Record<string, string> | null)?.[ELEMENT];
}

export class Session {
  /** Ends with the last command that was sent. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(private readonly address: string) {}

  static async start(driver: string, capabilities: object): Promise<Session> {
    const wanted = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = (await ask('POST', `${driver}/session`, wanted, LONG)) as { sessionId: string };
    return new Session(`${driver}/session/${sessionId}`);
  }

  /** A command of the session as a whole. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return this.#inTurn(() => ask(method, this.address + path, body, LONG));
  }

  /** A command to a window, whatever window the last one was for. */
  sendTo(handle: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return this.#inTurn(async () => {
      await ask('POST', `${this.address}/window`, { handle });
      return ask(method, this.address + path, body);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** Whether the driver gave no answer, so that nobody knows whether it did what it was told. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

async function ask(method: string, url: string, body?: object, patience = PATIENCE): Promise<unknown> {
  const response = await fetch(url, {
    method,
    body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    signal: AbortSignal.timeout(patience),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new WebDriverError(error, message);
}
