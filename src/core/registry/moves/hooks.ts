/** Programs of the person's that run after a move, one after another. Each leaves an entry in the ledger. */
import type { HookConfig } from '../../config/registry';
import type { HookResult, Person } from '../../../protocol/registry';
import type { LedgerEntry } from '../ledger/entry';
import { runProgram } from './command';
import { folderOf, type Moving, type Place } from './parts';

export const hookName = ({ name, command }: HookConfig): string => name ?? command.join(' ');

/** `mayGoBack`: a hook that fails and says `onFailure: rollback` is the last one. */
export interface Hooking extends Place { version: number | null; from: number | null; by: Person; entry: LedgerEntry; mayGoBack: boolean; /** the engine had ended before: they may have been run already */ resumed?: boolean }
export interface Hooked { results: HookResult[]; /** the one that asks for the way back */ failed: HookResult | null }

/** They get RUNYARD_MODEL, RUNYARD_VERSION, RUNYARD_FROM (empty: nothing was live), RUNYARD_ENVIRONMENT, RUNYARD_FOLDER, RUNYARD_ENTRY and RUNYARD_RESUMED (1: after an engine that ended, empty else), and run in the workspace. */
export async function runHooks(moving: Moving, hooks: readonly HookConfig[], hooking: Hooking): Promise<Hooked> {
  const { context, parts: { ledger, step }, stop } = moving;
  const { model, environment, version, from, by, entry, mayGoBack } = hooking;
  const results: HookResult[] = [];
  for (const hook of hooks) {
    step?.('hook');
    const { outcome, status, duration, output } = await runProgram({ command: hook.command, cwd: context.workspace, timeout: hook.timeout, stop, env: { ...environmentFor(moving, hooking), RUNYARD_RESUMED: hooking.resumed === true ? '1' : '' } });
    const ended = { name: hookName(hook), command: hook.command, outcome, status, duration, output };
    const goesBack = mayGoBack && outcome !== 'done' && hook.onFailure === 'rollback';
    results.push({ ...ended, rolledBack: goesBack });
    ledger.append({ by, kind: 'hook', model, version, environment, facts: { ...ended, move: entry.hash, from, ...(goesBack && { goesBack }) } });
    step?.('hooked');
    if (outcome !== 'done') context.log.warn(`the hook ${ended.name} of ${environment} ${outcome}: ${output.trim().split('\n').at(-1) ?? ''}`);
    if (goesBack) return { results, failed: results.at(-1) ?? null };
  }
  return { results, failed: null };
}

export function environmentFor({ context }: Pick<Moving, 'context'>, { model, environment, version, from, entry }: Place & { version: number | null; from: number | null; entry: LedgerEntry }): Record<string, string> {
  return {
    RUNYARD_MODEL: model, RUNYARD_ENVIRONMENT: environment, RUNYARD_VERSION: version === null ? '' : String(version), RUNYARD_FROM: from === null ? '' : String(from),
    RUNYARD_FOLDER: folderOf(context, { model, environment }), RUNYARD_ENTRY: entry.hash,
  };
}
