// ONNX models of every form that inputs and outputs have, against what Python's ONNX Runtime said.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../../../../src/core/evaluation/models/open';
import type { OpenModelOptions, Predictor } from '../../../../../src/core/evaluation/models/types';
import type { ModelSpec } from '../../../../../src/protocol/evaluation/request';
import { batchOf, dataOf, type Table } from './table';

const models = path.resolve(import.meta.dirname, '../../../../fixtures/models');
interface Expected { columns: Table; labels: string[] | null; scores: number[][] | null; classes: string[] | null; task: string | null }
const expected = JSON.parse(readFileSync(path.join(models, 'expected.json'), 'utf8')) as Record<string, Expected>;
const opened = (file: string, table: Table, spec: Partial<ModelSpec> = {}, more: Partial<OpenModelOptions> = {}): Promise<Predictor> =>
  openModel({ file, ...spec }, { workspace: models, temp: tmpdir(), data: dataOf(table), id: 'id', label: 'y', exclude: [], python: null, ...more });
const withOthers = (columns: Table): Table => {
  const rows = Object.values(columns)[0]?.values.length ?? 0;
  return { id: { type: 'int', values: Array.from({ length: rows }, (_, row) => row) }, ...columns, y: { type: 'int', values: new Array<number>(rows).fill(0) } };
};

describe('what Python\'s ONNX Runtime predicts comes from', () => {
  test.each(Object.entries(expected))('%s', async (file, { columns, labels, scores, classes, task }) => {
    const table = withOthers(columns);
    await using predictor = await opened(file, table);
    const found = await predictor.score(batchOf(table));
    expect([...found.failed]).toEqual([]);
    expect(found.labels).toEqual(labels);
    expect(found.width).toBe(scores?.[0]?.length ?? 0);
    scores?.flat().forEach((score, at) => expect(found.scores?.[at]).toBeCloseTo(score, 5));
    expect([predictor.classes, predictor.task]).toEqual([classes, task]);
  });
});

