/** Moves of models between environments, as the engine offers them. */
import type { Disposable } from '../../base/disposable';
import type { RegistryHandlers } from '../service/handlers';
import type { RegistryContext, Watching } from '../types';
import { backByItself, watchHealth, type Watcher } from './health';
import { createLocks } from './lock';
import { registryOf, type MoveParts, type Moving } from './parts';
import { plan } from './plan';
import { promote } from './promote';
import { liveAt } from '../ledger/history';
import { catchUp, reconcile } from './reconcile';
import { resume } from './resume';
import { rollback } from './rollback';

export interface Moves extends Pick<RegistryHandlers, 'registry.plan' | 'registry.promote' | 'registry.rollback'>, Disposable {
  /** Brings the pointers to what the ledger says; before anything else is asked. Hooks that the engine's end had cut off go on afterwards, under the model's lock. */
  reconcile(): Promise<void>;
  /** Brings the pointers to what the ledger says by now: another clone's move was pulled, or files came that it needs. One that is being moved is left to its move. Never rejects. */
  catchUp(): Promise<void>;
  /** runs the health checks of runyard.yaml for as long as it isn't disposed */
  watchHealth(): Disposable;
  /** an alert of severity critical: goes back where runyard.yaml says so; what came of it, null where it doesn't */
  onAlert(model: string, environment: string, text: string): Promise<string | null>;
  /** something is moved, or watched, so that the engine has to stay */
  busy(): boolean;
}

export function moving(context: RegistryContext, parts: MoveParts): Moves {
  const locks = createLocks();
  const end = new AbortController();
  const all: Moving = { context, parts, locks, stop: end.signal };
  const watchers = new Set<Watcher>();
  let caughtUp = Promise.resolve();
  const unheard = <T>(_: string, __: unknown, work: (watching: Watching) => Promise<T>): Promise<T> => work({ signal: new AbortController().signal, progress: () => undefined });
  const run = parts.jobs ? parts.jobs.run : unheard;
  return {
    'registry.plan': (args) => plan(all, args),
    'registry.promote': ({ job, ...args }, asker) => run(job, asker, (watching) => promote(all, args, watching)),
    'registry.rollback': ({ job, ...args }, asker) => run(job, asker, (watching) => rollback(all, args, { watching })),
    async reconcile() {
      for (const cut of await reconcile(all)) {
        resume(all, cut).catch((error: unknown) => context.log.error(`the hooks of ${cut.environment} for ${cut.model}, which the engine's end had cut off, could not be run`, error));
      }
    },
    catchUp() {
      // One after another: the second may know of more.
      caughtUp = caughtUp.then(() => catchUp(all)).catch((error: unknown) => context.log.error('what is live could not be brought to what the ledger says', error));
      return caughtUp;
    },
    watchHealth() {
      const watcher = watchHealth(all);
      watchers.add(watcher);
      return { dispose() { watcher.dispose(); watchers.delete(watcher); } };
    },
    async onAlert(model, environment, text) {
      if (registryOf(context).environments[environment]?.autoRollback?.onAlert !== true) return null;
      const before = liveAt(parts.ledger.entries(), { model, environment })?.version ?? null;
      await backByItself(all, { model, environment }, { cause: 'alert', why: text });
      const now = liveAt(parts.ledger.entries(), { model, environment })?.version ?? null;
      return now === before ? `${environment} stays at version ${before ?? 'none'}: see the registry's messages` : `${environment} went back from version ${before ?? 'none'} to ${now ?? 'none'}`;
    },
    busy: () => locks.busy() || [...watchers].some((one) => one.busy()),
    dispose() {
      for (const watcher of watchers) watcher.dispose();
      watchers.clear();
      end.abort();
    },
  };
}
