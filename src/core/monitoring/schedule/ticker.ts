/** Runs what is due while the engine runs. */
import { disposable, type Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';

const TICK_MS = 1000;
/** Whoever started the engine to run what is due itself comes first. */
const GRACE_MS = 4000;

export interface Ticking { log: Log; /** looks at what is due; awaits what it starts */ tick(): Promise<void> }

/** Never two ticks at once. */
export function startTicker({ log, tick }: Ticking, { every = TICK_MS, after = GRACE_MS }: { every?: number; after?: number } = {}): Disposable {
  let busy = false;
  const began = performance.now();
  const timer = setInterval(() => {
    if (busy || performance.now() - began < after) return;
    busy = true;
    tick().catch((error: unknown) => log.error('schedules could not be looked at', error)).finally(() => { busy = false; });
  }, every);
  timer.unref();
  return disposable(() => clearInterval(timer));
}
