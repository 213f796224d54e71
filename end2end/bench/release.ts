// The world of the tests with the log level of a production server.

import { shareWorld } from '../world/global-setup';

export default function start(): Promise<() => Promise<void>> {
  return shareWorld({ BFF_LOG: 'info' });
}
