import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { codeColumn, roundedEdges, takenValues } from '../../../../../src/core/evaluation/questions/discover-columns';
import { numberLiteral, whereOf } from '../../../../../src/core/evaluation/questions/discover-where';
import { binByEdges, quantileEdges } from '../../../../../src/core/evaluation/slices/binning';

const floats = (...values: number[]): Values => ({ type: 'float', values: Float64Array.from(values), missing: values.some(Number.isNaN) ? Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0)) : null });
const texts = (...values: string[]): Values => ({ type: 'string', values, missing: null });
const how = { edges: undefined, bins: 5, named: false };
const labels = (name: string, values: Values, more: Partial<Parameters<typeof codeColumn>[2]> = {}): string[] | string => {
  const coded = codeColumn(name, values, { ...how, ...more });
  return 'why' in coded ? coded.why : Array.from(coded.codes, (code) => coded.labels[code] ?? '');
};

test('values are written as reference files write them', () => {
  expect(labels('sex', floats(2, 1, NaN))).toEqual(['2.0', '1.0', 'missing']);
  expect(labels('new', { type: 'bool', values: Uint8Array.of(1, 0, 0), missing: Uint8Array.of(0, 0, 1) })).toEqual(['True', 'False', 'missing']);
  expect(labels('n', { type: 'int', values: Float64Array.of(3, -1, 3), missing: null })).toEqual(['3', '-1', '3']);
  expect(labels('bp', floats(1, 2, 3, NaN), { edges: [1, 2] })).toEqual(['b0', 'b1', 'b2', 'missing']);
});

test('numbers of many values are binned at quantiles, in few digits', () => {
  const coded = codeColumn('x', floats(...Array.from({ length: 1000 }, (_, row) => Math.sqrt(row))), how);
  expect('why' in coded ? [] : coded.meanings.slice(0, 5)).toEqual([
    { kind: 'range', above: null, upTo: 14.14 }, { kind: 'range', above: 14.14, upTo: 19.99 }, { kind: 'range', above: 19.99, upTo: 24.48 }, { kind: 'range', above: 24.48, upTo: 28.27 }, { kind: 'range', above: 28.27, upTo: null },
  ]);
});

test('what makes no groups is left out with why, unless it was asked for by name', () => {
  const names = texts(...Array.from({ length: 60 }, (_, row) => `name ${row}`));
  expect(labels('name', names)).toBe('it has 60 different values');
  expect(labels('name', names, { named: true })).toHaveLength(60);
  expect(labels('same', texts('a', 'a'))).toBe('it has one value in all rows');
  expect(labels('row', { type: 'int', values: Float64Array.from({ length: 100 }, (_, row) => row + 7), missing: null })).toBe('it is different in every row, as an id is');
  expect(labels('income', { type: 'int', values: Float64Array.from({ length: 100 }, (_, row) => row * 31), missing: null })).toContain('b4');
  expect(labels('tags', { type: 'other', values: ['[1]'], missing: null })).toBe('its values are lists or structures');
  expect(() => codeColumn('name', names, { ...how, edges: [1] })).toThrow('column name holds no numbers');
});

test('rounding edges moves no value to another bin', () => {
  fc.assert(fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 2, max: 8 }), (list, bins) => {
    const values = Float64Array.from(list);
    const edges = quantileEdges(values, bins);
    const rounded = roundedEdges(values, edges);
    const [before, after] = [binByEdges('x', values, edges).codes, binByEdges('x', values, rounded).codes];
    // Bins without a row may be gone: rows are together or apart as they were.
    expect(Array.from(after, (code) => after.indexOf(code))).toEqual(Array.from(before, (code) => before.indexOf(code)));
  }));
});

test('literals are of the type of the column', () => {
  const columns = [
    codeColumn('a "b"', floats(2, 1, NaN), how), codeColumn('new', { type: 'bool', values: Uint8Array.of(1, 0, 0), missing: null }, how), codeColumn('who', texts("O'Hara", 'x', 'x'), how), codeColumn('bp', floats(1, 2, 3), { ...how, edges: [1.5, 0.1 + 2] }),
  ].flatMap((column) => ('why' in column ? [] : [column]));
  const types = { 'a "b"': 'float', new: 'bool', who: 'string', bp: 'float' } as const;
  expect(whereOf(columns, types, { columns: [0, 1, 2, 3], codes: [0, 0, 0, 1] })).toBe(`"a ""b""" = 2 and "new" = true and "who" = 'O''Hara' and "bp" > 1.5 and "bp" <= 2.1`);
  expect(whereOf(columns, types, { columns: [0, 3], codes: [2, 0] })).toBe('"a ""b""" is null and "bp" <= 1.5');
});

test('a number is written so that SQL reads the very same double', () => {
  expect([0.1, -12.5, 1e21, 0.30000000000000004, 123456789012345680000].map(numberLiteral)).toEqual(['0.1', '-12.5', '1e+21', '3.0000000000000004e-1', '1.2345678901234568e+20']);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => { expect(Number(numberLiteral(value))).toBe(value === 0 ? 0 : value); }));
});

test('values at some rows keep their type, gaps and digits', () => {
  expect(takenValues({ type: 'int', values: Float64Array.of(1, 2, 3), big: BigInt64Array.of(1n, 2n, 3n), missing: Uint8Array.of(0, 0, 1) }, Int32Array.of(2, 0)))
    .toEqual({ type: 'int', values: Float64Array.of(3, 1), big: BigInt64Array.of(3n, 1n), missing: Uint8Array.of(1, 0) });
  expect(takenValues({ type: 'bool', values: Uint8Array.of(1, 0), missing: null }, Int32Array.of(1))).toEqual({ type: 'bool', values: Uint8Array.of(0), missing: null });
});
