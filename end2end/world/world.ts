// The processes that the tests use: Redis, the certified provider and the application, all on loopback. The
// application is at `localhost` and the provider at `127.0.0.1`. These are two sites, so that the tests find faults
// that only happen across sites.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort, Process } from './processes';
import { Redis } from './redis';

/** The project's folder. */
export const PROJECT = join(import.meta.dirname, '..', '..');

/** The parts of a running world that a test needs. */
export interface Addresses {
  /** The address of the application: its origin, and the path below which it is. */
  app: string;
  /** The origin of the provider. */
  issuer: string;
  /** Secrets that only the application and the provider may know. */
  secrets: { kind: string; value: string }[];
  /** The file with the application's log. */
  log: string;
}

export interface World extends Addresses {
  redis: Redis;
  endProvider(): Promise<void>;
  end(): Promise<void>;
}

/**
 * Starts all three processes. If one does not start, the others are ended. `settings` are settings of the application
 * that are added to the usual ones. The application is below `path`, such as `/shop`. `ofProvider` are settings of the
 * provider: `BACKCHANNEL_LOGOUT` lets it tell the application when a session ends there.
 */
export async function startWorld(
  settings: Record<string, string> = {},
  path = '',
  ofProvider: Record<string, string> = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'bff-'));
  const redis = new Redis(folder);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const started: Process[] = [];
  const end = async () => {
    for (const running of started.reverse()) await running.end();
    await redis.kill();
    remove();
  };
  try {
    await redis.start();
    const listen = settings.BFF_LISTEN ?? `127.0.0.1:${await freePort()}`;
    const app = settings.BFF_PUBLIC_URL ?? `http://localhost:${listen.split(':').at(-1)}${path}`;
    const client = { id: 'end2end', secret: randomBytes(24).toString('base64') };
    const provider = startProvider(folder, app, client, ofProvider);
    started.push(provider);
    const issuer = await provider.until(() => provider.log.match(/^issuer (.+)$/m)?.[1]);
    const sessionKey = randomBytes(32).toString('base64');
    const log = join(folder, 'bff.log');
    const bff = new Process({
      name: 'bff',
      program: process.env.BFF_BINARY ?? join(PROJECT, 'target/debug/bff'),
      arguments: [],
      environment: {
        BFF_PUBLIC_URL: app,
        BFF_LISTEN: listen,
        BFF_HTTP_LOOPBACK: 'on',
        BFF_SITE: process.env.BFF_SITE ?? join(PROJECT, 'target/site-dev'),
        BFF_ISSUER: issuer,
        BFF_CLIENT_ID: client.id,
        BFF_CLIENT_SECRET: client.secret,
        BFF_REDIS_URL: redis.url,
        BFF_SESSION_KEY: sessionKey,
        BFF_API_DEMO: `${issuer}/resource`,
        BFF_LOG: 'trace',
        ...settings,
      },
      log,
    });
    started.push(bff);
    await bff.until(() => answers(`http://${listen}/readyz`));
    const secrets = [
      { kind: 'client_secret', value: client.secret },
      { kind: 'session_key', value: sessionKey },
    ];
    return { app, issuer, secrets, log, redis, endProvider: () => provider.end(), end };
  } catch (error) {
    await end();
    throw error;
  }
}

function startProvider(
  folder: string,
  app: string,
  client: { id: string; secret: string },
  settings: Record<string, string>,
) {
  return new Process({
    name: 'oidc-provider',
    program: process.execPath,
    arguments: [join(import.meta.dirname, '..', 'provider', 'server.mjs')],
    environment: { PUBLIC_URL: app, CLIENT_ID: client.id, CLIENT_SECRET: client.secret, ...settings },
    log: join(folder, 'provider.log'),
  });
}
