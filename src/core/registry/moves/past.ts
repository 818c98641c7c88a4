/** What was live in an environment, and where it can go back to. Pure over entries. */
import { RunyardError } from '../../base/errors';
import { movesOf } from '../ledger/history';
import type { LedgerEntry } from '../ledger/entry';
import { when, type Place } from './parts';

export interface Past { /** oldest first */ moves: readonly LedgerEntry[]; last: LedgerEntry | null; /** live now */ live: number | null }

export function pastOf(entries: readonly LedgerEntry[], { model, environment }: Place): Past {
  const moves = movesOf(entries, model, environment);
  const last = moves.at(-1) ?? null;
  return { moves, last, live: last?.version ?? null };
}

/** Throws conflict where another version is live than the person saw. Undefined: they saw nothing. */
export function checkExpected({ last, live }: Past, { environment }: Place, expect: number | null | undefined): void {
  if (expect === undefined || expect === live) return;
  const name = (version: number | null): string => (version === null ? 'nothing' : `version ${version}`);
  throw new RunyardError('conflict', `${name(live)} is live in ${environment}, and no longer ${name(expect)}: ${last ? `${last.by.name} moved it at ${when(last.t)}` : 'nothing was ever promoted to it'}`, 'look at what is live now, and decide again');
}

/** The version to go back to: `wanted`, or the last one that was live and isn't now. Throws refused where there is none, or it never was live there. */
export function backTarget({ moves, live }: Past, { model, environment }: Place, wanted?: number): number {
  if (wanted !== undefined) {
    if (wanted === live) throw new RunyardError('refused', `version ${wanted} of ${model} is live in ${environment} already`, 'name an earlier version');
    if (moves.some(({ version }) => version === wanted)) return wanted;
    const were = [...new Set(moves.flatMap(({ version }) => (version === null || version === live ? [] : [version])))].sort((a, b) => a - b);
    throw new RunyardError('refused', `version ${wanted} of ${model} was never live in ${environment}`, were.length > 0 ? `there were ${were.join(', ')}; promote it to have its gates asked` : 'promote it: then its gates are asked');
  }
  const target = moves.findLast(({ version }) => version !== null && version !== live)?.version;
  if (target != null) return target;
  throw new RunyardError('refused', `there is nothing to go back to: ${live === null ? `no version of ${model} was ever live in ${environment}` : `version ${live} is the only one of ${model} that was ever live in ${environment}`}`, 'promote another version');
}
