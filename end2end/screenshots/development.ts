// Starts the application with its development provider, as `cargo xtask run` does.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort, Process } from '../world/processes';

const PROJECT = join(import.meta.dirname, '..', '..');

export default async function start(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'bff-'));
  // The usual ports if they are free, because the profile shows the provider's address.
  const port = await freePort(3000);
  const providerPort = await freePort(4000);
  // problems.spec.ts seals problems with this key.
  const sessionKey = randomBytes(32).toString('base64');
  const bff = new Process({
    name: 'bff --development',
    program: process.env.BFF_BINARY ?? join(PROJECT, 'target/debug/bff'),
    arguments: ['--development'],
    environment: {
      BFF_LISTEN: `127.0.0.1:${port}`,
      DEV_PROVIDER_LISTEN: `127.0.0.1:${providerPort}`,
      BFF_SESSION_KEY: sessionKey,
      BFF_SITE: process.env.BFF_SITE ?? join(PROJECT, 'target/site-dev'),
    },
    log: join(folder, 'bff.log'),
  });
  await bff.until(() => answers(`http://127.0.0.1:${port}/readyz`));
  process.env.END2END_SESSION_KEY = sessionKey;
  process.env.END2END_APP = `http://localhost:${port}`;
  process.env.END2END_PROVIDER = `http://127.0.0.1:${providerPort}`;
  return async () => {
    await bff.end();
    rmSync(folder, { recursive: true, force: true });
  };
}
