/** Takes lines of a chain into the store and into memory: those that are what they were written as, and whose place is free. */
import { describeError, RunyardError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { LedgerRows } from '../../store/ledger';
import type { Chains } from './chains';
import { hashOf, lineOf, parseEntry, type LedgerEntry } from './entry';

export interface Intake { chains: Chains; rows: LedgerRows; log: Log }

/**
 * How many were new. Lines that are no entry of the chain, that were edited, or that say another thing than what is known are left out: verify names them.
 * Where the store can't take them (a full disk), they are known all the same, and come into it at the next start: looking never fails for that.
 */
export function takeIn({ chains, rows, log }: Intake, clone: string, lines: readonly string[]): number {
  const fresh = new Map<number, LedgerEntry>();
  for (const line of lines) {
    const entry = parseEntry(line);
    if (!entry || entry.clone !== clone || chains.at(clone, entry.n) || fresh.has(entry.n) || hashOf(entry) !== entry.hash) continue;
    fresh.set(entry.n, entry);
  }
  if (fresh.size === 0) return 0;
  const entries = [...fresh.values()].sort((a, b) => a.n - b.n);
  try {
    rows.append(entries.map(rowOf));
  } catch (error) {
    if (!(error instanceof RunyardError)) throw error;
    log.warn(`${entries.length} entries of the ledger's chain ${clone} can't be taken into the store: ${describeError(error)}`);
  }
  for (const entry of entries) chains.accept(entry);
  return entries.length;
}

export const rowOf = (entry: LedgerEntry): { hash: string; clone: string; n: number; t: number; doc: string } =>
  ({ hash: entry.hash, clone: entry.clone, n: entry.n, t: entry.t, doc: lineOf(entry) });
