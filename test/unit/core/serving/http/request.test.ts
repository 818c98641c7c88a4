import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted } from '../../../../../src/core/serving/http/columns';
import { parseCsv } from '../../../../../src/core/serving/http/csv';
import { parseJson } from '../../../../../src/core/serving/http/json';
import { Refusal } from '../../../../../src/core/serving/http/refusal';
import { tableOf } from '../../../../../src/core/serving/http/table';
import type { ServedSchema } from '../../../../../src/core/serving/types';

const schema: ServedSchema = {
  columns: [{ name: 'age', type: 'float', nullable: true }, { name: 'n', type: 'int', nullable: false }, { name: 'ok', type: 'bool', nullable: false }, { name: 'city', type: 'string', nullable: true }],
  inputs: [{ name: 'age', columns: ['age'] }], positional: false, task: 'binary', classes: ['a', 'b'], gives: 'label', labels: 'text', width: 2, notes: [],
};
const unnamed: ServedSchema = { ...schema, columns: [{ name: 'x_0', type: 'float', nullable: true }, { name: 'x_1', type: 'float', nullable: true }], inputs: [{ name: 'x', columns: ['x_0', 'x_1'] }], positional: true };
const read = (body: unknown, of = schema): ReturnType<typeof fitted> => fitted(tableOf(body, of).table, of);
const refusal = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
};
const row = { age: 1.5, n: 7, ok: true, city: 'x' };

describe('a request', () => {
  test('says the same in each of its forms, whatever the order of its columns', () => {
    const want = read({ dataframe_records: [row, { ...row, age: null }] });
    expect(want.rows.columns['age']).toEqual({ type: 'float', values: new Float64Array([1.5, NaN]), missing: new Uint8Array([0, 1]) });
    expect(read({ dataframe_split: { columns: ['city', 'ok', 'n', 'age'], data: [['x', true, 7, 1.5], ['x', true, 7, null]] } })).toEqual(want);
    expect(read({ instances: [[1.5, 7, true, 'x'], [null, 7, true, 'x']] })).toEqual(want);
    expect(read({ inputs: { age: [1.5, null], n: [[7], [7]], ok: [true, true], city: ['x', 'x'] } })).toEqual(want);
    const { n: _, ...less } = row;
    expect(read({ dataframe_records: [row, { n: 7, ok: true, city: 'x' }] })).toEqual(want);
    expect(refusal(() => read({ dataframe_records: [less] }))).toMatchObject({ status: 400, message: 'column n is missing', more: { column: 'n' } });
  });

  test('to a model without names is told by place, or by the name of its input', () => {
    const want = read({ inputs: [[1, 2], [3, 4]] }, unnamed).rows;
    expect(read({ inputs: { x: [[1, 2], [3, 4]] } }, unnamed).rows).toEqual(want);
    expect(read({ dataframe_split: { columns: ['a', 'b'], data: [[1, 2], [3, 4]] } }, unnamed)).toEqual({ rows: want, ignored: [] });
    expect(read({ dataframe_records: [{ x_1: 2, x_0: 1 }, { x_1: 4, x_0: 3 }] }, unnamed).rows).toEqual(want);
    expect(refusal(() => read({ inputs: [[1, 2, 3]] }, unnamed)).message).toBe('a row has 3 values, and the model takes 2');
  });

  test('may be empty, and may have more columns than are asked for', () => {
    expect(read({ dataframe_records: [] }).rows.count).toBe(0);
    expect(read({ dataframe_records: [{ ...row, other: 1 }] }).ignored).toEqual(['other']);
  });

  test.each([
    [{ dataframe_records: [{ ...row, age: '1' }] }, 'row 1, column age: "1" is not a number'],
    [{ dataframe_records: [row, { ...row, n: 1.5 }] }, 'row 2, column n: 1.5 is not a whole number'],
    [{ dataframe_records: [{ ...row, n: 2 ** 53 }] }, "row 1, column n: 9007199254740992 is beyond 2^53, where JSON's numbers lose digits: send it as a text of its digits"],
    [{ dataframe_records: [{ ...row, n: null }] }, 'row 1, column n: it is missing, and the model takes no missing value there'],
    [{ dataframe_records: [{ ...row, ok: 1 }] }, 'row 1, column ok: 1 is not true or false'],
    [{ dataframe_records: [{ ...row, city: 1.5 }] }, 'row 1, column city: 1.5 is not a text'],
    [{ dataframe_records: [{ age: 1, n: 1, ok: true, City: 'x' }] }, 'column city is missing; is it City?'],
    [{ dataframe_split: { columns: ['age', 'age'], data: [] } }, 'column age is given twice'],
    [{ dataframe_split: { columns: ['age'], data: [[1], [1, 2]] } }, 'row 2 of dataframe_split has 2 values, and 1 columns are named'],
    [{ instances: [[1, 2, true, 'x'], [1]] }, 'row 2 of instances has 1 values, and the first one has 4'],
    [{ inputs: { age: [1], n: [1, 2] } }, 'column n of inputs has 2 values, and age has 1'],
    [{ dataframe_records: [[1]] }, 'dataframe_records has to be a list of objects, one a row'],
    [{ instances: 5 }, 'instances has to be a list of rows'],
    [{}, 'the body has to have exactly one of dataframe_split, dataframe_records, instances, inputs; it has nothing'],
    [[1], 'the body has to be a JSON object with one of dataframe_split, dataframe_records, instances, inputs; it is a list'],
    [{ instances: [], params: 3 }, 'params has to be an object, such as {"probabilities": true}'],
  ])('that is wrong names row and column: %j', (body, message) => {
    expect(refusal(() => read(body))).toMatchObject({ status: 400, message });
  });

  test('keeps whole numbers beyond 2^53 as they are where they come as texts', () => {
    expect(read({ dataframe_records: [{ ...row, n: '9007199254740993' }] }).rows.columns['n']).toMatchObject({ big: new BigInt64Array([9007199254740993n]) });
    expect(read({ dataframe_records: [{ ...row, city: true }, { ...row, city: 12 }] }).rows.columns['city']?.values).toEqual(['True', '12']);
  });
});

