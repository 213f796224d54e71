// A Redis server for the tests, on a Unix socket.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Process } from './processes';

export class Redis {
  readonly #folder: string;
  #process: Process | undefined;

  /** The socket, the data and the log are kept in the folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get #socket(): string {
    return join(this.#folder, 'redis.sock');
  }

  /** The value for `BFF_REDIS_URL`. */
  get url(): string {
    return `redis+unix://${this.#socket}`;
  }

  /**
   * Starts Redis with the data of its last run. Redis hands each write to the kernel before it answers, so that nothing is
   * lost when the process is killed. Waiting for the disk too would help only after a power cut.
   */
  async start(): Promise<void> {
    rmSync(this.#socket, { force: true });
    const settings = {
      port: '0',
      unixsocket: this.#socket,
      dir: this.#folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'no',
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

  /** Kills Redis without a warning. */
  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL');
  }
}
