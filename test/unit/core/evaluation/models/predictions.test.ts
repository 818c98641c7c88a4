// Predictions that are there already: columns of the data, or of a file that is joined.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../../../../src/core/evaluation/models/open';
import type { BatchScores, OpenModelOptions } from '../../../../../src/core/evaluation/models/types';
import type { ModelSpec } from '../../../../../src/protocol/evaluation/request';
import { batchOf, dataOf, type Table } from './table';

let folder = '';
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'predictions-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table: Table = {
  loan: { type: 'int', values: [1, 2, 3, null] }, y: { type: 'int', values: [0, 1, 1, 0] }, guess: { type: 'int', values: [0, 1, null, 0] }, amount: { type: 'float', values: [1.5, null, 3, 4] },
  p0: { type: 'float', values: [0.9, 0.25, 0.5, 1.5] }, p1: { type: 'float', values: [0.1, 0.75, null, 0] }, sure: { type: 'bool', values: [true, false, true, true] }, name: { type: 'string', values: ['a', 'b', '', null] },
};
type Predictions = NonNullable<ModelSpec['predictions']>;
const options = (more: Partial<OpenModelOptions> = {}): OpenModelOptions => ({ workspace: folder, temp: path.join(folder, 'temp'), data: dataOf(table, ['data.csv']), id: 'loan', label: 'y', exclude: [], python: null, ...more });
async function predict(predictions: Predictions, more?: Partial<OpenModelOptions>): Promise<BatchScores & { classes: readonly string[] | null; task: string | null }> {
  await using predictor = await openModel({ predictions }, options(more));
  expect(predictor.facts.kind).toBe('predictions');
  return { ...await predictor.score(batchOf(table)), classes: predictor.classes, task: predictor.task };
}

describe('columns of the data', () => {
  test('are labels as text; where one is missing the row has none', async () => {
    expect(await predict({ column: 'guess' })).toMatchObject({ labels: ['0', '1', null, '0'], scores: null, failed: new Map([[2, 'no prediction: guess is missing']]) });
    expect((await predict({ column: 'sure' })).labels).toEqual(['True', 'False', 'True', 'True']);
    expect((await predict({ column: 'name' })).labels).toEqual(['a', 'b', '', null]);
  });
  test('are numbers where they have fractions, or the task wants them', async () => {
    expect(await predict({ column: 'amount' })).toMatchObject({ labels: null, scores: Float64Array.of(1.5, NaN, 3, 4), width: 1, failed: new Map([[1, 'no prediction: amount is missing']]) });
    expect((await predict({ column: 'guess' }, { task: 'regression' })).scores).toEqual(Float64Array.of(0, 1, NaN, 0));
    expect((await predict({ column: 'amount' }, { task: 'multiclass' })).labels).toEqual(['1.5', null, '3', '4']);
  });
  test('are probabilities of the positive class, or of each class, with or without a label', async () => {
    expect(await predict({ probabilities: 'p1', column: 'guess' })).toMatchObject({ labels: ['0', '1', null, '0'], scores: Float64Array.of(0.1, 0.75, NaN, 0), width: 1, classes: null });
    expect(await predict({ probabilities: { no: 'p0', yes: 'p1' } })).toMatchObject({
      labels: null, scores: Float64Array.of(0.9, 0.1, 0.25, 0.75, NaN, NaN, NaN, NaN), width: 2, classes: ['no', 'yes'], task: 'binary',
      failed: new Map([[2, 'no prediction: p1 is missing'], [3, 'no prediction: p0 is 1.5, which is no probability']]),
    });
  });
  test('that aren\'t there, or hold no numbers, are refused by name', async () => {
    await expect(predict({ column: 'gues' })).rejects.toMatchObject({ code: 'bad_input', message: 'there is no column gues with predictions', hint: 'did you mean guess?' });
    await expect(predict({ probabilities: 'name' })).rejects.toMatchObject({ message: 'column name is to hold probabilities and is string (STRING)' });
    await expect(predict({ column: 'name' }, { task: 'regression' })).rejects.toMatchObject({ message: 'column name is to hold predicted numbers and is string (STRING)' });
    await expect(predict({})).rejects.toMatchObject({ message: 'predictions name no column' });
  });
  test('are another model where they are other columns', async () => {
    const digest = async (predictions: Predictions): Promise<string> => { await using one = await openModel({ predictions }, options()); return one.facts.digest; };
    expect(await digest({ column: 'guess' })).toBe(await digest({ column: 'guess' }));
    expect(await digest({ column: 'guess' })).not.toBe(await digest({ column: 'sure' }));
  });
});

describe('another file', () => {
  const file = (text: string): Predictions => {
    writeFileSync(path.join(folder, 'made.csv'), text);
    return { column: 'predicted', id: 'key', data: { files: ['made.csv'], types: {} } };
  };
  test('is joined on the id, whatever its order; 1 and 1.0 are the same', async () => {
    expect(await predict(file('key,predicted\n3.0,c\n1.0,a\n8.5,x\n'))).toMatchObject({ labels: ['a', null, 'c', null], failed: new Map([[1, 'no prediction for this id'], [3, 'the row has no id']]) });
  });
  test('in which an id comes twice is refused by name', async () => {
    await expect(predict(file('key,predicted\n3,c\n1,a\n3,d\n'))).rejects.toMatchObject({ code: 'bad_input', message: 'an id has more than one prediction: 3' });
  });
  test('needs an id to be joined on', async () => {
    await expect(predict(file('key,predicted\n3,c\n'), { id: undefined })).rejects.toMatchObject({ message: expect.stringContaining('no id column') as string });
    await expect(predict({ ...file('key,predicted\n3,c\n'), id: 'kye' })).rejects.toMatchObject({ hint: 'did you mean key?' });
  });
});