describe('JSON', () => {
  test('may have NaN and infinities, as Python writes them, but not within texts', () => {
    expect(parseJson('{"a": [NaN, Infinity, -Infinity, "NaN, -Infinity", "a\\"NaN"]}')).toEqual({ a: [null, Infinity, -Infinity, 'NaN, -Infinity', 'a"NaN'] });
    expect(refusal(() => parseJson('{"a": Nan}')).message).toMatch(/^the body is no JSON/);
    expect(refusal(() => parseJson('{"a": [NaN}')).status).toBe(400);
  });
  test('is what JSON.parse makes of it', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => { expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value))); }));
  });
});

describe('CSV', () => {
  const quoted = (cell: string | null): string => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`);
  test('comes out as it was written, quotes, commas and line ends in it', () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'ä') }));
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
      const text = [['a', 'b'], ...rows].map((one) => one.map((item) => quoted(item)).join(',')).join(end);
      expect(parseCsv(text)).toEqual({ names: ['a', 'b'], rows });
    }));
  });
  test('has missing cells where a field is empty without quotes, and refuses rows of another length', () => {
    expect(parseCsv('\ufeffa,b\r\n1,\r\n,""\r\n\r\n').rows).toEqual([['1', null], [null, '']]);
    expect(refusal(() => parseCsv('a,b\n1')).message).toBe('row 1 of the CSV has 1 fields, and the first line names 2 columns');
    expect(refusal(() => parseCsv('a\n"x')).message).toBe('a quote in the CSV is not closed');
    expect(refusal(() => parseCsv('')).message).toContain('empty');
  });
});
