// From a navigation to a page that reacts: on a slow network and a slow machine, as with nothing
// kept by the browser, and again with its files kept.

import { type BrowserContext, type Page, test as base } from '@playwright/test';
import { signIn } from '../pages/application';
import { noticeHydration } from '../fixtures/test';
import { sharedWorld } from '../world/global-setup';

/** How often each is measured; the middle one counts. */
const TIMES = 9;

/** «Slow 4G» of Chromium's tools: bytes a second, and milliseconds there and back. */
const NETWORK = { down: 1_600_000 / 8, up: 750_000 / 8, latency: 150 };

/** How many times slower the processor is made. */
const SLOWER = 4;

/** What a load of a page came to. */
interface Load {
  /** Milliseconds from the navigation's start to the first text or picture. */
  painted: number;
  /** Milliseconds to when the page reacts. */
  interactive: number;
  /** The sum of all layout shifts: CLS where all fall into one second. */
  shift: number;
  requests: number;
  /** Bytes that travelled, heads included. */
  bytes: number;
}

const test = base.extend({ baseURL: async ({}, use) => use(sharedWorld().app) });

/** Runs in the page before anything else. */
function observe(): void {
  // Hydration begins when this is set, and is over with the task that it is part of.
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
  // What comes after, such as a shift, or the stream of events, which never ends.
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

/** A browser's window in which Alice is signed in and nothing else is kept. */
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
