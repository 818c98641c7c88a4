/** The whole ledger read anew: files against each other and against the store. */
import path from 'node:path';
import type { Verification } from '../../../protocol/registry';
import type { LedgerRow } from '../../store/ledger';
import { readChainFile } from './chain-file';
import { hashOf, parseEntry } from './entry';
import { chainFiles } from './others';
import { verifyLedger, type ChainText, type LedgerFault } from './verify';

export interface Checked { /** the ledger's own folder, and the shared one where there is one; as people know them */ folders: readonly { at: string; name: string }[]; rows: readonly LedgerRow[]; clone: string }

/** Names every entry that was edited, removed or put elsewhere, in a file or in the store. */
export function checkLedger({ folders, rows, clone }: Checked): Pick<Verification, 'chains' | 'faults' | 'entries'> {
  const known = new Map<string, Map<number, string>>();
  for (const row of rows) known.set(row.clone, (known.get(row.clone) ?? new Map<number, string>()).set(row.n, row.hash));
  const { faults, intact } = checkRows(rows);
  const files = folders.flatMap(({ at, name }) => chainFiles(at).map((found): ChainText => {
    const { lines, tail } = readChainFile(found.file) ?? { lines: [], tail: '' };
    // Half a line of another's chain is on its way still.
    const all = found.clone === clone && tail !== '' ? [...lines, tail] : lines;
    return { clone: found.clone, lines: all, known: known.get(found.clone), intact, file: path.posix.join(name, `${found.clone}.jsonl`) };
  }));
  for (const [chain, hashes] of known) {
    // What is known has to be in one of a chain's files; of ours, in our own.
    const own = files.filter((file) => file.clone === chain);
    const fullest = chain === clone ? own[0] : own.sort((a, b) => b.lines.length - a.lines.length)[0];
    const last = Math.max(...hashes.keys());
    if (fullest) fullest.expected = { count: last + 1, hash: hashes.get(last) ?? '' };
    else faults.push({ clone: chain, line: null, what: 'removed', message: `the file ${chain}.jsonl is gone: this workspace knows ${hashes.size} entries of it` });
  }
  const verified = verifyLedger(files);
  const chains = [...new Set([...known.keys(), ...files.map((file) => file.clone)])].sort();
  const counts = chains.map((one) => ({ clone: one, entries: Math.max(known.get(one)?.size ?? 0, ...files.filter((file) => file.clone === one).map(({ lines }) => lines.filter((line) => line.trim() !== '').length)), ours: one === clone }));
  return { chains: counts, entries: counts.reduce((sum, { entries }) => sum + entries, 0), faults: [...faults, ...verified.faults] };
}

/** Rows that somebody changed around the store: their text isn't what their hash says. `intact`: the texts of all others. */
function checkRows(rows: readonly LedgerRow[]): { faults: LedgerFault[]; intact: Set<string> } {
  const intact = new Set<string>();
  const faults = rows.flatMap((row): LedgerFault[] => {
    const entry = parseEntry(row.doc);
    if (entry && entry.hash === row.hash && entry.clone === row.clone && entry.n === row.n && hashOf(entry) === row.hash) {
      intact.add(row.doc);
      return [];
    }
    return [{ clone: row.clone, line: null, what: 'edited', message: `entry ${row.n} of ${row.clone} was edited in the store: it doesn't have the hash that it was written with` }];
  });
  return { faults, intact };
}
