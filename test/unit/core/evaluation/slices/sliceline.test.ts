import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunyardError } from '../../../../../src/core/base/errors';
import { codeCategories } from '../../../../../src/core/evaluation/slices/coding';
import type { CodedColumn } from '../../../../../src/core/evaluation/slices/column';
import { rowsOf } from '../../../../../src/core/evaluation/slices/membership';
import { sliceLabel } from '../../../../../src/core/evaluation/slices/predicate';
import { searchSlices, searchSlicesSlowly, type SearchProgress } from '../../../../../src/core/evaluation/slices/sliceline';
import { random } from '../../../../support/random';
import { bruteForce, column } from './tables';

const loss = fc.oneof(fc.constantFrom(0, 1), fc.constantFrom(0, 0, 0, 1, 2, 5), fc.double({ min: 0, max: 100, noNaN: true }));
const table = fc.integer({ min: 1, max: 60 }).chain((rows) => fc.record({
  columns: fc.array(fc.integer({ min: 0, max: 4 }).chain((most) => fc.array(fc.integer({ min: 0, max: most }), { minLength: rows, maxLength: rows })), { minLength: 1, maxLength: 5 }),
  losses: fc.oneof(fc.array(fc.constantFrom(0, 0, 1), { minLength: rows, maxLength: rows }), fc.array(loss, { minLength: rows, maxLength: rows })),
  settings: fc.record({
    alpha: fc.constantFrom(0.5, 0.8, 0.95, 0.99, 1), k: fc.integer({ min: 1, max: 12 }), minSupport: fc.integer({ min: 1, max: 8 }),
    depth: fc.integer({ min: 1, max: 4 }), maxTies: fc.constant(100_000),
  }),
}));
const read = ({ columns, losses }: { columns: number[][]; losses: number[] }): [CodedColumn[], Float64Array] =>
  [columns.map((codes, c) => column(`c${c}`, codes)), Float64Array.from(losses)];
const usual = { alpha: 0.95, k: 10, minSupport: 1, depth: 2 };
const thrown = (work: () => unknown): RunyardError => {
  try { work(); } catch (error) { return error as RunyardError; }
  throw new Error('nothing was thrown');
};

/** A table with two bad corners in it: where c0 = 1 and c1 = 2, and where c2 = 0, c3 = 1 and c4 = 3. */
function planted(rows: number, wide: number): [CodedColumn[], Float64Array] {
  const next = random(7);
  const columns = Array.from({ length: wide }, (_, c) => column(`c${c}`, Array.from({ length: rows }, () => Math.floor(next() * 4))));
  const code = (c: number, row: number): number => columns[c]?.codes[row] ?? -1;
  const losses = Float64Array.from({ length: rows }, (_, row) => {
    const bad = (code(0, row) === 1 && code(1, row) === 2) || (code(2, row) === 0 && code(3, row) === 1 && code(4, row) === 3);
    return next() < (bad ? 0.6 : 0.1) ? 1 : 0;
  });
  return [columns, losses];
}

