// Starts the world that all tests share, and ends it after the tests.

import { type Addresses, startWorld } from './world';

const VARIABLE = 'END2END_WORLD';

export default function start(): Promise<() => Promise<void>> {
  return shareWorld();
}

/** Starts the shared world with these settings of the application. Returns a function that ends it. */
export async function shareWorld(settings: Record<string, string> = {}): Promise<() => Promise<void>> {
  const { app, issuer, secrets, log, end } = await startWorld(settings);
  tell({ app, issuer, secrets, log });
  return end;
}

/** Tells the addresses to the processes that run the tests, which inherit the environment. */
export function tell(addresses: Addresses): void {
  process.env[VARIABLE] = JSON.stringify(addresses);
}

/** The addresses of the shared world. */
export function sharedWorld(): Addresses {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Addresses;
}
