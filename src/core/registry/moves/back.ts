/** The way back that Runyard takes by itself when a hook of a promotion failed. */
import { describeError } from '../../base/errors';
import type { HookResult, Person } from '../../../protocol/registry';
import { flip } from './flip';
import { runHooks } from './hooks';
import type { LedgerEntry } from '../ledger/entry';
import { hooksOf, type Moving, type Place } from './parts';

export interface Failed extends Place { version: number; from: number | null; by: Person; /** the move that the hook ran after */ entry: LedgerEntry }

export interface WentBack { hooks: HookResult[]; rolledBack: boolean }

/** To what was live before, if only nothing. Its files are taken as they lie: they were live a moment ago. Where that fails the new version stays, and a person is told. */
export async function goBackAfterHook(moving: Moving, failed: Failed, hook: Pick<HookResult, 'name' | 'outcome' | 'status'>): Promise<WentBack> {
  const { context, parts: { ledger } } = moving;
  const { model, environment, version, from } = failed;
  const reason = `the hook ${hook.name} ${hook.outcome}${hook.status === null ? '' : ` with status ${hook.status}`}`;
  const told = (live: number | null, text: string): void => context.attention({ kind: 'rolledBack', model, version: live, environment, text });
  try {
    const hooks = await goBack(moving, failed, reason);
    told(from, `${model} in ${environment} went back to ${from === null ? 'nothing' : `version ${from}`}: ${reason}`);
    return { hooks, rolledBack: true };
  } catch (error) {
    context.log.error(`${model} in ${environment} could not go back after a hook`, error);
    const why = `${reason}, and going back failed: ${describeError(error)}`;
    told(version, `${model} version ${version} stays live in ${environment}: ${why}`);
    // For ever, and so that no later start tries it again unasked.
    ledger.append({ by: failed.by, kind: 'hook', model, version, environment, facts: { name: hook.name, outcome: 'stayed', output: why, move: failed.entry.hash } });
    return { hooks: [], rolledBack: false };
  }
}

async function goBack(moving: Moving, { model, environment, version, from, by }: Failed, reason: string): Promise<HookResult[]> {
  const { context, parts: { versions } } = moving;
  const facts = from === null ? null : await versions.facts(model, from);
  const folder = from === null ? '' : await versions.folder(model, from);
  const entry = await flip(moving, {
    model, environment, version: from, from: version, by, reason, kind: 'rolledBack', files: facts?.files ?? [], folder, facts: { digest: facts?.digest ?? null, checks: [], automatic: true, cause: 'hook' },
  });
  const { results } = await runHooks(moving, hooksOf(context, environment).onRollback, { model, environment, version: from, from: version, by, entry, mayGoBack: false });
  return results;
}
