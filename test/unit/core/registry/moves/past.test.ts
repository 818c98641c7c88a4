import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextEntry, type LedgerEntry, type LedgerKind } from '../../../../../src/core/registry/ledger/entry';
import { backTarget, checkExpected, pastOf } from '../../../../../src/core/registry/moves/past';

const place = { model: 'loan', environment: 'production' };
/** One chain of moves; null: nothing is live from then on. */
function chain(...versions: (number | null)[]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const [at, version] of versions.entries()) {
    const kind: LedgerKind = version === null ? 'rolledBack' : 'promoted';
    entries.push(nextEntry('a'.repeat(16), entries.at(-1) ?? null, { t: Date.UTC(2026, 0, 1 + at), by: { name: 'Ana', email: '' }, kind, ...place, version, facts: {}, seen: {} }));
  }
  return entries;
}

describe('what to go back to', () => {
  test.each([
    [[1, 2], 1], [[1, 2, 3], 2], [[1, 2, 1], 2], [[1, 2, 2], 1], [[1, null, 2], 1], [[1, 2, null], 2],
  ])('after %j is version %j', (moves, target) => {
    expect(backTarget(pastOf(chain(...moves), place), place)).toBe(target);
  });

  test.each([[[]], [[1]], [[1, 1]], [[null]]])('after %j is nothing', (moves) => {
    expect(() => backTarget(pastOf(chain(...moves), place), place)).toThrow(/nothing to go back to/);
  });

  test('is always a version that was live and isn\'t, whichever is asked for', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }), { maxLength: 12 }), fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }), (moves, wanted) => {
      const past = pastOf(chain(...moves), place);
      const could = new Set(moves.filter((one) => one !== null && one !== past.live));
      let target: number | null = null;
      try {
        target = backTarget(past, place, wanted);
      } catch (error) {
        expect(error).toMatchObject({ code: 'refused' });
      }
      if (target === null) expect(wanted === undefined ? could.size === 0 : !could.has(wanted)).toBe(true);
      else expect(wanted === undefined ? could.has(target) : target === wanted && could.has(target)).toBe(true);
    }));
  });
});

test('what a person saw and is no longer so names what is, who moved it and when', () => {
  const past = pastOf(chain(1, 2), place);
  expect(() => checkExpected(past, place, 1)).toThrow('version 2 is live in production, and no longer version 1: Ana moved it at 2026-01-02 00:00 UTC');
  expect(() => checkExpected(past, place, null)).toThrow('no longer nothing');
  for (const fine of [2, undefined]) expect(() => checkExpected(past, place, fine)).not.toThrow();
  expect(() => checkExpected(pastOf([], place), place, 3)).toThrow('nothing was ever promoted to it');
});
