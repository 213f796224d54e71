// The engine that `ENGINE` names.

import { chromium } from './chromium';
import type { Engine, EngineName } from './engine';
import { firefox } from './firefox';
import { webkit } from './webkit';

const START: Record<EngineName, (folder: string) => Promise<Engine>> = { chromium, firefox, webkit };

export const ENGINE = (process.env.ENGINE ?? 'chromium') as EngineName;

/** Starts the engine. Its files are written to the folder. */
export function startEngine(folder: string): Promise<Engine> {
  const start = START[ENGINE];
  if (start === undefined) throw new Error(`ENGINE=${ENGINE}: one of ${Object.keys(START).join(', ')}`);
  return start(folder);
}