describe('searchSlices', () => {
  test('finds the same slices as trying all of them, ties with the last included', () => {
    fc.assert(fc.property(table, (drawn) => {
      const [columns, losses] = read(drawn);
      const found = searchSlices(columns, losses, drawn.settings).slices;
      const expected = bruteForce(columns, losses, drawn.settings);
      expect(found.map((slice) => sliceLabel(columns, slice)).sort()).toEqual(expected.map(({ key }) => key).sort());
      const byKey = new Map(expected.map((slice) => [slice.key, slice]));
      for (const slice of found) {
        const plain = byKey.get(sliceLabel(columns, slice));
        expect(slice.size).toBe(plain?.size);
        expect(slice.sum).toBeCloseTo(plain?.sum ?? NaN, 9);
        expect(slice.score).toBeCloseTo(plain?.score ?? NaN, 9);
      }
    }), { numRuns: 1500 });
  });

  test('every slice has its support, its columns once and rising, and the figures of its own rows; the best come first', () => {
    fc.assert(fc.property(table, (drawn) => {
      const [columns, losses] = read(drawn);
      const { slices, meanLoss } = searchSlices(columns, losses, drawn.settings);
      expect(meanLoss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / losses.length, 9);
      slices.forEach((slice, i) => {
        const rows = [...rowsOf(columns, slice, losses.length)].map((row) => losses[row] ?? NaN);
        expect(slice.size).toBeGreaterThanOrEqual(drawn.settings.minSupport);
        expect(slice.columns.length).toBeLessThanOrEqual(drawn.settings.depth);
        expect(slice.columns).toEqual([...new Set(slice.columns)].sort((a, b) => a - b));
        expect(rows.length).toBe(slice.size);
        expect(slice.largest).toBe(Math.max(...rows));
        expect(slice.score).toBeGreaterThan(0);
        if (i > 0) expect((slices[i - 1]?.score ?? 0) - slice.score).toBeGreaterThan(-1e-9 * Math.max(1, slice.score));
      });
    }), { numRuns: 300 });
  });

  test('the order of the rows and of the columns changes nothing but names', () => {
    fc.assert(fc.property(table, fc.integer(), (drawn, seed) => {
      const next = random(seed);
      const [columns, losses] = read(drawn);
      const order = Array.from(losses, (_, row) => ({ row, at: next() })).sort((a, b) => a.at - b.at).map(({ row }) => row);
      const mixed = columns.map((one) => ({ ...one, codes: Uint32Array.from(order, (row) => one.codes[row] ?? 0) }));
      const plain = searchSlices(columns, losses, drawn.settings);
      const again = searchSlices(mixed, Float64Array.from(order, (row) => losses[row] ?? 0), drawn.settings);
      expect(again.slices.map(({ columns: at, codes, size }) => ({ at, codes, size }))).toEqual(plain.slices.map(({ columns: at, codes, size }) => ({ at, codes, size })));
      const turned = searchSlices([...columns].reverse(), losses, drawn.settings);
      const sorted = (all: typeof plain): string[] => all.slices.map(({ score, size }) => `${score.toFixed(8)} ${size}`).sort();
      expect(sorted(turned)).toEqual(sorted(plain));
    }), { numRuns: 300 });
  });

  test('finds what was planted', () => {
    const [columns, losses] = planted(20_000, 6);
    const { slices, counted } = searchSlices(columns, losses, { alpha: 0.99, k: 4, minSupport: 50, depth: 4 });
    const labels = slices.map((slice) => sliceLabel(columns, slice));
    expect(labels.slice(0, 2).sort()).toEqual(['c0=1 & c1=2', 'c2=0 & c3=1 & c4=3']);
    const all = 6 * 4 + 15 * 16 + 20 * 64 + 15 * 256;
    expect(counted).toBeLessThan(all / 2);
  });

  test('where more tie than are wanted they are counted, and those kept are always the same', () => {
    // Each value of the first column is wrong once: 40 slices of one score.
    const columns = [column('a', Array.from({ length: 80 }, (_, row) => row >> 1)), column('b', Array.from({ length: 80 }, (_, row) => row >> 1))];
    const losses = Float64Array.from({ length: 80 }, (_, row) => (row < 40 ? row & 1 : 0));
    const found = searchSlices(columns, losses, { alpha: 1, k: 3, minSupport: 2, depth: 2, maxTies: 5 });
    expect(found.slices).toHaveLength(8);
    expect(found.slices.map(({ columns: at, codes }) => [at, codes])).toEqual(Array.from({ length: 8 }, (_, code) => [[0], [code]]));
    expect(found.tiesLeftOut).toBe(60 - 8);
  });

  test('one column works; no column, no loss and the same loss everywhere find nothing', () => {
    const codes = column('a', [0, 0, 1, 1]);
    expect(searchSlices([codes], Float64Array.of(0, 0, 1, 1), { ...usual, alpha: 1, depth: 4 }).slices).toMatchObject([{ columns: [0], codes: [1], size: 2, sum: 2, score: 1 }]);
    expect(searchSlices([], Float64Array.of(0, 1), usual).slices).toEqual([]);
    expect(searchSlices([codes], new Float64Array(4), usual)).toMatchObject({ slices: [], meanLoss: 0 });
    expect(searchSlices([codes, codes], Float64Array.of(0.1, 0.1, 0.1, 0.1), { ...usual, alpha: 1 }).slices).toEqual([]);
  });

  test('missing values are a value of their own, and a wholly missing column alone is never a slice', () => {
    const holes = codeCategories('holes', [null, null, 'x', 'x', 'x', 'x']);
    const empty = codeCategories('empty', [null, null, null, null, null, null]);
    const losses = Float64Array.of(1, 1, 0, 0, 0, 1);
    expect(searchSlices([holes], losses, { ...usual, alpha: 1, k: 1 }).slices.map((slice) => sliceLabel([holes], slice))).toEqual(['holes=missing']);
    expect(searchSlices([empty], losses, { ...usual, alpha: 1 }).slices).toEqual([]);
    expect(searchSlices([holes, empty], losses, { ...usual, alpha: 1, k: 1 }).slices.map((slice) => sliceLabel([holes, empty], slice))).toEqual(['holes=missing', 'holes=missing & empty=missing']);
  });

  test('a hundred thousand categories are no burden, whether rare ones count or not', () => {
    const rows = 100_000;
    const next = random(3);
    const ids = codeCategories('id', Array.from({ length: rows }, (_, row) => `user ${row}`));
    const pairs = codeCategories('pair', Array.from({ length: rows }, (_, row) => `pair ${row >> 1}`));
    const group = column('group', Array.from({ length: rows }, () => Math.floor(next() * 3)));
    const losses = Float64Array.from(group.codes, (code) => (next() < (code === 2 ? 0.3 : 0.1) ? 1 : 0));
    const often = searchSlices([ids, pairs, group], losses, { ...usual, depth: 3, minSupport: 100 });
    expect(often.slices.map(({ columns: at, codes }) => [at, codes])).toEqual([[[2], [2]]]);
    const rare = searchSlices([ids, pairs, group], losses, { ...usual, alpha: 1, depth: 3, minSupport: 1, maxTies: 20 });
    expect(rare.slices).toHaveLength(30);
    expect(rare.slices.every(({ size, sum }) => size === sum)).toBe(true);
    expect(rare.tiesLeftOut).toBeGreaterThan(10_000);
  });

  test('a loss that is no number, or below 0, is refused with its row', () => {
    const codes = column('a', [0, 0, 1]);
    for (const bad of [NaN, -1, Infinity]) {
      const error = thrown(() => searchSlices([codes], Float64Array.of(0, 1, bad), usual));
      expect(error).toMatchObject({ code: 'bad_input' });
      expect(error.message).toContain(`row 2: a loss of ${bad}`);
    }
  });

  test('no rows, columns that do not fit, codes without a label and settings out of range are refused by name', () => {
    const losses = Float64Array.of(0, 1);
    const codes = column('a', [0, 1]);
    expect(thrown(() => searchSlices([], new Float64Array(0), usual)).message).toContain('no rows');
    expect(thrown(() => searchSlices([column('short', [0])], losses, usual)).message).toContain('column short has 1 rows');
    expect(thrown(() => searchSlices([{ ...codes, codes: Uint8Array.of(0, 9) }], losses, usual)).message).toContain('column a, row 1: code 9');
    for (const [settings, name] of [[{ alpha: 0 }, 'alpha'], [{ alpha: NaN }, 'alpha'], [{ k: 0 }, 'k is 0'], [{ minSupport: 0.5 }, 'minimum support'], [{ depth: 5 }, 'depth is 5']] as const) {
      expect(thrown(() => searchSlices([codes], losses, { ...usual, ...settings })).message).toContain(name);
    }
  });

  test('what would not fit into the memory it may use is refused with the way out', () => {
    const [columns, losses] = planted(2000, 6);
    const error = thrown(() => searchSlices(columns, losses, { alpha: 0.999, k: 1000, minSupport: 1, depth: 4, maxStored: 100 }));
    expect(error).toMatchObject({ code: 'refused' });
    expect(error.hint).toContain('raise the minimum support');
  });
});

describe('searchSlicesSlowly', () => {
  test('finds the same, says how far it is, and lets other work run in between', async () => {
    const [columns, losses] = planted(60_000, 10);
    const settings = { alpha: 0.999, k: 50, minSupport: 5, depth: 3 };
    const seen: SearchProgress[] = [];
    let turns = 0;
    const ticking = setInterval(() => { turns++; }, 1);
    const found = await searchSlicesSlowly(columns, losses, settings, { progress: (state) => seen.push(state) });
    clearInterval(ticking);
    expect(found).toEqual(searchSlices(columns, losses, settings));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(({ done, total }) => done >= 1 && done <= total)).toBe(true);
    expect(turns).toBeGreaterThan(0);
  });

  test('ends as cancelled when it is told to', async () => {
    const [columns, losses] = planted(60_000, 10);
    const stop = new AbortController();
    const search = searchSlicesSlowly(columns, losses, { alpha: 0.999, k: 50, minSupport: 5, depth: 4 }, { signal: stop.signal, progress: () => stop.abort() });
    await expect(search).rejects.toMatchObject({ code: 'cancelled' });
    await expect(searchSlicesSlowly(columns, losses, usual, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
