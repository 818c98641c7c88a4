/** What two clones said against each other, as people read it. Pure. */
import type { ConflictRow } from '../../../protocol/registry';
import type { LedgerEntry } from './entry';
import { conflicts } from './history';
import { digestOf, numberConflicts } from './numbers';

const side = ({ version, by, t, clone }: LedgerEntry): ConflictRow['first'] => ({ version, by, t, clone });
const when = (t: number): string => `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Moves of one environment, and numbers given twice, of clones that didn't know of each other. `environment` is '' for numbers. */
export function conflictRows(entries: readonly LedgerEntry[]): ConflictRow[] {
  const said = ({ by, version, t }: LedgerEntry): string => `${by.name} moved it to version ${version ?? '?'} (${when(t)})`;
  const moves = conflicts(entries).map(({ model, environment, first, second }): ConflictRow => ({
    model, environment, first: side(first), second: side(second),
    text: `${environment} of ${model} was moved in two places that did not know of each other: ${said(first)}, and ${said(second)}. The second counts until somebody says otherwise.`,
    hint: `promote to ${environment} the version that is to be live there: that settles it`,
  }));
  const bytes = (entry: LedgerEntry): string => `${digestOf(entry).slice(0, 12)} by ${entry.by.name} (${when(entry.t)})`;
  const numbers = numberConflicts(entries).map(({ model, version, first, second }): ConflictRow => ({
    model, environment: '', first: side(first), second: side(second),
    text: `version ${version} of ${model} was given to two models: ${bytes(first)}, and ${bytes(second)}. The number stands for the first.`,
    hint: `register the second again: runyard models register gives it a number of its own`,
  }));
  return [...moves, ...numbers];
}
