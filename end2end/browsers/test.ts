// `test` for the tests that run in each engine.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { startEngine } from '../engines';
import type { Browser, Engine } from '../engines/engine';
import { freePort } from '../world/processes';
import { startWorld } from '../world/world';
import { Front } from './front';
import { Tab } from './tab';

/** The longest time in which an engine or a world has to start, in milliseconds. */
const START = 90_000;

export interface FrontedWorld {
  app: string;
  issuer: string;
  front: Front;
}

interface Fixtures {
  /** A new browser without cookies and storage. */
  visitor: Browser;
  /** Opens a tab of that browser. */
  newTab: () => Promise<Tab>;
  tab: Tab;
}

interface WorkerFixtures {
  /** Settings of the application that are added to the usual ones. */
  settings: Record<string, string>;
  folder: string;
  engine: Engine;
  world: FrontedWorld;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  settings: [{}, { scope: 'worker', option: true }],
  folder: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'bff-engine-'));
      await use(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker' },
  ],
  engine: [
    async ({ folder }, use) => {
      const engine = await startEngine(folder);
      await use(engine);
      await engine.end();
    },
    { scope: 'worker', timeout: START },
  ],
  world: [
    async ({ folder, settings }, use) => {
      const port = await freePort();
      const front = await Front.start(folder, port);
      const listen = { BFF_LISTEN: `127.0.0.1:${port}`, BFF_PUBLIC_URL: front.origin };
      const world = await startWorld({ ...listen, ...settings });
      await use({ app: world.app, issuer: world.issuer, front });
      await world.end();
      await front.end();
    },
    { scope: 'worker', timeout: START },
  ],
  visitor: async ({ engine }, use) => {
    const browser = await engine.browser();
    await use(browser);
    await browser.end();
  },
  newTab: async ({ visitor, world }, use) => {
    await use(async () => new Tab(await visitor.window(), world.app));
    world.front.reset();
  },
  tab: async ({ newTab }, use) => use(await newTab()),
});

export { expect };
