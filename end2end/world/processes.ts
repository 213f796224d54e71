// The tests start processes and end each one by its handle, never by a name.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The longest wait for a process to answer after its start, and to end, in milliseconds. */
const PATIENCE = 40_000;

export interface Command {
  /** The name in messages. */
  name: string;
  program: string;
  arguments: string[];
  /** The whole environment except PATH. Nothing else is inherited. */
  environment: Record<string, string>;
  /** The file for the output. */
  log: string;
}

/** A running process. Its standard input stays open for as long as the tests run. */
export class Process {
  readonly #child: ChildProcess;

  constructor(private readonly command: Command) {
    const log = openSync(command.log, 'a');
    this.#child = spawn(command.program, command.arguments, {
      env: { PATH: process.env.PATH, ...command.environment },
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    this.#child.on('error', (error) => {
      this.#broken = error.message;
    });
    // This ends the process if nothing else did, such as after a second Ctrl-C.
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  #broken: string | undefined;

  get log(): string {
    return readFileSync(this.command.log, 'utf8');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits at most `patience` milliseconds until `ready` returns something. */
  async until<T>(ready: () => T | undefined | Promise<T | undefined>, patience = PATIENCE): Promise<T> {
    const end = Date.now() + patience;
    while (Date.now() < end && !this.#hasEnded && this.#broken === undefined) {
      const found = await ready();
      if (found !== undefined) return found;
      await pause(25);
    }
    const what = this.#broken ?? (this.#hasEnded ? 'ended at its start' : 'does not answer');
    await this.end();
    throw new Error(`${this.command.name} ${what}:\n${this.log}`);
  }

  /** Ends the process, and waits until it has ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#hasEnded || this.#child.pid === undefined) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE);
    await ended;
    clearTimeout(late);
  }
}

/**
 * A port that nobody listens on: the wanted one if it is free. Otherwise a port below the range that systems use for
 * outgoing connections, because such a connection could take the port before the server starts.
 */
export async function freePort(wanted = randomInt(20_000, 32_768)): Promise<number> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(wanted, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return wanted;
}

/** Whether the address answers with success. `undefined` means no, for `until`. */
export async function answers(url: string): Promise<true | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.ok || undefined;
  } catch {
    return undefined;
  }
}
