// Models that are run by the person's Python: what only MLflow can load, and ONNX where this process has no binary of ONNX Runtime.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { venvPython } from '../../../scripts/lib/paths.mjs';
import { ensureVenv, mlflowVenvDir } from '../../../scripts/lib/venv.mjs';
import { RunyardError } from '../../../src/core/base/errors';
import { digestOfModel, openModel } from '../../../src/core/evaluation/models/open';
import { openOnnx } from '../../../src/core/evaluation/models/open-onnx';
import type { OpenModelOptions } from '../../../src/core/evaluation/models/types';
import { batchOf, dataOf, type Table } from '../../unit/core/evaluation/models/table';

const models = path.resolve(import.meta.dirname, '../../fixtures/models');
let folder = '';
let python = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'python-models-'));
  python = await ensureVenv();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const options = (table: Table, more: Partial<OpenModelOptions> = {}): OpenModelOptions => ({ workspace: folder, temp: path.join(folder, 'temp'), data: dataOf(table), id: undefined, label: 'y', exclude: [], python, ...more });

const SAVE = `
import sys, mlflow, numpy, pandas
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
table = pandas.DataFrame({'town': ['a', 'b', 'c'] * 20, 'x': numpy.linspace(0, 1, 60)})
label = numpy.where(table.x > 0.5, 'yes', 'no')
model = make_pipeline(ColumnTransformer([('town', OneHotEncoder(handle_unknown='error'), ['town']), ('x', 'passthrough', ['x'])]), LogisticRegression()).fit(table, label)
mlflow.sklearn.save_model(model, sys.argv[1], signature=mlflow.models.infer_signature(table, label))
print(model.predict_proba(table[:2]).tolist())
`;

test('a model of scikit-learn that MLflow keeps gives labels and probabilities; rows that it refuses are named', async () => {
  const saved = path.join(folder, 'saved');
  const withMlflow = venvPython(mlflowVenvDir);
  const made = JSON.parse(execFileSync(withMlflow, ['-c', SAVE, saved], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as number[][];
  const table: Table = { town: { type: 'string', values: ['a', 'b', 'elsewhere'] }, x: { type: 'float', values: [0, 1 / 59, 0.5] }, y: { type: 'string', values: ['no', 'no', 'no'] }, more: { type: 'int', values: [1, 2, 3] } };
  await using predictor = await openModel({ file: 'saved' }, options(table, { python: withMlflow }));
  const { labels, scores, failed } = await predictor.score(batchOf(table));
  expect([labels, predictor.classes, predictor.task]).toEqual([['no', 'no', null], ['no', 'yes'], 'binary']);
  made.flat().forEach((share, at) => expect(scores?.[at]).toBeCloseTo(share, 9));
  expect([...failed.keys()]).toEqual([2]);
  expect(failed.get(2)).toContain('elsewhere');
  expect(await digestOfModel({ file: 'saved' }, options(table))).toBe(predictor.facts.digest);
});

describe('where ONNX Runtime has no binary', () => {
  const load = (): Promise<never> => Promise.reject(new RunyardError('unsupported', 'ONNX Runtime has no binary for here', 'install onnxruntime'));
  const place = (name: string) => ({ file: path.join(models, name), path: path.join(models, name), load });
  const expected = JSON.parse(readFileSync(path.join(models, 'expected.json'), 'utf8')) as Record<string, { columns: Table; labels: string[] | null; scores: number[][] | null }>;

  test.each(['strings_zipmap.onnx', 'typed.onnx', 'bool_label.onnx', 'external.onnx', 'half.onnx', 'fixed_4.onnx', 'town_only.onnx', 'double.onnx'])('%s is run by Python\'s, with the same predictions', async (name) => {
    const table = expected[name]?.columns ?? { tall: { type: 'float', values: [1] }, years: { type: 'int', values: [2] }, member: { type: 'bool', values: [true] }, weight: { type: 'float', values: [4] }, town: { type: 'string', values: ['Ürümqi'] } };
    await using predictor = await openOnnx({}, place(name), options(table));
    const found = await predictor.score(batchOf(table));
    expect(predictor.facts.notes.at(-1)).toContain('has no binary');
    expect(found.labels).toEqual(expected[name]?.labels ?? null);
    (expected[name] ? (expected[name].scores?.flat() ?? []) : [4008]).forEach((score, at) => expect(found.scores?.[at]).toBeCloseTo(score, 5));
    expect(found.failed.size).toBe(0);
  });

  test('a row that the model fails on is found', async () => {
    const table: Table = { k: { type: 'int', values: [0, 1, 99, 3] } };
    await using predictor = await openOnnx({}, place('table.onnx'), options(table));
    const { scores, failed } = await predictor.score(batchOf(table));
    expect([[...(scores ?? [])], [...failed.keys()]]).toEqual([[0, 10, NaN, 30], [2]]);
  });

  test('and no Python, or one without onnxruntime, it is said what is missing', async () => {
    const table: Table = { k: { type: 'int', values: [0] } };
    await expect(openOnnx({}, place('table.onnx'), options(table, { python: null }))).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('there is no Python') as string });
    const bare = path.join(folder, 'bare-python');
    writeFileSync(bare, `#!/bin/sh\nexec ${python} -I -S "$@"\n`);
    chmodSync(bare, 0o755);
    await expect(openOnnx({}, place('table.onnx'), options(table, { python: bare }))).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('has no onnxruntime') as string });
  });
});
