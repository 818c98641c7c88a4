import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { momentAt } from '../../../../../src/core/monitoring/feedback/log-rows';
import { groupsOf, rowsByWindow } from '../../../../../src/core/monitoring/performance/groups';

const start = Date.parse('2026-02-27T00:00:00Z');
const stamp = (ms: number, digits: number, zone = ''): string => new Date(ms).toISOString().slice(0, digits === 0 ? 19 : 20 + Math.min(3, digits)) + '0'.repeat(Math.max(0, digits - 3)) + zone;

test('windows side by side are one group, one far off or open is another', () => {
  const window = (from: number | null, to: number | null): { from: number | null; to: number | null } => ({ from, to });
  expect(groupsOf([window(0, 10), window(10, 20), window(25, 35), window(60, 70), window(null, 70), window(70, 80)]).map(({ length }) => length)).toEqual([3, 1, 1, 1]);
  expect(groupsOf([window(20, 30), window(10, 20), window(15, 25)])).toHaveLength(1);
  expect(groupsOf([])).toEqual([]);
});

test('rows fall into the windows that hold their moment, however it is written, also into two', () => {
  fc.assert(fc.property(fc.array(fc.record({ ms: fc.integer({ min: 0, max: 4 * 86_400_000 - 1 }), digits: fc.constantFrom(0, 1, 3, 6), zone: fc.constantFrom('', 'Z', '+00:00') }), { maxLength: 30 }), (rows) => {
    const texts = rows.map(({ ms, digits, zone }) => stamp(start + ms, digits, zone));
    const times: Values = { type: 'time', values: texts, missing: null };
    const group = [0, 1, 2, 3].map((day) => ({ from: start + day * 86_400_000, to: start + (day + 1) * 86_400_000 })).concat({ from: start + 1000, to: start + 2 * 86_400_000 });
    const wanted = group.map(({ from, to }) => [...texts.keys()].filter((row) => (momentAt(times, row) ?? NaN) >= from && (momentAt(times, row) ?? NaN) < to));
    expect(rowsByWindow(times, group)?.map((places) => [...places])).toEqual(wanted);
  }));
});

test('times that can\'t be told apart here are left to the data: missing, or outside what was opened', () => {
  const group = [{ from: start, to: start + 1000 }, { from: start + 1000, to: start + 2000 }];
  expect(rowsByWindow({ type: 'time', values: [stamp(start, 0), ''], missing: Uint8Array.of(0, 1) }, group)).toBeNull();
  expect(rowsByWindow({ type: 'int', values: Float64Array.of(1000 * start), missing: null }, group)).toBeNull();
  expect(rowsByWindow({ type: 'string', values: ['2026-02-27T01:00:01+01:00'], missing: null }, group)?.map(({ length }) => length)).toEqual([0, 1]);
});
