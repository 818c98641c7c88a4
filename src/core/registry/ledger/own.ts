/** This clone's own chain, as a file: the only one that is written here. */
import { statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import type { Log } from '../../base/log';
import { addLines, readChainFile, writeChainFile } from './chain-file';
import { hashOf, lineOf, parseEntry, type LedgerEntry } from './entry';
import { rowOf, takeIn, type Intake } from './intake';

export interface OwnChain {
  /** On the disk, in the store and in memory when it returns. Throws conflict where it isn't the next one, disk_full; then nothing is changed. */
  commit(entry: LedgerEntry): void;
}

/** Brings file and store together: what the file has goes into the store, what was cut short in the midst of a write is cut off. */
export function openOwn(intake: Intake, { file, clone, log }: { file: string; clone: string; log: Log }): OwnChain {
  const { chains, rows } = intake;
  const next = (): number => (chains.last(clone)?.n ?? -1) + 1;
  /** Nothing is taken from a person without a word, and nothing is mended that was changed by hand. */
  const rewrite = (): number => {
    log.warn(`the ledger's file ${path.basename(file)} was gone: it is written again from the store (${next()} entries)`);
    return writeChainFile(file, chains.of(clone).map(lineOf));
  };
  const read = (): number => {
    const found = readChainFile(file);
    if (!found) return next() > 0 ? rewrite() : 0;
    const whole = found.lines.filter((line) => line.trim() !== '').length;
    const known = next();
    takeIn(intake, clone, found.lines);
    if (found.tail === '') return found.size;
    if (isWhole(found.tail)) {
      takeIn(intake, clone, [found.tail]);
      return found.size;
    }
    // The store knows a line there: it was changed by hand, which verify names.
    if (known > whole) return found.size;
    log.warn(`the ledger's last line was cut short while it was written, and said nothing to anybody: it is taken off (${found.tail.length} characters)`);
    truncateSync(file, found.whole);
    return found.whole;
  };
  const isWhole = (tail: string): boolean => {
    const entry = parseEntry(tail);
    return entry !== null && entry.clone === clone && hashOf(entry) === entry.hash;
  };
  const sizeNow = (): number | null => {
    try {
      return statSync(file).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw error;
    }
  };
  let size = read();
  return {
    commit(entry) {
      // Somebody else wrote there, or took the file away.
      if ((sizeNow() ?? 0) !== size || (size === 0 && next() > 0)) size = read();
      const last = chains.last(clone);
      if (entry.clone !== clone || entry.n !== next() || entry.before !== (last?.hash ?? null) || hashOf(entry) !== entry.hash) {
        throw new RunyardError('conflict', `another entry was written to the ledger before entry ${entry.n}`, 'look again, and try once more');
      }
      const { before, after } = addLines(file, [lineOf(entry)]);
      try {
        rows.append([rowOf(entry)]);
      } catch (error) {
        truncateSync(file, before);
        throw error;
      }
      size = after;
      chains.accept(entry);
    },
  };
}
