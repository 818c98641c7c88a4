/** Hooks of a move that the engine's end came before: they are run after the next start, so that the new state is whole. */
import type { HookConfig } from '../../config/registry';
import { factsOf } from '../ledger/facts';
import { MOVES, type LedgerEntry } from '../ledger/entry';
import { goBackAfterHook } from './back';
import { hookName, runHooks } from './hooks';
import { hooksOf, type Moving, type Place } from './parts';
import { isWhole } from './whole';

/** A move of this clone's, the names of those of its hooks that the ledger has no end of, in their order, and the one that ended and asks for the way back. */
export interface CutOff extends Place { move: LedgerEntry; left: readonly string[]; failed: LedgerEntry | null; /** another move came after */ over: boolean }

/** What this clone's last move of each environment left undone. A move that is older than this said nothing of its hooks: nothing is left of it. Pure. */
export function cutOff(entries: readonly LedgerEntry[], clone: string): CutOff[] {
  const own = new Map<string, LedgerEntry>();
  const last = new Map<string, LedgerEntry>();
  const ended = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    if (entry.kind === 'hook') {
      const { move } = factsOf('hook', entry) ?? { move: '' };
      ended.set(move, [...(ended.get(move) ?? []), entry]);
    }
    if (!MOVES.includes(entry.kind) || entry.environment === null) continue;
    const key = JSON.stringify([entry.model, entry.environment]);
    last.set(key, entry);
    if (entry.clone === clone) own.set(key, entry);
  }
  return [...own].flatMap(([key, move]): CutOff[] => {
    const planned = move.facts['hooks'];
    const done = ended.get(move.hash) ?? [];
    const over = last.get(key) !== move;
    const stopped = done.find(({ facts }) => facts['goesBack'] === true) ?? null;
    // Where going back failed it was told then.
    const failed = over || done.some(({ facts }) => facts['outcome'] === 'stayed') ? null : stopped;
    const left = Array.isArray(planned) && !stopped ? planned.filter((name) => typeof name === 'string').slice(done.length) : [];
    return left.length > 0 || failed ? [{ model: move.model, environment: move.environment ?? '', move, left, failed, over }] : [];
  });
}

/** Says of hooks that they were not run, and why: in the ledger, where it stays. */
export function sayNotRun({ context, parts: { ledger } }: Moving, { model, environment, move }: CutOff, names: readonly string[], why: string): void {
  for (const name of names) {
    context.log.warn(`the hook ${name} of ${environment} was not run after ${model} version ${move.version ?? 'none'} was moved there: ${why}`);
    ledger.append({ by: move.by, kind: 'hook', model, version: move.version, environment, facts: { name, outcome: 'not run', output: why, move: move.hash } });
  }
}

/**
 * Runs what is left, under the model's lock, as the move itself would have: a hook that fails and says so takes the move back. The one that ran when the engine ended is
 * run again, as nobody knows what became of it: RUNYARD_RESUMED is 1 for all of them. Those that runyard.yaml has no longer are said to be not run.
 */
export async function resume(moving: Moving, cut: CutOff): Promise<void> {
  const { context, parts: { ledger }, locks } = moving;
  const { model, environment, move, left, failed } = cut;
  await locks.hold(model, { by: move.by, what: `runs the hooks of ${model} in ${environment}, which the end of the engine had cut off` }, async () => {
    if (!await isWhole(context, ledger.entries(), cut)) return context.log.warn(`the hooks of ${environment} wait: ${model} there is not what the ledger says`);
    const place = { model, environment, entry: move, version: move.version, from: typeof move.facts['from'] === 'number' ? move.facts['from'] : null, by: move.by };
    const rolledBack = move.kind === 'rolledBack';
    if (failed) return void await goBack(moving, place, failed);
    const configured = hooksOf(context, environment)[rolledBack ? 'onRollback' : 'onPromote'];
    const known = left.flatMap((name): HookConfig[] => configured.filter((hook) => hookName(hook) === name).slice(0, 1));
    sayNotRun(moving, cut, left.filter((name) => !known.some((hook) => hookName(hook) === name)), 'the engine ended before it, and runyard.yaml has it no longer');
    if (known.length > 0) context.log.warn(`the engine had ended before ${known.length === 1 ? 'a hook' : `${known.length} hooks`} of ${environment} after ${model} version ${move.version ?? 'none'} was moved there: run now`);
    const after = await runHooks(moving, known, { ...place, mayGoBack: !rolledBack, resumed: true });
    if (after.failed) await goBack(moving, place, ledger.entries().findLast(({ kind, facts }) => kind === 'hook' && facts['move'] === move.hash) ?? move);
    context.changed([model]);
  });
}

type Gone = Omit<Parameters<typeof goBackAfterHook>[1], 'version'> & { version: number | null };

async function goBack(moving: Moving, { version, ...place }: Gone, entry: LedgerEntry): Promise<void> {
  const facts = factsOf('hook', entry);
  if (version === null || !facts) return;
  await goBackAfterHook(moving, { ...place, version }, { name: facts.name, outcome: facts.outcome as 'failed', status: facts.status });
}
