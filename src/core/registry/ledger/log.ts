/**
 * The ledger of this workspace: `.runyard/ledger/<clone>.jsonl`, one file a clone, of which only our own is written. The store has every entry too,
 * so that what is taken out of a file is known; the files are what the store is made from again when it is lost.
 */
import path from 'node:path';
import type { Disposable } from '../../base/disposable';
import type { ConflictRow, Verification } from '../../../protocol/registry';
import type { Ledger, RegistryContext } from '../types';
import { createChains } from './chains';
import { checkLedger } from './check';
import { cloneId } from './clone';
import { conflictRows } from './conflict-rows';
import { nextEntry, parseEntry, type LedgerEntry } from './entry';
import { createOthers } from './others';
import { openOwn } from './own';
import { watchPulls } from './pulls';
import { createShared } from './shared';

/** Reads all chains that are here. Nothing is written before there is something to say, but the clone's id. */
export function openLedger(context: RegistryContext): Ledger & Disposable {
  const { store, log, clock, workspace } = context;
  const folder = path.join(store.dir, 'ledger');
  const { id: clone, copied } = cloneId(store.dir);
  if (copied) log.info(`this workspace is a copy of another one: it goes on in a chain of its own in the ledger (${clone})`);
  const chains = createChains();
  for (const row of store.ledger.all()) {
    const entry = parseEntry(row.doc);
    if (entry) chains.accept(entry);
    else log.warn(`entry ${row.n} of ${row.clone} in the store's ledger can't be read: see runyard models verify`);
  }
  const intake = { chains, rows: store.ledger, log };
  const own = path.join(folder, `${clone}.jsonl`);
  const others = createOthers(intake, own);
  const shared = createShared(context, chains, clone);
  const folders = (): string[] => [folder, ...[shared.folder() ?? []].flat()];
  // Before our own file: where it was lost with the store, the shared folder has it.
  others.refresh(folders());
  const chain = openOwn(intake, { file: own, clone, log });
  shared.fill();

  const next: Ledger['next'] = ({ t, ...facts }) => nextEntry(clone, chains.last(clone), { t: t ?? Math.round(clock() * 1000), ...facts, seen: chains.unseen(clone) });
  const commit = (entry: LedgerEntry): void => {
    chain.commit(entry);
    shared.fill();
  };
  const hearing: (() => void)[] = [];
  const refresh = (): boolean => {
    const found = others.refresh(folders());
    shared.fill();
    if (found > 0) for (const hear of hearing) hear();
    return found > 0;
  };
  const pulls = watchPulls({ log, folders, own: path.basename(own), refresh: () => { refresh(); } });
  const conflicts = remembered(() => chains.all(), conflictRows);
  return {
    clone, next, commit, refresh, conflicts,
    onPulled: (hear) => { hearing.push(hear); },
    entries: () => chains.all(),
    append(facts) {
      const entry = next(facts);
      commit(entry);
      return entry;
    },
    verify(): Verification {
      refresh();
      const named = folders().map((at) => ({ at, name: nameOf(workspace, at) }));
      const checked = checkLedger({ folders: named, rows: store.ledger.all(), clone });
      return { ok: checked.faults.length === 0, ...checked, conflicts: conflicts() };
    },
    dispose: () => pulls.dispose(),
  };
}

/** A folder as people know it: relative to the workspace where it lies in it. */
function nameOf(workspace: string, folder: string): string {
  const relative = path.relative(workspace, folder);
  return (relative.startsWith('..') || path.isAbsolute(relative) ? folder : relative).split(path.sep).join('/');
}

/** The answer for as long as the list is the same one. */
function remembered(list: () => readonly LedgerEntry[], make: (entries: readonly LedgerEntry[]) => ConflictRow[]): () => ConflictRow[] {
  let of: readonly LedgerEntry[] | null = null;
  let made: ConflictRow[] = [];
  return () => {
    const now = list();
    if (now !== of) made = make(now);
    of = now;
    return made;
  };
}
