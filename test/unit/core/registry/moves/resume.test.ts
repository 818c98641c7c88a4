// What an engine that ended left undone of a move, by what the ledger says.
import { expect, test } from 'vitest';
import { nextEntry, type LedgerEntry, type LedgerKind } from '../../../../../src/core/registry/ledger/entry';
import { cutOff } from '../../../../../src/core/registry/moves/resume';

const [OWN, OTHER] = ['a'.repeat(16), 'b'.repeat(16)];
const by = { name: 'Ana', email: 'ana@example.org' };

function chain(): { entries: LedgerEntry[]; add(kind: LedgerKind, facts: Record<string, unknown>, clone?: string): LedgerEntry } {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    add(kind, facts, clone = OWN) {
      const last = entries.findLast((entry) => entry.clone === clone) ?? null;
      const entry = nextEntry(clone, last, { t: entries.length, by, kind, model: 'car', version: 2, environment: 'production', facts, seen: {} });
      entries.push(entry);
      return entry;
    },
  };
}

test('of a move those hooks are left that have no end in the ledger', () => {
  const { entries, add } = chain();
  const move = add('promoted', { from: 1, hooks: ['a', 'b', 'c'] });
  expect(cutOff(entries, OWN)).toEqual([{ model: 'car', environment: 'production', move, left: ['a', 'b', 'c'], failed: null, over: false }]);
  add('hook', { name: 'a', outcome: 'done', move: move.hash });
  expect(cutOff(entries, OWN)[0]?.left).toEqual(['b', 'c']);
  add('hook', { name: 'b', outcome: 'failed', move: move.hash });
  add('hook', { name: 'c', outcome: 'done', move: move.hash });
  expect(cutOff(entries, OWN)).toEqual([]);
});

test('a hook that asks for the way back is the last one, and going back is left until it was tried', () => {
  const { entries, add } = chain();
  const move = add('promoted', { from: 1, hooks: ['a', 'b'] });
  const failed = add('hook', { name: 'a', outcome: 'failed', goesBack: true, move: move.hash });
  expect(cutOff(entries, OWN)).toMatchObject([{ left: [], failed: { hash: failed.hash } }]);
  add('hook', { name: 'a', outcome: 'stayed', move: move.hash });
  expect(cutOff(entries, OWN)).toEqual([]);
});

test('hooks of another clone, and of moves that said nothing of hooks, are nobody\'s business here; those that a later move overtook are over', () => {
  const { entries, add } = chain();
  add('promoted', { from: 1 });
  expect(cutOff(entries, OWN)).toEqual([]);
  add('promoted', { from: 1, hooks: ['a'] }, OTHER);
  expect(cutOff(entries, OWN)).toEqual([]);
  expect(cutOff(entries, OTHER)).toMatchObject([{ left: ['a'], over: false }]);
  add('rolledBack', { from: 2, hooks: [] });
  expect(cutOff(entries, OTHER)).toMatchObject([{ left: ['a'], over: true }]);
});
