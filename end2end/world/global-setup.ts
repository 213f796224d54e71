// Starts the one world that all tests share, and ends it after them.

import { type Addresses, startWorld } from './world';

const VARIABLE = 'END2END_WORLD';

export default function start(): Promise<() => Promise<void>> {
  return shareWorld();
}

/** The same with other settings of the application. Gives what ends it. */
export async function shareWorld(settings: Record<string, string> = {}): Promise<() => Promise<void>> {
  const { app, issuer, secrets, log, end } = await startWorld(settings);
  const addresses: Addresses = { app, issuer, secrets, log };
  // The processes that run the tests inherit it.
  process.env[VARIABLE] = JSON.stringify(addresses);
  return end;
}

/** The world that was started. */
export function sharedWorld(): Addresses {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Addresses;
}
