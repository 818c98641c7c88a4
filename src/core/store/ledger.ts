/** The ledger's entries as rows, which are only ever added. What they mean is the registry's. */
import { RunyardError } from '../base/errors';
import type { Context } from './context';

/** `doc` is the entry's line as it stands in the file of its chain; `t` in milliseconds. */
export interface LedgerRow { hash: string; clone: string; n: number; t: number; doc: string }

export interface LedgerRows {
  /** All of them or none. What is there already is left as it is. Throws conflict where a chain has another entry of that number, disk_full. */
  append(rows: readonly LedgerRow[]): void;
  /** By chain, then by number. */
  all(): LedgerRow[];
}

export function createLedgerRows(context: Context): LedgerRows {
  const { db } = context;
  return {
    append: (rows) => context.write(() => {
      const there = db.prepare('SELECT hash FROM ledger WHERE clone = ? AND n = ?');
      const insert = db.prepare('INSERT INTO ledger (hash, clone, n, t, doc) VALUES (?, ?, ?, ?, ?)');
      for (const { hash, clone, n, t, doc } of rows) {
        const known = there.get<{ hash: string }>(clone, n)?.hash;
        if (known === hash) continue;
        if (known !== undefined) throw new RunyardError('conflict', `the chain ${clone} of the ledger has another entry ${n} here`, 'see what it was: runyard models verify');
        insert.run(hash, clone, n, t, doc);
      }
    }),
    all: () => db.prepare('SELECT hash, clone, n, t, doc FROM ledger ORDER BY clone, n').all<LedgerRow>(),
  };
}
