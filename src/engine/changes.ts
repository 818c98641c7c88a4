/** Changes are told some ten times a second at most: what comes in between is put together. */
import type { Disposable } from '../core/base/disposable';
import type { ChangedEvent } from '../protocol/engine';

export interface Coalescer extends Disposable { add(change: Partial<ChangedEvent>): void }

/** Calls `tell` with the union of what was added, `ms` after the first of it; the timer doesn't keep the process alive. */
export function coalesce(tell: (event: ChangedEvent) => void, ms = 100): Coalescer {
  let pending: Partial<ChangedEvent>[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const all = pending;
    pending = [];
    if (all.length > 0) tell(union(all));
  };
  return {
    add(change) {
      pending.push(change);
      timer ??= setTimeout(flush, ms).unref();
    },
    dispose() {
      clearTimeout(timer);
      pending = [];
    },
  };
}

/** One event that says what several say. */
function union(events: readonly Partial<ChangedEvent>[]): ChangedEvent {
  const texts = (key: 'runs' | 'experiments' | 'metrics'): string[] => [...new Set(events.flatMap((event) => event[key] ?? []))];
  const some = (key: 'config' | 'structure'): boolean => events.some((event) => event[key] === true);
  return { runs: texts('runs'), experiments: texts('experiments'), metrics: texts('metrics'), config: some('config'), structure: some('structure') };
}
