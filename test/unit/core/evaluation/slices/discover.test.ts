import { describe, expect, test } from 'vitest';
import { codeCategories } from '../../../../../src/core/evaluation/slices/coding';
import { discoverSlices } from '../../../../../src/core/evaluation/slices/discover';
import { lossDifferences, worsening } from '../../../../../src/core/evaluation/slices/losses';
import { sliceLabel } from '../../../../../src/core/evaluation/slices/predicate';
import { random } from '../../../../support/random';
import { column } from './tables';

const settings = { alpha: 0.95, k: 10, minSupport: 100, depth: 2 };

function table(rows: number, seed: number): { columns: ReturnType<typeof column>[]; next: () => number; code: (c: number, row: number) => number } {
  const next = random(seed);
  const columns = Array.from({ length: 6 }, (_, c) => column(`c${c}`, Array.from({ length: rows }, () => Math.floor(next() * 5))));
  return { columns, next, code: (c, row) => columns[c]?.codes[row] ?? -1 };
}

describe('discoverSlices', () => {
  test('what is bad holds on the other rows, with its effect and interval; slices of the same rows are one family', async () => {
    const { columns, next, code } = table(10_000, 1);
    const losses = Float64Array.from({ length: 10_000 }, (_, row) => (next() < (code(0, row) === 1 && code(1, row) === 2 ? 0.5 : 0.1) ? 1 : 0));
    // A copy of the first column under another name: every slice of it is found twice.
    const all = [...columns, { ...(columns[0] ?? column('copy', [])), name: 'copy' }, codeCategories('constant', Array.from({ length: 10_000 }, () => 'x'))];
    const found = await discoverSlices({ columns: all, losses, settings, seed: 1 });
    const best = found.findings[0];
    expect(best && sliceLabel(all, best)).toBe('c0=1 & c1=2');
    expect(best).toMatchObject({ holds: true });
    expect(best?.checked.interval?.[0]).toBeGreaterThan(0.2);
    expect(best?.checked.interval?.[0]).toBeLessThan(0.4);
    expect(best?.checked.interval?.[1]).toBeGreaterThan(0.4);
    expect((best?.searched.size ?? 0) + (best?.checked.rows ?? 0)).toBe(best?.size);
    const family = found.families[0];
    expect(family?.members.map((at) => sliceLabel(all, found.findings[at] ?? { columns: [], codes: [] }))).toContain('c1=2 & copy=1');
    expect(found.constant).toEqual(['constant']);
    expect(found.rows).toEqual({ searched: 5000, checked: 5000 });
  });

  test('where nothing is bad, next to nothing holds, though the search finds its ten', async () => {
    let [found, held] = [0, 0];
    for (let seed = 0; seed < 30; seed++) {
      const { columns, next } = table(2000, seed);
      const losses = Float64Array.from({ length: 2000 }, () => (next() < 0.2 ? 1 : 0));
      const { findings } = await discoverSlices({ columns, losses, settings: { ...settings, alpha: 0.99, minSupport: 40 }, seed });
      found += findings.length;
      if (findings.some(({ holds }) => holds)) held++;
    }
    expect(found).toBeGreaterThan(200);
    // Each table is a false alarm with a chance of 5 % at most.
    expect(held).toBeLessThanOrEqual(5);
  });

  test('where the candidate got worse is found by its worsening and checked by the balance of its differences', async () => {
    const { columns, next, code } = table(10_000, 2);
    const baseline = Float64Array.from({ length: 10_000 }, () => (next() < 0.2 ? 1 : 0));
    // Worse in one corner; in another it changes as much, and more often for the better.
    const candidate = baseline.map((loss, row) => {
      if (code(0, row) === 1 && code(1, row) === 2) return next() < 0.4 ? 1 : loss;
      return code(2, row) === 3 && code(3, row) === 3 ? (next() < 0.15 ? 1 : 0) : loss;
    });
    const { findings } = await discoverSlices({
      columns, losses: worsening(baseline, candidate), values: lossDifferences(baseline, candidate), against: 'zero', settings, seed: 1,
    });
    const of = (label: string): (typeof findings)[number] | undefined => findings.find((finding) => sliceLabel(columns, finding) === label);
    expect(of('c0=1 & c1=2')).toMatchObject({ holds: true });
    expect(of('c2=3 & c3=3')).toMatchObject({ holds: false });
  });

  test('the same seed gives the same findings', async () => {
    const { columns, next } = table(1000, 3);
    const losses = Float64Array.from({ length: 1000 }, () => -Math.log(1 - next()));
    const input = { columns, losses, settings: { ...settings, alpha: 0.99, minSupport: 30 }, seed: 5 };
    expect(await discoverSlices(input)).toEqual(await discoverSlices(input));
  });

  test('too few rows, a NaN loss by its row among all, and columns that do not fit are refused; so is a cancelled one', async () => {
    const codes = column('a', [0, 0, 1, 1, 1]);
    const input = { columns: [codes], losses: Float64Array.of(0, 1, 0, NaN, 1), settings: { ...settings, minSupport: 1 }, seed: 1 };
    await expect(discoverSlices(input)).rejects.toThrow('row 3: a loss of NaN');
    await expect(discoverSlices({ ...input, losses: Float64Array.of(0, 1) })).rejects.toThrow('2 rows are too few');
    await expect(discoverSlices({ ...input, losses: new Float64Array(6) })).rejects.toThrow('column a has 5 rows');
    await expect(discoverSlices({ ...input, losses: new Float64Array(5), share: 1 })).rejects.toThrow('share');
    await expect(discoverSlices({ ...input, losses: new Float64Array(5), values: new Float64Array(4) })).rejects.toThrow('4 values');
    await expect(discoverSlices({ ...input, losses: new Float64Array(5) }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
