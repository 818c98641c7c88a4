import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DriftCell } from '../../../../../src/protocol/drift-measures';
import { cellTitle, defaultOrder, filterRows, heatRows, heatSummary, lookOf, ratioText, sortRows } from '../../../../../webview/drift/model/heat';
import type { ShownWindow } from '../../../../../webview/drift/model/windows';

const cell = (ratio: number | null, more: Partial<DriftCell> = {}): DriftCell => ({ ratio, outcome: ratio !== null && ratio >= 1 ? 'fail' : 'pass', harm: null, psi: null, type: 'numeric', role: 'input', ...more });
const window = (id: string, cells: Record<string, DriftCell>): ShownWindow => ({ id, from: 0, to: 1, rows: 10, outcome: 'pass', reasons: [], cells, versions: [], figures: {}, summary: null });
const names = (rows: readonly { name: string }[]): string[] => rows.map(({ name }) => name);

describe('the order of the heat map', () => {
  const windows = [window('a', { x: cell(0.2, { harm: 0.9 }), y: cell(4, { harm: 0.1 }), z: cell(2) }), window('b', { x: cell(3, { harm: 0.2 }), y: cell(0.5, { harm: 0.3 }), z: cell(9, { outcome: 'cannot tell' }) })];
  const rows = heatRows(windows);

  test('is by the largest harm of the windows shown, unknown harm last', () => {
    expect(defaultOrder(rows)).toEqual({ by: 'harm', descending: true });
    expect(names(sortRows(rows, defaultOrder(rows), windows))).toEqual(['x', 'y', 'z']);
  });

  test('is by the largest effect where nothing is known of harm', () => {
    const plain = heatRows([window('a', { x: cell(0.2), y: cell(4) })]);
    expect(defaultOrder(plain)).toEqual({ by: 'effect', descending: true });
    expect(names(sortRows(plain, defaultOrder(plain), []))).toEqual(['y', 'x']);
  });

  test('of one window leaves what nobody can tell of to the end', () => {
    expect(names(sortRows(rows, { by: 'b', descending: true }, windows))).toEqual(['x', 'y', 'z']);
    expect(names(sortRows(rows, { by: 'b', descending: false }, windows))).toEqual(['y', 'x', 'z']);
  });

  test('has what the model says first where it drifted, and only there', () => {
    const said = heatRows([window('a', { x: cell(8, { harm: 3 }), score: cell(2, { role: 'prediction' }), label: cell(0.1, { role: 'label' }) })]);
    expect(names(sortRows(said, { by: 'harm', descending: true }, []))).toEqual(['score', 'x', 'label']);
  });

  test('by name counts numbers as numbers', () => {
    const many = heatRows([window('a', { f10: cell(1), f9: cell(1), f1: cell(1) })]);
    expect(names(sortRows(many, { by: 'name', descending: false }, []))).toEqual(['f1', 'f9', 'f10']);
  });

  test('loses and makes no row, whatever the windows hold', () => {
    const cells = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.record({ ratio: fc.option(fc.double({ min: 0, max: 50, noNaN: true })), outcome: fc.constantFrom('pass' as const, 'fail' as const, 'cannot tell' as const), harm: fc.option(fc.double({ min: 0, max: 9, noNaN: true })), psi: fc.constant(null), type: fc.constant('numeric'), role: fc.constantFrom('input', 'prediction', 'label') }));
    fc.assert(fc.property(fc.array(cells, { maxLength: 4 }), fc.constantFrom('harm', 'effect', 'name', 'w0'), fc.boolean(), (all, by, descending) => {
      const shown = all.map((own, at) => window(`w${at}`, own));
      const found = heatRows(shown);
      const sorted = sortRows(found, { by, descending }, shown);
      expect(names(sorted).sort()).toEqual(names(found).sort());
      expect(names(found).sort()).toEqual([...new Set(all.flatMap((own) => Object.keys(own)))].sort());
    }));
  });

  test('of 10,000 columns and 60 windows is there at once', () => {
    const cells = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`column_${at}`, cell((at * 7919) % 13, { harm: (at % 97) / 97 })]));
    const shown = Array.from({ length: 60 }, (_, at) => window(`w${at}`, cells));
    const began = performance.now();
    expect(sortRows(heatRows(shown), { by: 'harm', descending: true }, shown)).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

test('a filter takes every word in name, role or type', () => {
  const rows = heatRows([window('a', { income: cell(3), score: cell(0, { role: 'prediction' }), branch: cell(2, { type: 'categorical' }) })]);
  expect(names(filterRows(rows, 'CAT bra', false))).toEqual(['branch']);
  expect(names(filterRows(rows, 'prediction', false))).toEqual(['score']);
  expect(names(filterRows(rows, '', true))).toEqual(['income', 'branch']);
});

describe('a cell', () => {
  test('is calm where nobody can tell, however large its effect', () => {
    expect(lookOf(cell(40, { outcome: 'cannot tell' }))).toEqual({ tone: 'unsure', strength: 0 });
    expect(lookOf(undefined)).toEqual({ tone: 'none', strength: 0 });
  });
  test('is the stronger the further beyond its limit, up to eight times', () => {
    expect([1, 2, 8, 99].map((ratio) => lookOf(cell(ratio)).strength)).toEqual([0, 1 / 3, 1, 1]);
    expect(lookOf(cell(0.5))).toEqual({ tone: 'pass', strength: 0.5 });
    expect(lookOf(cell(null, { outcome: 'fail' }))).toEqual({ tone: 'fail', strength: 0 });
  });
  test('reads in at most four characters', () => {
    expect([null, 0, 0.04, 0.3, 1, 2.44, 9.96, 17.2, 99, 250].map(ratioText)).toEqual(['\u2013', '0', '0', '0.3', '1', '2.4', '10', '17', '99', '>99']);
    fc.assert(fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ratio) => ratioText(ratio).length <= 4));
  });
  test('is a sentence for who doesn\u2019t see it', () => {
    expect(cellTitle('income', '16 Nov', cell(2.4, { psi: 0.31, harm: 0.9 }))).toBe('income, 16 Nov: drifted; largest effect 2.4 times its limit; PSI 0.31; harm 0.9');
    expect(cellTitle('income', '16 Nov', undefined)).toBe('income, 16 Nov: not compared');
  });
  test('is one of a map that is told in a sentence', () => {
    const windows = [window('a', { x: cell(3), y: cell(0) })];
    expect(heatSummary(heatRows(windows), windows)).toBe('2 columns, 1 window: 1 drifted: x in 1 of 1');
  });
});
