import { expect, test } from 'vitest';
import { categoricalFigures, numericFigures } from '../../../../../src/core/monitoring/drift/figures';
import { countCategories } from '../../../../../src/core/monitoring/measures/categories';
import { sampleOf } from '../../../../../src/core/monitoring/measures/sample';
import type { ColumnDrift, DriftDoc } from '../../../../../src/protocol/drift';
import { keptOf, keptPicture } from '../../../../../webview/drift/model/kept-picture';

const column = (name: string, figures: Record<string, unknown>): ColumnDrift => ({ name, type: figures['type'] as ColumnDrift['type'], role: 'prediction', figures, noise: null, tests: [], outcome: 'pass', reason: '' });
const numbers = (before: number[], after: number[]): ColumnDrift => column('score', numericFigures(sampleOf(before), sampleOf(after)).figures);
const total = (counts: readonly number[] = []): number => counts.reduce((sum, one) => sum + one, 0);

test('numbers that were predicted are drawn in the bins that the report keeps', () => {
  const picture = keptPicture(numbers(Array.from({ length: 100 }, (_, at) => at / 100), [...Array.from({ length: 50 }, (_, at) => at / 50), 3, NaN]));
  expect(picture).toMatchObject({ column: 'score', type: 'numeric', rows: { reference: 100, current: 52 }, missing: { reference: 0, current: 1 } });
  const { edges = [], reference, current } = picture.histogram ?? {};
  expect(edges).toHaveLength(11);
  expect([edges[0], edges.at(-1)]).toEqual([0, 3]);
  expect([total(reference), total(current)]).toEqual([100, 51]);
  expect(picture.ecdf?.reference.at(0)).toEqual([0, 0]);
  expect(picture.ecdf?.current.at(-1)).toEqual([3, 1]);
});

test('a single value has a bin around it, and no value draws nothing', () => {
  const { edges = [] } = keptPicture(numbers(Array.from({ length: 30 }, () => 7), Array.from({ length: 30 }, () => 7))).histogram ?? {};
  expect(edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? edge))).toBe(true);
  expect(keptPicture(numbers([NaN, NaN], [NaN]))).toMatchObject({ histogram: null, ecdf: null, rows: { reference: 2, current: 1 } });
});

test('classes that were predicted are drawn as bars; of very many the rest is one', () => {
  const said = (count: number, values: number): (string | null)[] => Array.from({ length: count }, (_, at) => (at % 10 === 9 ? null : `class ${at % values}`));
  const counts = countCategories(said(1000, 200), said(500, 4));
  const picture = keptPicture(column('label', categoricalFigures(counts).figures));
  expect(picture.rows).toEqual({ reference: 1000, current: 500 });
  expect(picture.missing).toEqual({ reference: 100, current: 50 });
  const listed = picture.categories ?? [];
  expect(listed.length).toBeLessThanOrEqual(60);
  expect(total(listed.map(({ reference }) => reference)) + (picture.others?.reference ?? 0)).toBe(900);
  expect(total(listed.map(({ current }) => current)) + (picture.others?.current ?? 0)).toBe(450);
});

test('predictions and the label are found by their names, inputs are not', () => {
  const [said, label] = [numbers([1, 2], [3]), { ...numbers([1], [2]), name: 'repaid', role: 'label' as const }];
  const doc = { predictions: { score: said }, label, columns: { age: numbers([1], [2]) } } as unknown as DriftDoc;
  expect([keptOf(doc, 'score'), keptOf(doc, 'repaid'), keptOf(doc, 'age'), keptOf(null, 'score')]).toEqual([said, label, undefined, undefined]);
});
