/** The way back that Runyard takes by itself when a hook of a promotion failed. */
import type { HookResult, Person } from '../../../protocol/registry';
import { flip } from './flip';
import { runHooks } from './hooks';
import { hooksOf, type Moving, type Place } from './parts';

export interface Failed extends Place { version: number; from: number | null; by: Person }

/** To what was live before, if only nothing. Its files are taken as they lie: they were live a moment ago, and `flip` leaves things as they are where they are gone. */
export async function goBackAfterHook(moving: Moving, { model, environment, version, from, by }: Failed, hook: HookResult): Promise<HookResult[]> {
  const { context, parts: { versions } } = moving;
  const reason = `the hook ${hook.name} ${hook.outcome}${hook.status === null ? '' : ` with status ${hook.status}`}`;
  const facts = from === null ? null : await versions.facts(model, from);
  const folder = from === null ? '' : await versions.folder(model, from);
  const entry = await flip(moving, {
    model, environment, version: from, from: version, by, reason, kind: 'rolledBack', files: facts?.files ?? [], folder, facts: { digest: facts?.digest ?? null, checks: [], automatic: true, cause: 'hook' },
  });
  context.attention({ kind: 'rolledBack', model, version: from, environment, text: `${model} in ${environment} went back to ${from === null ? 'nothing' : `version ${from}`}: ${reason}` });
  const { results } = await runHooks(moving, hooksOf(context, environment).onRollback, { model, environment, version: from, from: version, by, entry, mayGoBack: false });
  return results;
}
