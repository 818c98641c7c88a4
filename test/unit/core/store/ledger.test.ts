import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { pickDriver } from '../../../../src/core/store/driver';
import type { LedgerRow } from '../../../../src/core/store/ledger';
import { store, tempDir } from './support';

const row = (n: number, rest: Partial<LedgerRow> = {}): LedgerRow => ({ hash: `h${n}`, clone: '0123456789abcdef', n, t: 1000 + n, doc: `{"n":${n}}`, ...rest });

describe('the rows of the ledger', () => {
  test('are there after the store was opened again, by chain and number', () => {
    const dir = tempDir();
    const first = store(dir);
    first.ledger.append([row(1), row(0), row(0, { hash: 'x', clone: '0000000000000000' })]);
    first.dispose();
    expect(store(dir).ledger.all().map(({ clone, n }) => [clone, n])).toEqual([['0000000000000000', 0], ['0123456789abcdef', 0], ['0123456789abcdef', 1]]);
  });

  test('can be said twice, and are never another than they were', () => {
    const at = store();
    at.ledger.append([row(0)]);
    at.ledger.append([row(0), row(1)]);
    expect(() => at.ledger.append([row(2), row(1, { hash: 'other' })])).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
    expect(at.ledger.all()).toEqual([row(0), row(1)]);
  });

  test.each([
    "UPDATE ledger SET doc = 'x' WHERE n = 0", 'DELETE FROM ledger', "INSERT OR REPLACE INTO ledger VALUES ('h0', '0123456789abcdef', 0, 9, 'x')",
    "INSERT OR REPLACE INTO ledger VALUES ('new', '0123456789abcdef', 0, 9, 'x')",
    "INSERT INTO ledger VALUES ('h0', '0123456789abcdef', 5, 9, 'x') ON CONFLICT (hash) DO UPDATE SET doc = 'x'",
  ])('refuse %s', (sql) => {
    const dir = tempDir();
    store(dir).ledger.append([row(0)]);
    const db = pickDriver().open({ file: path.join(dir, 'runyard.db') });
    expect(() => db.exec(sql)).toThrow('only added to');
    expect(db.prepare('SELECT doc FROM ledger').rows()).toEqual([['{"n":0}']]);
    db.close();
  });
});
