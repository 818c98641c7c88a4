/** Going back without being asked: where runyard.yaml switches it on, after a health check failed so often in a row, or on a critical alert. */
import { describeError } from '../../base/errors';
import { disposable, type Disposable } from '../../base/disposable';
import type { EnvironmentConfig } from '../../config/registry';
import { MOVES, type LedgerEntry } from '../ledger/entry';
import { runProgram } from './command';
import { environmentFor } from './hooks';
import { registryOf, type Moving, type Place } from './parts';
import { pastOf } from './past';
import { rollback, type Cause } from './rollback';

type Health = NonNullable<NonNullable<EnvironmentConfig['autoRollback']>['health']>;
/** Of what is live: another move starts counting anew. */
interface Watched { entry: string; failures: number; next: number; running: boolean; /** it was tried, and nothing came of it */ given: boolean }
const TICK_MS = 500;

export interface Watcher extends Disposable { /** something live is being watched, or goes back right now */ busy(): boolean }

/** Looks at runyard.yaml as it is now, each time. */
export function watchHealth(moving: Moving): Watcher {
  const { context, parts: { ledger } } = moving;
  const watched = new Map<string, Watched>();
  const due = (): void => {
    const wanted = new Set<string>();
    for (const [environment, { autoRollback }] of Object.entries(registryOf(context).environments)) {
      if (!autoRollback?.health) continue;
      for (const model of modelsIn(ledger.entries(), environment)) {
        const key = JSON.stringify([model, environment]);
        const { last } = pastOf(ledger.entries(), { model, environment });
        if (!last || last.version === null) continue;
        wanted.add(key);
        const now = context.clock();
        const known = watched.get(key);
        const one = known?.entry === last.hash ? known : { entry: last.hash, failures: 0, next: now + autoRollback.health.every, running: false, given: false };
        watched.set(key, one);
        if (one.running || one.given || now < one.next) continue;
        one.running = true;
        void check(moving, { model, environment }, { health: autoRollback.health, last, one }).finally(() => { one.running = false; });
      }
    }
    for (const key of watched.keys()) if (!wanted.has(key)) watched.delete(key);
  };
  const timer = setInterval(() => {
    try {
      due();
    } catch (error) {
      context.log.error('health checks could not be looked at', error);
    }
  }, TICK_MS);
  timer.unref();
  return { ...disposable(() => clearInterval(timer)), busy: () => watched.size > 0 };
}

const modelsIn = (entries: readonly LedgerEntry[], environment: string): string[] => [...new Set(entries.flatMap((entry) => (MOVES.includes(entry.kind) && entry.environment === environment ? [entry.model] : [])))];

async function check(moving: Moving, place: Place, { health, last, one }: { health: Health; last: LedgerEntry; one: Watched }): Promise<void> {
  const { context, stop } = moving;
  const { outcome, status, output } = await runProgram({ command: health.command, cwd: context.workspace, timeout: health.timeout, stop, env: environmentFor(moving, { ...place, version: last.version, from: null, entry: last }) });
  one.next = context.clock() + health.every;
  if (stop.aborted) return;
  if (outcome === 'done') {
    one.failures = 0;
    return;
  }
  one.failures++;
  context.log.warn(`the health check of ${place.model} in ${place.environment} ${outcome} (${one.failures} of ${health.failures}): ${output.trim().split('\n').at(-1) ?? ''}`);
  if (one.failures < health.failures) return;
  one.given = true;
  await backByItself(moving, place, { cause: 'health', why: `the health check ${health.command.join(' ')} ${outcome}${status === null ? '' : ` with status ${status}`} ${one.failures} times in a row`, entry: last.hash });
}

/** `entry`: the move that it is about; where another one came since, nothing is done. */
export interface Automatic { cause: Exclude<Cause, 'person'>; why: string; entry?: string }

/** Never from a version that it went to by itself: two bad versions would take turns. What can't be done is told to a person. */
export async function backByItself(moving: Moving, place: Place, { cause, why, entry }: Automatic): Promise<void> {
  const { context, parts: { ledger } } = moving;
  const { last, live } = pastOf(ledger.entries(), place);
  if (!last || live === null || (entry !== undefined && last.hash !== entry)) return;
  const told = (what: string): void => context.attention({ kind: 'rolledBack', ...place, version: live, text: `${place.model} version ${live} in ${place.environment}: ${why}; ${what}` });
  if (last.kind === 'rolledBack' && last.facts['automatic'] === true) return told('it went back by itself before, and a person has to say what comes now');
  const watching = { signal: moving.stop, progress: () => undefined };
  try {
    await rollback(moving, { ...place, reason: why, force: false, expect: live }, { watching, cause });
  } catch (error) {
    context.log.error(`${place.model} in ${place.environment} could not go back by itself`, error);
    told(`it could not go back by itself: ${describeError(error)}`);
  }
}
