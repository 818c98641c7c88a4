/** Is a ledger as it was written? Each chain by itself, and what chains say of each other. */
import { hashOf, parseEntry, type LedgerEntry } from './entry';

/** A chain as its file holds it. `expected`: what this workspace's store knows of it: how many entries, and the newest one's hash. */
export interface ChainText {
  clone: string; lines: readonly string[]; expected?: { count: number; hash: string } | undefined;
  /** the hash of each entry that this workspace knows of the chain, by its number */
  known?: ReadonlyMap<number, string> | undefined;
  /** lines whose hash was found right already */
  intact?: ReadonlySet<string> | undefined;
  /** the file as people know it; default: CLONE.jsonl */
  file?: string | undefined;
}
export interface LedgerFault { clone: string; /** 1-based line of its file; null where a line is not there at all */ line: number | null; what: 'unreadable' | 'edited' | 'removed' | 'reordered' | 'foreign'; message: string }
export interface Verified { entries: LedgerEntry[]; faults: LedgerFault[] }

/** Reads chains, and names every entry that was edited, removed or put elsewhere. Entries that can be read are returned whatever else is wrong. */
export function verifyLedger(chains: readonly ChainText[]): Verified {
  const entries: LedgerEntry[] = [];
  const faults: LedgerFault[] = [];
  for (const chain of chains) {
    const read = readChain(chain, faults);
    entries.push(...read.map(({ entry }) => entry));
    checkChain(chain, read, faults);
  }
  checkSeen(entries, faults);
  return { entries, faults };
}

interface Read { entry: LedgerEntry; line: number; text: string }

function readChain({ clone, lines, file = `${clone}.jsonl` }: ChainText, faults: LedgerFault[]): Read[] {
  const read: Read[] = [];
  for (const [at, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const entry = parseEntry(text);
    if (!entry) faults.push({ clone, line: at + 1, what: 'unreadable', message: `line ${at + 1} of ${file} is no entry: it was edited, or cut short while it was written` });
    else if (entry.clone !== clone) faults.push({ clone, line: at + 1, what: 'foreign', message: `line ${at + 1} of ${file} is of the chain ${entry.clone}: it was put there by hand` });
    else read.push({ entry, line: at + 1, text });
  }
  return read;
}

function checkChain({ clone, expected, known, intact, file = clone }: ChainText, read: readonly Read[], faults: LedgerFault[]): void {
  const name = ({ entry }: Read): string => `entry ${entry.n} (${entry.kind} ${entry.model}${entry.version === null ? '' : ` version ${entry.version}`})`;
  let before: LedgerEntry | null = null;
  let anew = false;
  for (const one of read) {
    const { entry, line, text } = one;
    if (!intact?.has(text) && hashOf(entry) !== entry.hash) faults.push({ clone, line, what: 'edited', message: `${name(one)} of ${file} was edited: it doesn't have the hash that it was written with` });
    else if (known && (known.get(entry.n) ?? entry.hash) !== entry.hash) {
      anew = true;
      faults.push({ clone, line, what: 'edited', message: `${name(one)} of ${file} isn't the entry that this workspace knows by that number: it was written anew` });
    }
    const wanted: number = before ? before.n + 1 : 0;
    if (entry.n < wanted) faults.push({ clone, line, what: 'reordered', message: `${name(one)} of ${file} stands behind entry ${wanted - 1}: lines were put in another order, or twice` });
    else if (entry.n > wanted) faults.push({ clone, line: null, what: 'removed', message: entry.n === wanted + 1 ? `entry ${wanted} of ${file} is gone` : `entries ${wanted} to ${entry.n - 1} of ${file} are gone` });
    else if (entry.before !== (before?.hash ?? null)) faults.push({ clone, line, what: 'edited', message: `${name(one)} of ${file} follows another entry than the one before it: one of the two was written anew` });
    if (!before || entry.n >= before.n) before = entry;
  }
  const last = read.at(-1)?.entry;
  if (expected && (!last || last.n + 1 < expected.count)) {
    faults.push({ clone, line: null, what: 'removed', message: `the newest ${expected.count - (last ? last.n + 1 : 0)} entries of ${file} are gone` });
  } else if (expected && last && !anew && !read.some(({ entry }) => entry.hash === expected.hash)) {
    faults.push({ clone, line: null, what: 'edited', message: `${file} was written anew: the entry that this workspace knows as number ${expected.count - 1} isn't in it` });
  }
}

/** An entry that another chain saw has to be there. A chain that isn't here at all is no fault: nobody pulled it yet. */
function checkSeen(entries: readonly LedgerEntry[], faults: LedgerFault[]): void {
  const here = new Set(entries.map(({ hash }) => hash));
  const chains = new Set(entries.map(({ clone }) => clone));
  const told = new Set<string>();
  for (const { clone, n, seen } of entries) {
    for (const [other, hash] of Object.entries(seen)) {
      if (here.has(hash) || !chains.has(other) || told.has(hash)) continue;
      told.add(hash);
      faults.push({ clone: other, line: null, what: 'removed', message: `an entry of ${other} is gone that entry ${n} of ${clone} had seen` });
    }
  }
}
