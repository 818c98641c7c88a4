/** The copy of our chain in the folder that git keeps, or a shared disk: what is missing there is filled in. Never the truth: it may lag, or be away. */
import { statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describeError, systemCode } from '../../base/errors';
import type { RegistryContext } from '../types';
import { addLines, readChainFile } from './chain-file';
import type { Chains } from './chains';
import { lineOf, parseEntry } from './entry';

export interface SharedCopy {
  /** DIR/ledger of runyard.yaml's `registry.share`, absolute; null where nothing is shared, or the folder is the ledger's own. */
  folder(): string | null;
  /** Adds what is missing. A folder that can't be written is said once, and filled in later. */
  fill(): void;
}

export function createShared({ workspace, store, loaded, log }: RegistryContext, chains: Chains, clone: string): SharedCopy {
  let told = '';
  let left = { file: '', size: -1, next: -1 };
  const own = path.join(store.dir, 'ledger');
  const folder = (): string | null => {
    const { share } = loaded().config.registry;
    const shared = share === undefined ? own : path.join(path.resolve(workspace, share), 'ledger');
    return path.resolve(shared) === path.resolve(own) ? null : shared;
  };
  const fill = (at: string): void => {
    const file = path.join(at, `${clone}.jsonl`);
    const next = (chains.last(clone)?.n ?? -1) + 1;
    if (next === 0 || (left.file === file && left.next === next && left.size === sizeOf(file))) return;
    const from = left.file === file && left.size === sizeOf(file) ? left.next : startOf(file, chains, clone);
    const lines = chains.of(clone).filter(({ n }) => n >= from).map(lineOf);
    left = { file, next, size: lines.length > 0 ? addLines(file, lines).after : sizeOf(file) };
  };
  return {
    folder,
    fill() {
      const at = folder();
      if (at === null) return;
      try {
        fill(at);
        told = '';
      } catch (error) {
        const text = `the ledger can't be shared in ${at} (${describeError(error)}): it is filled in there later`;
        if (text !== told) log.warn(text);
        told = text;
      }
    },
  };
}

/** The number of our first entry that the copy lacks at its end. Half a line that a writer left there is taken off. */
function startOf(file: string, chains: Chains, clone: string): number {
  const found = readChainFile(file);
  if (!found) return 0;
  const numbers = [...found.lines, found.tail].map((line) => parseEntry(line)).filter((entry) => entry !== null && chains.at(clone, entry.n)?.hash === entry.hash).map((entry) => entry?.n ?? -1);
  const next = numbers.reduce((most, n) => Math.max(most, n), -1) + 1;
  const cut = chains.at(clone, next);
  if (found.tail !== '' && cut && lineOf(cut).startsWith(found.tail) && lineOf(cut) !== found.tail) truncateSync(file, found.whole);
  return next;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
