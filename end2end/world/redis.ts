// A Redis of the tests' own, on a socket of its own.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Process } from './processes';

export class Redis {
  readonly #folder: string;
  #process: Process | undefined;

  /** Keeps socket, data and log in the folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get #socket(): string {
    return join(this.#folder, 'redis.sock');
  }

  /** As `BFF_REDIS_URL` wants it. */
  get url(): string {
    return `redis+unix://${this.#socket}`;
  }

  /** Starts it with the data of its last run: each write is on disk before it is answered. */
  async start(): Promise<void> {
    rmSync(this.#socket, { force: true });
    const settings = {
      port: '0',
      unixsocket: this.#socket,
      dir: this.#folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'always',
    };
    this.#process = new Process({
      name: 'redis-server',
      program: process.env.REDIS_SERVER ?? 'redis-server',
      arguments: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      environment: {},
      log: join(this.#folder, 'redis.log'),
    });
    await this.#process.until(() => existsSync(this.#socket) || undefined);
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL');
  }
}
