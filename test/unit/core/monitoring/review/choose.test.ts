// The rows that are asked: the best of each source, a share by chance, none twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../../../../src/core/monitoring/review/chance';
import { chooseRows, type Candidate, type Candidates } from '../../../../../src/core/monitoring/review/choose';

const rows = (...list: number[]): Candidate[] => list.map((row, at) => ({ row, value: 1 - at / 100, why: `of ${row}` }));
const share = { limit: 10, randomShare: 0.2, again: 0.1 };

describe('a queue', () => {
  it('goes round the sources, the best of each first, with its share by chance and of rows that others judged', () => {
    const { items, left } = chooseRows({
      targeted: { flagged: rows(1, 2, 3, 4), shadow: rows(11, 12), uncertain: rows(21, 22, 23, 24), drifted: rows(31, 32, 33) }, random: rows(41, 42, 43, 44), again: [{ ...rows(51)[0] as Candidate, source: 'shadow' }],
    }, share);
    expect(items).toHaveLength(10);
    const of = (source: string): number[] => items.filter((item) => item.source === source && item.row < 50).map(({ row }) => row);
    expect([of('flagged'), of('shadow'), of('uncertain'), of('drifted'), of('random')]).toEqual([[1, 2], [11, 12], [21, 22], [31], [41, 42]]);
    expect(items.some(({ row }) => row === 51)).toBe(true);
    expect(items.map(({ row }) => row)).toEqual([1, 11, 21, 31, 41, 2, 12, 22, 51, 42]);
    expect(left).toEqual({ flagged: 2, shadow: 0, uncertain: 2, drifted: 2, random: 2 });
  });

  it('asks a row that several sources name once, with every reason', () => {
    const { items } = chooseRows({ targeted: { flagged: [{ row: 1, value: 1, why: 'rule old' }], uncertain: [{ row: 1, value: 1, why: 'hesitates' }, { row: 2, value: 0.5, why: 'hesitates a bit' }] }, random: null, again: [] }, share);
    expect(items.map(({ row, source, why }) => [row, source, why])).toEqual([[1, 'flagged', 'rule old; hesitates'], [2, 'uncertain', 'hesitates a bit']]);
  });

  it('is filled by chance where the other sources have no more, and is empty where there is nothing', () => {
    expect(chooseRows({ targeted: { uncertain: rows(1) }, random: rows(5, 6, 7), again: [] }, { ...share, limit: 4 }).items.map(({ row }) => row).sort()).toEqual([1, 5, 6, 7]);
    expect(chooseRows({ targeted: {}, random: [], again: [] }, share).items).toEqual([]);
  });

  it('never asks a row twice, never more than asked for, nothing that isn\'t a candidate, and all that there is where there is room', () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 30 })).map((found) => rows(...found));
    const all = fc.record({ flagged: list, shadow: list, uncertain: list, drifted: list, random: list, again: list });
    fc.assert(fc.property(all, fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), ({ random, again, ...targeted }, limit, randomShare, of) => {
      const given: Candidates = { targeted, random, again: again.map((one) => ({ ...one, source: 'random' })) };
      const found = chooseRows(given, { limit, randomShare, again: of }).items.map(({ row }) => row);
      const fresh = new Set([...Object.values(targeted).flat(), ...random].map(({ row }) => row));
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeLessThanOrEqual(limit);
      expect(found.every((row) => fresh.has(row) || again.some((one) => one.row === row))).toBe(true);
      if (randomShare > 0) expect(found.length).toBeGreaterThanOrEqual(Math.min(limit, fresh.size) - again.length);
      expect(chooseRows(given, { limit, randomShare, again: of }).items.map(({ row }) => row)).toEqual(found);
    }));
  });
});

it('chance is even over the rows, the same again, and another with another seed', () => {
  const lots = Array.from({ length: 20_000 }, (_, at) => chanceOf(`0\u0000request-${at}`, 0));
  const tenths = new Array<number>(10).fill(0);
  for (const lot of lots) tenths[Math.floor(lot * 10)] = (tenths[Math.floor(lot * 10)] ?? 0) + 1;
  // χ² with 9 degrees of freedom: above 27.9 one time in a thousand.
  expect(tenths.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
  expect(chanceOf('a', 1)).toBe(chanceOf('a', 1));
  expect(chanceOf('a', 1)).not.toBe(chanceOf('a', 2));
  expect(new Set(lots).size).toBe(lots.length);
});
