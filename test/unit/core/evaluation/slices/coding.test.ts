import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binByEdges, quantileEdges, widthEdges } from '../../../../../src/core/evaluation/slices/binning';
import { categoryText, codeCategories } from '../../../../../src/core/evaluation/slices/coding';
import { isConstant, takeRows } from '../../../../../src/core/evaluation/slices/column';

const labels = ({ labels: all, codes }: { labels: readonly string[]; codes: Iterable<number> }): string[] => Array.from(codes, (code) => all[code] ?? '?');

describe('binByEdges', () => {
  test('a value on an edge lies below it; missing has a bin of its own; infinities are in the outer ones', () => {
    const coded = binByEdges('age', Float64Array.of(-Infinity, 1, 1.5, 2, 2.1, Infinity, NaN), [1, 2]);
    expect(labels(coded)).toEqual(['b0', 'b0', 'b1', 'b1', 'b2', 'b2', 'missing']);
    expect(coded.meanings).toEqual([{ kind: 'range', above: null, upTo: 1 }, { kind: 'range', above: 1, upTo: 2 }, { kind: 'range', above: 2, upTo: null }, { kind: 'missing' }]);
  });

  test('the code is the number of edges below the value', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { maxLength: 8 }), fc.array(fc.integer({ min: -25, max: 25 }), { minLength: 1 }), (drawn, values) => {
      const edges = drawn.sort((a, b) => a - b);
      expect([...binByEdges('x', Float64Array.from(values), edges).codes]).toEqual(values.map((value) => edges.filter((edge) => edge < value).length));
    }));
  });

  test('no edges make one bin, a wholly missing column one value, and 300 edges two bytes a row', () => {
    expect(isConstant(binByEdges('x', Float64Array.of(1, 2, 3), []))).toBe(true);
    const empty = binByEdges('x', Float64Array.of(NaN, NaN), quantileEdges(Float64Array.of(NaN, NaN), 4));
    expect(labels(empty)).toEqual(['missing', 'missing']);
    const edges = Array.from({ length: 300 }, (_, i) => i);
    expect(binByEdges('x', Float64Array.of(299.5), edges).codes).toEqual(Uint16Array.of(300));
  });

  test.each([[[2, 1]], [[1, 1]], [[NaN]], [[1, Infinity]]])('edges %j are refused', (edges) => {
    expect(() => binByEdges('x', Float64Array.of(1), edges)).toThrow('column x: edge');
  });
});

describe('quantileEdges', () => {
  test('are linear quantiles, fewer with ties, none that nothing lies above', () => {
    expect(quantileEdges(Float64Array.of(4, 1, 3, 2, 5, NaN, Infinity), 4)).toEqual([2, 3, 4]);
    expect(quantileEdges(Float64Array.of(1, 2), 4)).toEqual([1.25, 1.5, 1.75]);
    expect(quantileEdges(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 7), 4)).toEqual([0]);
    expect(quantileEdges(Float64Array.of(3, 3, 3), 8)).toEqual([]);
    expect(quantileEdges(Float64Array.of(NaN), 8)).toEqual([]);
  });

  test('rise, and divide what there is', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 10 }), (drawn, bins) => {
      const edges = quantileEdges(Float64Array.from(drawn), bins);
      expect(edges.length).toBeLessThan(bins);
      expect(edges.every((edge, i) => edge >= Math.min(...drawn) && edge < Math.max(...drawn) && (i === 0 || edge > (edges[i - 1] ?? NaN)))).toBe(true);
    }));
  });
});

describe('widthEdges', () => {
  test('are of one width, and none where all values are one', () => {
    expect(widthEdges(Float64Array.of(0, 10, NaN, 4), 5)).toEqual([2, 4, 6, 8]);
    expect(widthEdges(Float64Array.of(3, 3), 5)).toEqual([]);
    expect(widthEdges(new Float64Array(0), 5)).toEqual([]);
    expect(widthEdges(Float64Array.of(-1.7e308, 1.7e308), 2)).toEqual([0]);
    expect(() => widthEdges(Float64Array.of(1), 0)).toThrow('0 bins');
  });
});

describe('codeCategories', () => {
  test('each text has a code; missing is not the text "missing", nor is the empty text', () => {
    const coded = codeCategories('region', ['north', null, 'missing', '', undefined, 'north']);
    expect([...coded.codes]).toEqual([0, 3, 1, 2, 3, 0]);
    expect(coded.labels).toEqual(['north', 'missing', '', 'missing']);
    expect(coded.meanings[3]).toEqual({ kind: 'missing' });
  });

  test('a hundred thousand categories take four bytes a row and are all told apart', () => {
    const coded = codeCategories('id', Array.from({ length: 100_000 }, (_, row) => `id ${row}`));
    expect(coded.codes).toBeInstanceOf(Uint32Array);
    expect(new Set(coded.codes).size).toBe(100_000);
  });

  test('rows can be taken out of a column', () => {
    expect(labels(takeRows(codeCategories('x', ['a', 'b', null, 'a']), Int32Array.of(3, 1)))).toEqual(['a', 'b']);
  });
});

describe('categoryText', () => {
  test('is the text of the stored value: floats with a point, truth values in capitals, NaN missing', () => {
    expect([categoryText(2, 'float'), categoryText(2.5, 'float'), categoryText(2, 'int'), categoryText(7n, 'int'), categoryText(true, 'bool'), categoryText('None', 'string'), categoryText(null, 'string'), categoryText(NaN, 'float')])
      .toEqual(['2.0', '2.5', '2', '7', 'True', 'None', null, null]);
  });
});
