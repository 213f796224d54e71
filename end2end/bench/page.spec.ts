// The time from a navigation to an interactive page, on a slow network and a slow machine: first with an empty browser
// cache, then with the files in the cache.

import { type BrowserContext, type Page, test as base } from '@playwright/test';
import { signIn } from '../pages/application';
import { noticeHydration } from '../fixtures/test';
import { sharedWorld } from '../world/global-setup';

/** The number of measurements. The median counts. */
const TIMES = 9;

/** "Slow 4G" of Chromium's developer tools, in bytes for each second and milliseconds for each round trip. */
const NETWORK = { down: 1_600_000 / 8, up: 750_000 / 8, latency: 150 };

/** The factor by which the processor is slowed down. */
const SLOWER = 4;

/** The measurement of one load. */
interface Load {
  /** Milliseconds from the navigation's start to the first text or picture. */
  painted: number;
  /** Milliseconds from the navigation's start to the end of hydration. */
  interactive: number;
  /** The sum of all layout shifts. It is the CLS if all of them fall into one second. */
  shift: number;
  requests: number;
  /** Bytes on the network, with the heads of the responses. */
  bytes: number;
}

const test = base.extend({ baseURL: async ({}, use) => use(sharedWorld().app) });

/** Runs in the page before every other script. */
function observe(): void {
  // `noticeHydration` sets this during hydration. Hydration is over when that task is, which is when the timer runs.
  Object.defineProperty(window, 'isInteractive', {
    set: () => setTimeout(() => Object.assign(window, { interactiveAt: performance.now() })),
  });
  const seen = { shift: 0 };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Loads the profile once, on the slow network. */
async function load(page: Page): Promise<Load> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: NETWORK.latency,
    downloadThroughput: NETWORK.down,
    uploadThroughput: NETWORK.up,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const travelled = { requests: 0, bytes: 0 };
  const kept = new Set<string>();
  session.on('Network.requestServedFromCache', ({ requestId }) => kept.add(requestId));
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (!kept.has(requestId) && !response.fromDiskCache) travelled.requests += 1;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    travelled.bytes += encodedDataLength;
  });
  await page.goto('/profile', { waitUntil: 'commit' });
  const interactive = await page.waitForFunction(() => (window as { interactiveAt?: number }).interactiveAt);
  // Later layout shifts and requests count too. There is no end to wait for: the stream of events never ends.
  await page.waitForTimeout(1_000);
  const rest = await page.evaluate(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const { shift } = (window as unknown as { seen: { shift: number } }).seen;
    return { painted: paint?.startTime ?? NaN, shift };
  });
  await session.detach();
  return { ...rest, ...travelled, interactive: Number(await interactive.jsonValue()) };
}

function middle(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

function row(name: string, loads: Load[]): string {
  const of = (figure: keyof Load) => middle(loads.map((load) => load[figure]));
  const slowest = Math.max(...loads.map((load) => load.interactive));
  const ms = (figure: number) => `${figure.toFixed(0)} ms`;
  return `| ${[
    name,
    ms(of('painted')),
    ms(of('interactive')),
    ms(slowest),
    of('shift').toFixed(3),
    of('requests'),
    `${(of('bytes') / 1000).toFixed(1)} KB`,
  ].join(' | ')} |`;
}

/** A page of a new browser context, which measures each load. */
async function fresh(open: () => Promise<BrowserContext>): Promise<Page> {
  const context = await open();
  await context.addInitScript(noticeHydration);
  await context.addInitScript(observe);
  return context.newPage();
}

test('`/profile`, signed in', async ({ browser, baseURL }) => {
  const first = await browser.newContext({ baseURL });
  await first.addInitScript(noticeHydration);
  await signIn(await first.newPage(), 'alice');
  const storageState = await first.storageState();
  await first.close();
  const cold: Load[] = [];
  const warm: Load[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const page = await fresh(() => browser.newContext({ baseURL, storageState }));
    cold.push(await load(page));
    warm.push(await load(page));
    await page.context().close();
  }
  console.log(`
### \`/profile\`, signed in, in Chromium ${browser.version()}

1.6 Mbit/s, ${NETWORK.latency} ms there and back, a processor ${SLOWER} times slower; the middle one of ${TIMES} loads.

| | first paint | interactive | the slowest | layout shift | requests | bytes |
|---|--:|--:|--:|--:|--:|--:|
${row('nothing kept', cold)}
${row('files kept', warm)}
`);
});
