// A WebDriver session (https://www.w3.org/TR/webdriver2/). WebDriver is the older of the two protocols: HTTP requests
// with JSON.

/** The longest wait for the driver to start or end a browser or a tab, in milliseconds. */
const LONG = 60_000;

/**
 * The longest wait for the driver's answer about a page, in milliseconds. WebKitGTK's driver sometimes gives no answer
 * if the page navigates away during the command.
 */
const PATIENCE = 5_000;

/** The member that has an element's id in JSON: the specification's web element identifier. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** An error of the driver, with the error code of the specification. */
export class WebDriverError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** The id of an element that a script returned. */
export function elementId(value: unknown): string | undefined {
  return (value as Record<string, string> | null)?.[ELEMENT];
}

export class Session {
  /** Resolves when the last command has been answered: commands are sent one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(private readonly address: string) {}

  static async start(driver: string, capabilities: object): Promise<Session> {
    const wanted = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = (await ask('POST', `${driver}/session`, wanted, LONG)) as { sessionId: string };
    return new Session(`${driver}/session/${sessionId}`);
  }

  /** Sends a command that is for the session and not for a window. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return this.#inTurn(() => ask(method, this.address + path, body, LONG));
  }

  /** Sends a command to a window. Switches to the window first. */
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

/** Whether the driver gave no answer, so that it is unknown whether the command was carried out. */
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
