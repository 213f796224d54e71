// A WebDriver BiDi connection (https://w3c.github.io/webdriver-bidi/): commands and their answers over a WebSocket.

import { WebSocket } from 'ws';

/** The longest wait for an answer of the browser, in milliseconds. */
const PATIENCE = 30_000;

/** An error of the browser, with the error code of the specification. */
export class BidiError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

interface Answer {
  type: 'success' | 'error' | 'event';
  id?: number;
  result?: unknown;
  error?: string;
  message?: string;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Bidi {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (text) => this.#answered(JSON.parse(String(text)) as Answer));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser has gone'));
      this.#waiting.clear();
    });
  }

  static async connect(url: string): Promise<Bidi> {
    const socket = new WebSocket(url, { handshakeTimeout: PATIENCE });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Bidi(socket);
  }

  send<T = unknown>(method: string, params: object): Promise<T> {
    this.#last += 1;
    const id = this.#last;
    return new Promise<unknown>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${method}: no answer`));
      }, PATIENCE);
      const stop = () => clearTimeout(late);
      this.#waiting.set(id, {
        resolve: (result) => (stop(), resolve(result)),
        reject: (error) => (stop(), reject(error)),
      });
      this.socket.send(JSON.stringify({ id, method, params }));
    }) as Promise<T>;
  }

  close(): void {
    this.socket.close();
  }

  #answered({ id, type, result, error, message }: Answer): void {
    const waiting = id === undefined || id === null ? undefined : this.#waiting.get(id);
    if (waiting === undefined || id === undefined) return;
    this.#waiting.delete(id);
    if (type === 'success') waiting.resolve(result);
    else waiting.reject(new BidiError(error ?? 'unknown error', message ?? ''));
  }
}
