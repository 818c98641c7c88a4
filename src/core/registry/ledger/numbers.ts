/** Numbers that clones gave to versions without knowing of each other. Pure. */
import type { LedgerEntry } from './entry';
import { factsOf } from './facts';
import { knowledge } from './history';

const digests = new WeakMap<LedgerEntry, string>();
/** Of the version that an entry registers; '' where it registers none. */
export function digestOf(entry: LedgerEntry): string {
  let digest = digests.get(entry);
  if (digest === undefined) digests.set(entry, digest = factsOf('registered', entry)?.digest ?? '');
  return digest;
}

export interface NumberConflict { model: string; version: number; first: LedgerEntry; second: LedgerEntry }

/** Numbers that two clones gave to different bytes. Settled when those without a number were registered again by somebody who had seen both, or the number was deleted so. */
export function numberConflicts(entries: readonly LedgerEntry[]): NumberConflict[] {
  const first = new Map<string, LedgerEntry>();
  const found: NumberConflict[] = [];
  for (const entry of entries) {
    if (entry.version === null || digestOf(entry) === '') continue;
    const key = JSON.stringify([entry.model, entry.version]);
    const holder = first.get(key);
    if (!holder) first.set(key, entry);
    else if (digestOf(holder) !== digestOf(entry) && !found.some(({ second }) => sameBytes(second, entry))) found.push({ model: entry.model, version: entry.version, first: holder, second: entry });
  }
  if (found.length === 0) return [];
  const knows = knowledge(entries);
  const settles = (entry: LedgerEntry, { model, version, first: one, second }: NumberConflict): boolean => {
    const again = entry.kind === 'registered' && entry.version !== version && digestOf(entry) === digestOf(second);
    const gone = entry.kind === 'deleted' && entry.version === version;
    return entry.model === model && (again || gone) && knows(entry, one) && knows(entry, second);
  };
  return found.filter((conflict) => !entries.some((entry) => settles(entry, conflict)));
}

const sameBytes = (a: LedgerEntry, b: LedgerEntry): boolean => a.model === b.model && a.version === b.version && digestOf(a) === digestOf(b);
