// Starts the shop with its development provider and a database of its own, as `cargo xtask run` does in its folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tell } from '../world/global-setup';
import { answers, freePort, Process } from '../world/processes';

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export default async function start(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const port = await freePort();
  const providerPort = await freePort();
  const log = join(folder, 'shop.log');
  const shop = new Process({
    name: 'shop --development',
    program: given('SHOP_BINARY'),
    arguments: ['--development'],
    environment: {
      BFF_LISTEN: `127.0.0.1:${port}`,
      DEV_PROVIDER_LISTEN: `127.0.0.1:${providerPort}`,
      BFF_SITE: given('SHOP_SITE'),
      LEPTOS_OUTPUT_NAME: 'shop',
      SHOP_DATABASE: join(folder, 'shop.sqlite'),
    },
    log,
  });
  await shop.until(() => answers(`http://127.0.0.1:${port}/readyz`));
  tell({ app: `http://localhost:${port}`, issuer: `http://127.0.0.1:${providerPort}`, secrets: [], log });
  return async () => {
    await shop.end();
    rmSync(folder, { recursive: true, force: true });
  };
}
