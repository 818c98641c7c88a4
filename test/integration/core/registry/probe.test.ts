/** A model asked for a few rows, what its file says of it, and how far data drifted: the evaluator's jobs for the registry. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probe } from '../../../../src/core/evaluation/questions/probe';
import { signature } from '../../../../src/core/evaluation/questions/signature';
import type { Place } from '../../../../src/core/evaluation/process/jobs';
import { drift } from '../../../../src/core/monitoring/jobs/drift-psi';
import type { Golden, ProbeParams } from '../../../../src/core/registry/types';
import { dataSpec } from '../../../../src/protocol/evaluation/request';

const reference = path.resolve(import.meta.dirname, '../../../fixtures/reference');
const CASES = [['p1_binary_breast_cancer', 'model.onnx'], ['p2_multiclass_cards', 'model.onnx'], ['p3_regression_diabetes', 'model.onnx'], ['p4_large_car_loan', 'model_v2.onnx']] as const;
const watch = { signal: new AbortController().signal, progress: () => undefined };
let folder = '';
let place: Place;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-probe-')));
  mkdirSync(path.join(folder, 'temp'));
  place = { workspace: folder, temp: path.join(folder, 'temp'), python: null };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const labelOf = (name: string): string => (JSON.parse(readFileSync(path.join(reference, name, 'case.json'), 'utf8')) as { label: string }).label;
const params = (name: string, model: string, over: Partial<ProbeParams>): Place & ProbeParams => ({
  ...place, file: path.join(reference, name, model), data: { spec: dataSpec.parse({ files: [path.join(reference, name, 'current.parquet')] }), label: labelOf(name), id: undefined, mapping: undefined }, ...over,
});
const asFile = (golden: Golden | null): Golden => JSON.parse(JSON.stringify(golden)) as Golden;

describe('golden predictions', () => {
  test.each(CASES)('of %s are the same when they are replayed from their file, and need no data for it', async (name, model) => {
    const { golden, differing } = await probe(params(name, model, { record: 100 }), watch);
    expect(differing).toBeNull();
    expect(golden).toMatchObject({ format: 1, synthetic: false, label: labelOf(name) });
    expect(golden?.rows).toHaveLength(100);
    expect(golden?.predictions).toHaveLength(100);
    expect(golden?.predictions.filter(({ label, scores }) => label === null && scores.length === 0)).toEqual([]);
    expect(golden?.columns).not.toContain(labelOf(name));
    expect(await probe({ ...params(name, model, { replay: asFile(golden) }), data: null }, watch)).toEqual({ golden: null, differing: [], latency: null });
  });

  test('of another model differ, and say in which rows and how', async () => {
    const { golden } = await probe(params('p4_large_car_loan', 'model.onnx', { record: 50 }), watch);
    const { differing } = await probe(params('p4_large_car_loan', 'model_v2.onnx', { replay: asFile(golden), data: null }), watch);
    expect(differing?.length).toBeGreaterThan(40);
    expect(differing?.[0]).toMatchObject({ row: 0, was: expect.stringMatching(/^[01] \(0\.\d+, 0\.\d+\)$/) as string, now: expect.stringMatching(/^[01] \(0\.\d+, 0\.\d+\)$/) as string });
  });

  test('are told apart by what is more than rounding: a score beyond 1e-5, or another label', async () => {
    const { golden } = await probe(params('p1_binary_breast_cancer', 'model.onnx', { record: 10 }), watch);
    const changed = asFile(golden);
    const [first, second, third] = changed.predictions;
    if (first) first.scores = first.scores.map((score) => score + 5e-6);
    if (second) second.scores = second.scores.map((score) => score + 5e-5);
    if (third) third.label = third.label === '0' ? '1' : '0';
    const { differing } = await probe(params('p1_binary_breast_cancer', 'model.onnx', { replay: changed, data: null }), watch);
    expect(differing?.map(({ row }) => row)).toEqual([1, 2]);
  });

  test.each(CASES)('of %s are made up from its inputs where no data are known, the same rows each time', async (name, model) => {
    const one = await probe({ ...params(name, model, { record: 20 }), data: null }, watch);
    const two = await probe({ ...params(name, model, { record: 20 }), data: null }, watch);
    expect(one.golden).toMatchObject({ synthetic: true, label: null });
    expect(one.golden?.rows).toEqual(two.golden?.rows);
    expect(one.golden?.predictions).toHaveLength(20);
    expect(await probe({ ...params(name, model, { replay: asFile(one.golden) }), data: null }, watch)).toMatchObject({ differing: [] });
  });

  test('of a broken model are refused, with what is wrong', async () => {
    writeFileSync(path.join(folder, 'broken.onnx'), 'no model at all');
    await expect(probe({ ...place, file: 'broken.onnx', data: null, record: 5 }, watch)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('broken.onnx') as string });
  });
});

test('latency is of single rows, in milliseconds, and in order', async () => {
  const { latency, golden } = await probe(params('p4_large_car_loan', 'model.onnx', { latency: 60 }), watch);
  expect(golden).toBeNull();
  expect(latency?.rows).toBe(60);
  expect(latency?.p50).toBeGreaterThan(0);
  expect(latency?.p95).toBeGreaterThanOrEqual(latency?.p50 ?? Infinity);
  expect(latency?.p99).toBeGreaterThanOrEqual(latency?.p95 ?? Infinity);
});

describe('a signature', () => {
  test('is what the file says of its inputs and outputs, ZipMap seen through', async () => {
    const found = await signature({ workspace: reference, file: 'p2_multiclass_cards/model.onnx' }, watch);
    expect(found?.producer).toMatch(/^skl2onnx/);
    expect(found?.inputs.length).toBeGreaterThan(0);
    expect(found?.inputs[0]).toEqual({ name: expect.any(String) as string, type: expect.stringMatching(/^(float32|int64|string)$/) as string, shape: expect.stringMatching(/^\[N,\d+\]$/) as string });
    expect(found?.outputs.map(({ type }) => type)).toContain('float32');
  });

  test('is none of a file that is no ONNX model; one that calls itself so and is none is an error', async () => {
    writeFileSync(path.join(folder, 'model.pkl'), 'a pickle');
    copyFileSync(path.join(folder, 'model.pkl'), path.join(folder, 'wrong.onnx'));
    expect(await signature({ workspace: folder, file: 'model.pkl' }, watch)).toBeNull();
    await expect(signature({ workspace: folder, file: 'wrong.onnx' }, watch)).rejects.toMatchObject({ code: 'bad_input' });
    await expect(signature({ workspace: folder, file: 'none.onnx' }, watch)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('drift', () => {
  const sides = (name: string) => ({ ...place, reference: dataSpec.parse({ files: [path.join(reference, name, 'reference.csv')] }), current: dataSpec.parse({ files: [path.join(reference, name, 'current.csv')] }) });

  test('is the reference figures\' index for each column, null where a side has no values', async () => {
    const { drift: { columns } } = JSON.parse(readFileSync(path.join(reference, 'p5_drift_edges', 'expected.json'), 'utf8')) as { drift: { columns: Record<string, { psi: number | null }> } };
    const { columns: types } = JSON.parse(readFileSync(path.join(reference, 'p5_drift_edges', 'case.json'), 'utf8')) as { columns: Record<string, 'float' | 'int' | 'bool' | 'string'> };
    const asked = sides('p5_drift_edges');
    const found = await drift({ ...asked, reference: { ...asked.reference, types }, current: { ...asked.current, types } }, watch);
    expect(found.map(({ column }) => column)).toEqual(expect.arrayContaining(Object.keys(columns)) as string[]);
    for (const { column, psi, why } of found) {
      const expected = columns[column]?.psi;
      if (expected == null) expect({ column, psi, why }).toEqual({ column, psi: null, why: 'one side has no values' });
      else expect(psi).toBeCloseTo(expected, 9);
    }
  });

  test('of a column that one side lacks is an error that names it; left out where nothing was asked', async () => {
    await expect(drift({ ...sides('p5_drift_edges'), columns: ['strange'] }, watch)).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('no column strange') as string });
  });
});