describe('ZipMap', () => {
  test('is out of the graph, which is said, and its output can still be named', async () => {
    const table = withOthers(expected['strings_zipmap.onnx']?.columns ?? {});
    await using predictor = await opened('strings_zipmap.onnx', table, { mapping: { inputs: {}, scores: 'output_probability' } });
    expect(predictor.facts.notes.join()).toContain('ZipMap was taken out');
    expect(predictor.classes).toEqual(['cat', 'dog', 'eel']);
  });
  test('is taken from a model whose weights lie beside it, wherever both are', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'external-'));
    try {
      for (const file of ['external.onnx', 'external.weights']) copyFileSync(path.join(models, file), path.join(folder, file));
      const table = withOthers(expected['external.onnx']?.columns ?? {});
      await using predictor = await opened(path.join(folder, 'external.onnx'), table);
      expect((await predictor.score(batchOf(table))).scores?.[0]).toBeCloseTo(expected['external.onnx']?.scores?.[0]?.[0] ?? NaN, 5);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('typed inputs', () => {
  const table: Table = {
    tall: { type: 'bool', values: [true, false, true, false] }, years: { type: 'float', values: [1, 2, 2.5, null] }, member: { type: 'int', values: [0, 1, 1, 0] },
    weight: { type: 'float', values: [0.5, null, 1, 1] }, town: { type: 'bool', values: [true, true, true, true] }, y: { type: 'float', values: [0, 0, 0, 0] },
  };
  test('take columns whose values fit; a row whose value doesn\'t fails with the column named', async () => {
    await using predictor = await opened('typed.onnx', table);
    const { scores, failed } = await predictor.score(batchOf(table));
    expect([failed.get(1), failed.get(2), failed.get(3)]).toEqual([
      'the model gave NaN, which is no number', 'column years is 2.5, and input \'years\' (int32 [N,1]) takes whole numbers from -2147483648 to 2147483647',
      'column years is missing, and input \'years\' (int32 [N,1]) takes no missing value',
    ]);
    expect([...(scores ?? [])]).toEqual([1002.5, NaN, NaN, NaN]);
  });
  test('are given what stands for a missing value', async () => {
    const town: Table = { ...table, town: { type: 'string', values: [null, '7', 'Ürümqi', 'True'] } };
    await using predictor = await opened('typed.onnx', town, { mapping: { inputs: { years: { columns: ['years'], missing: 40 }, weight: { columns: ['weight'], missing: 0 }, town: { columns: ['town'], missing: '7' } } } });
    const { scores } = await predictor.score(batchOf(town));
    expect([...(scores ?? [])]).toEqual([2002.5, 2003, NaN, 1041]);
  });
  test('take whole numbers as texts in their decimal digits, also beyond 2^53', async () => {
    const whole: Table = { ...table, years: { type: 'int', values: [1, 1, 1, 1] }, weight: { type: 'int', values: [0, 0, 0, 0] }, town: { type: 'int', values: [7, 9007199254740993n, null, 1] } };
    await using predictor = await opened('typed.onnx', whole);
    expect([...((await predictor.score(batchOf(whole))).scores ?? [])]).toEqual([2002, 1, 3003, 0]);
  });
  test.each([[-1, 4], [-5, 0], [2, 2]])('take %d as an int64', async (k, place) => {
    const keys: Table = { k: { type: 'int', values: [k] }, y: { type: 'float', values: [0] } };
    await using predictor = await opened('table.onnx', keys);
    expect((await predictor.score(batchOf(keys))).scores?.[0]).toBe(place * 10);
  });
});

describe('a row that the model fails on', () => {
  test('is the only one of a hundred thousand without a prediction, and is named', async () => {
    const rows = 100_000;
    const table: Table = { k: { type: 'int', values: Array.from({ length: rows }, (_, row) => (row === 70_000 ? 99 : row % 5)) }, y: { type: 'float', values: new Array<number>(rows).fill(0) } };
    await using predictor = await opened('table.onnx', table);
    const failed: number[] = [];
    let sum = 0;
    for (let from = 0; from < rows; from += predictor.batch) {
      const found = await predictor.score(batchOf(table, from, from + predictor.batch));
      for (const [row, reason] of found.failed) {
        failed.push(from + row);
        expect(reason).toMatch(/Gather failed: .*out of data bounds/);
      }
      found.scores?.forEach((score) => { if (!Number.isNaN(score)) sum += score; });
    }
    expect(failed).toEqual([70_000]);
    expect(sum).toBe(20 * rows);
  });
  test('by a category that it doesn\'t know is left out, and the others are scored', async () => {
    const { columns, labels } = expected['onehot_refuses.onnx'] as Expected;
    const table = withOthers({ ...columns, place: { type: 'string', values: columns['place']?.values.map((one, row) => (row === 4 ? 'moon' : one)) ?? [] } });
    await using predictor = await opened('onehot_refuses.onnx', table);
    const found = await predictor.score(batchOf(table));
    expect([...found.failed.keys()]).toEqual([4]);
    expect(found.failed.get(4)).toMatch(/OneHotEncoder failed: .* \(column place is 'moon', which the model doesn't know\)$/);
    expect(found.labels).toEqual(labels?.map((label, row) => (row === 4 ? null : label)));
  });
  test('by giving no number has its reason', async () => {
    const table: Table = { a: { type: 'float', values: [1, -3, 0, null] }, b: { type: 'float', values: [0, 1, 0, 1] }, y: { type: 'float', values: [0, 0, 0, 0] } };
    await using predictor = await opened('logarithm.onnx', table);
    const { scores, failed } = await predictor.score(batchOf(table));
    expect([...failed]).toEqual([[1, 'the model gave NaN, which is no number'], [2, 'the model gave an infinite number'], [3, 'the model gave NaN, which is no number']]);
    expect([...(scores ?? [])]).toEqual([0, NaN, NaN, NaN]);
  });
});

describe('a model that can\'t be used', () => {
  const table: Table = { a: { type: 'float', values: [1] }, y: { type: 'float', values: [1] } };
  test.each([
    ['is not there', 'none.onnx', 'not_found', /there is no model/], ['is no ONNX file', 'make.py', 'bad_input', /make\.py is no ONNX model/],
    ['has no tensor among its outputs', 'sequence_only.onnx', 'unsupported', /no output that is a tensor: all \(sequence\)/],
  ])('%s', async (_, file, code, message) => {
    await expect(opened(file, table)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
  test('whose output is named wrongly', async () => {
    await expect(opened('label_only.onnx', table, { mapping: { inputs: {}, scores: 'probs' } })).rejects.toMatchObject({ message: 'label_only.onnx has no output \'probs\' that can be read: it has class (int64 [N,1])' });
  });
  test('on data that don\'t fit it: input, type, shape and columns are named', async () => {
    await expect(opened('sigmoid.onnx', table)).rejects.toMatchObject({ code: 'bad_input', message: 'input \'X\' (float32 [N,2]) takes 2 columns of numbers, and the data has 1 besides label and id: a' });
  });
});

let before = 0;
beforeAll(() => { before = process.listenerCount('exit'); });
afterAll(() => expect(process.listenerCount('exit')).toBe(before));
