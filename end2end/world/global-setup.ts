// Starts the one world that all tests share, and ends it after them.

import { type Addresses, startWorld } from './world';

const VARIABLE = 'END2END_WORLD';

export default async function start(): Promise<() => Promise<void>> {
  const { app, issuer, secrets, log, end } = await startWorld();
  const addresses: Addresses = { app, issuer, secrets, log };
  // The processes that run the tests inherit it.
  process.env[VARIABLE] = JSON.stringify(addresses);
  return end;
}

/** The world that was started. */
export function sharedWorld(): Addresses {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Addresses;
}
