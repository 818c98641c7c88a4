// Paths of models and what they stand for, and the digests by which models are told from one another.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeOf } from '../../../../../src/core/evaluation/models/folder';
import { digestOfModel, lookAtModel, openModel } from '../../../../../src/core/evaluation/models/open';
import type { OpenModelOptions } from '../../../../../src/core/evaluation/models/types';
import { dataOf, type Table } from './table';

const models = path.resolve(import.meta.dirname, '../../../../fixtures/models');
let folder = '';
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'place-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const table: Table = { a: { type: 'float', values: [1] }, b: { type: 'float', values: [2] }, y: { type: 'float', values: [0] } };
const options = (more: Partial<OpenModelOptions> = {}): OpenModelOptions => ({ workspace: folder, temp: folder, data: dataOf(table), id: undefined, label: 'y', exclude: [], python: null, ...more });
function kept(name: string, mlmodel: string | null, files: Record<string, string>): string {
  mkdirSync(path.join(folder, name), { recursive: true });
  if (mlmodel !== null) writeFileSync(path.join(folder, name, 'MLmodel'), mlmodel);
  for (const [as, from] of Object.entries(files)) copyFileSync(path.join(models, from), path.join(folder, name, as));
  return name;
}

describe('a folder', () => {
  test('of an MLflow model stands for the ONNX file that it names', async () => {
    const name = kept('logged', 'flavors:\n  onnx:\n    data: net.onnx\n  python_function:\n    loader_module: mlflow.onnx\n', { 'net.onnx': 'sigmoid.onnx' });
    expect(await placeOf(name, folder)).toEqual({ kind: 'onnx', file: path.join(folder, name, 'net.onnx'), path: path.join(folder, name) });
    await using predictor = await openModel({ file: name }, options());
    expect([predictor.facts.name, predictor.task]).toEqual(['logged', 'binary']);
  });
  test('with model.onnx in it, or with one ONNX file, needs no description', async () => {
    expect(await placeOf(kept('plain', null, { 'model.onnx': 'sigmoid.onnx', 'other.onnx': 'typed.onnx' }), folder)).toMatchObject({ file: path.join(folder, 'plain/model.onnx') });
    expect(await placeOf(kept('one', null, { 'net.onnx': 'sigmoid.onnx' }), folder)).toMatchObject({ file: path.join(folder, 'one/net.onnx') });
  });
  test('whose model only Python can load is that, and without a Python it is said', async () => {
    const name = kept('pickled', 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n', {});
    expect(await placeOf(name, folder)).toEqual({ kind: 'pyfunc', path: path.join(folder, name), flavor: 'mlflow.sklearn' });
    await expect(openModel({ file: name }, options())).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('there is no Python') as string });
  });
  test.each([
    ['empty', null, {}, /neither an ONNX file nor an MLmodel/], ['two', null, { 'a.onnx': 'sigmoid.onnx', 'b.onnx': 'typed.onnx' }, /has 2 ONNX files: a.onnx, b.onnx/], ['broken', 'flavors: [1', {}, /MLmodel can't be read/],
  ] as [string, string | null, Record<string, string>, RegExp][])('that is %s is refused with the reason', async (name, mlmodel, files, message) => {
    await expect(placeOf(kept(name, mlmodel, files), folder)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(message) as string });
  });
});

describe('a digest', () => {
  test('of a file is SHA-256 of its bytes, and the same however it is asked for', async () => {
    kept('digests', null, { 'model.onnx': 'sigmoid.onnx' });
    const file = 'digests/model.onnx';
    const wanted = createHash('sha256').update(readFileSync(path.join(folder, file))).digest('hex');
    await using predictor = await openModel({ file }, options());
    expect([predictor.facts.digest, await digestOfModel({ file }, options()), (await lookAtModel({ file }, options())).facts.digest]).toEqual([wanted, wanted, wanted]);
  });
  test('is another where the weights beside the model, or another file of its folder, change', async () => {
    kept('weights', null, { 'model.onnx': 'external.onnx', 'external.weights': 'external.weights' });
    const digests = async (): Promise<string[]> => [await digestOfModel({ file: 'weights/model.onnx' }, options()), await digestOfModel({ file: 'weights' }, options())];
    const before = await digests();
    writeFileSync(path.join(folder, 'weights', 'external.weights'), Buffer.alloc(36));
    const after = await digests();
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});

test('looking at a model says its problems without throwing', async () => {
  const { problems, facts } = await lookAtModel({ file: path.join(models, 'typed.onnx') }, options());
  expect(problems.map(({ message }) => message)[0]).toContain('input \'tall\' (float32 [N]) is fed by no column');
  expect(facts.inputs[4]).toEqual({ name: 'town', type: 'string', shape: '[N,1]', columns: [] });
});
