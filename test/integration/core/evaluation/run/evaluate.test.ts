// From files to an evaluation: what is wrong with data, labels and models has an outcome that names the row or the column.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../../../../src/core/evaluation/run/evaluate';
import { identify } from '../../../../../src/core/evaluation/run/identify';
import type { EvaluationInput } from '../../../../../src/protocol/evaluation/request';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';
import { carLoan, lab, reference, type Lab } from '../process/support';

let here: Lab;
beforeAll(() => {
  here = lab();
});
afterAll(() => here.dispose());

const watch = { signal: new AbortController().signal, progress: () => undefined };
const run = async (request: EvaluationInput, over: { created?: number; looks?: number } = {}): Promise<EvaluationDoc> => await evaluate({ ...here.job(request), ...over }, watch);
const file = (name: string, lines: readonly string[]): string => {
  const at = path.join(here.workspace, name);
  writeFileSync(at, `${lines.join('\n')}\n`);
  return at;
};
/** Predictions that are columns of the data: no model file is needed. */
const columns = (files: string, over: Partial<EvaluationInput> = {}): EvaluationInput => ({ model: { predictions: { column: 'said', probabilities: 'p' } }, data: { files: [files] }, label: 'y', replicates: 100, ...over });
const codes = (doc: EvaluationDoc): string[] => doc.warnings.map(({ code }) => code);

describe('what is in a document', () => {
  test('is all that was asked, what it was asked of, and what it came to', async () => {
    const params = here.job(carLoan({ name: 'car-loan', slices: [{ name: 'rich', where: "salary_range = '60K+ €'", thresholds: { accuracy: { min: 0.5 } } }], thresholds: { accuracy: { min: 0.99 } } }));
    const doc = await evaluate(params, watch);
    expect(doc).toMatchObject({ format: 1, name: 'car-loan', task: 'binary', classes: ['0', '1'], positive: '1', main: { metric: 'accuracy', goal: 'maximize' }, outcome: 'fail', unscored: { count: 0 }, baseline: null });
    expect(doc.reasons).toEqual([expect.stringMatching(/^accuracy is 0\.8566/)]);
    expect(doc.slices[0]).toMatchObject({ name: 'rich', outcome: 'pass', figures: { n: 2369 } });
    expect(doc.data.columns.find(({ name }) => name === 'repaid')).toMatchObject({ role: 'label' });
    expect(doc.data.columns.filter(({ role }) => role === 'input')).toHaveLength(7);
    expect(doc.versions).toMatchObject({ node: process.versions.node, duckdb: expect.stringMatching(/^1\./) as string, onnxruntime: expect.stringMatching(/^1\./) as string });
    expect(JSON.parse(readFileSync(path.join(params.folder, 'evaluation.json'), 'utf8'))).toEqual(doc);
  });

  test('is the same from CSV and from Parquet', async () => {
    const [csv, parquet] = await Promise.all(['csv', 'parquet'].map((ending) => run(carLoan({ data: { files: [path.join(reference, `p4_large_car_loan/current.${ending}`)], types: ending === 'csv' ? { repaid_loan_on_prev_car: 'bool' } : {} } }))));
    expect(csv?.overall.figures).toEqual(parquet?.overall.figures);
  });
});

describe('rows that are not as they should be', () => {
  test('labels with a typo or missing are out, listed and warned of', async () => {
    const data = file('typos.csv', ['y,said,p', 'yes,yes,0.9', 'no,no,0.2', 'yse,yes,0.8', ',no,0.1', 'no,no,0.3', 'yes,yes,0.7']);
    const doc = await run(columns(data, { classes: ['no', 'yes'] }));
    expect(doc.overall.figures).toMatchObject({ n: 4, n_correct: 4 });
    expect(doc.warnings).toMatchObject([{ code: 'missing_label', rows: [3] }, { code: 'unseen_label', rows: [2], message: expect.stringContaining('the nearest is "yes"') as string }]);
  });

  test('ids that occur twice are warned of by name', async () => {
    const data = file('twice.csv', ['id,y,said,p', 'a,1,1,0.9', 'b,0,0,0.2', 'a,1,1,0.8', ',0,0,0.1']);
    const doc = await run(columns(data, { id: 'id' }));
    expect(doc.warnings).toMatchObject([{ code: 'duplicate_id', count: 1, rows: [2], message: expect.stringContaining('a (rows 0, 2)') as string }, { code: 'missing_id', count: 1 }]);
  });

  test('predictions that are missing are unscored rows with their reason and id', async () => {
    const data = file('holes.csv', ['id,y,said,p', 'a,1,1,0.9', 'b,0,0,', 'c,1,0,0.4', 'd,0,,']);
    const doc = await run(columns(data, { id: 'id' }));
    expect(doc.unscored.count).toBe(2);
    expect(doc.unscored.first.map(({ id }) => id)).toEqual(['b', 'd']);
    expect(doc.overall.figures.n).toBe(2);
    expect(codes(doc)).toContain('unscored');
  });

  test('one class alone leaves figures undefined and says so', async () => {
    const doc = await run(columns(file('one.csv', ['y,said,p', '1,1,0.9', '1,0,0.2', '1,1,0.8'])));
    expect(codes(doc)).toEqual(['one_class']);
    expect(doc.overall.figures).toMatchObject({ accuracy: 2 / 3, roc_auc: null });
  });
});

describe('what cannot be evaluated is refused', () => {
  const fine = ['y,said,p', '1,1,0.9', '0,0,0.2'];
  test.each<[string, string[], Partial<EvaluationInput>, RegExp]>([
    ['a file without rows', ['y,said,p'], {}, /no rows/],
    ['a label that is no column', fine, { label: 'z' }, /no column z for the label/],
    ['an id that is no column', fine, { id: 'nr' }, /no column nr for the id/],
    ['a regression over text', ['y,said,p', 'big,1,0.5'], { task: 'regression' }, /label y is text \("big" in row 0\)/],
    ['three classes called binary', ['y,said,p', 'a,a,0.5', 'b,a,0.1', 'c,a,0.2'], { task: 'binary' }, /3/],
    ['a predicate that reads no row', fine, { slices: [{ name: 's', where: "nonsense('x')" }] }, /nonsense/],
    ['no label at all', ['y,said,p', ',1,0.9', ',0,0.2'], {}, /no row has a value in the label y/],
  ])('%s', async (name, lines, over, message) => {
    const params = here.job(columns(file(`${name.replaceAll(' ', '-')}.csv`, lines), over));
    await expect(evaluate(params, watch)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(message) as string });
    expect(here.left(params)).toEqual([]);
  });
});

test('a ranking has its order without a threshold, and labels with one', async () => {
  const data = file('ranking.csv', ['y,p', ...Array.from({ length: 40 }, (_, row) => `${row % 2},${(row % 2) * 3 + (row % 7)}`)]);
  const request = { model: { predictions: { probabilities: 'p' } }, data: { files: [data] }, label: 'y', task: 'ranking' as const, replicates: 100 };
  const order = await run(request);
  expect(order.main.metric).toBe('roc_auc');
  expect(order.overall.figures).not.toHaveProperty('accuracy');
  const called = await run({ ...request, threshold: 5 });
  expect(called.main.metric).toBe('accuracy');
  expect(called.overall.figures['roc_auc']).toBe(order.overall.figures['roc_auc']);
  expect(called.overall.intervals['accuracy']?.method).toBe('wilson');
});

test('an eval set that is old, or was looked at often, is warned of', async () => {
  const data = file('old.csv', ['y,said,p', '1,1,0.9', '0,0,0.2']);
  const doc = await run(columns(data, { collected: '2026-01-01', maxAgeDays: 30 }), { created: Date.UTC(2026, 2, 1), looks: 25 });
  expect(codes(doc)).toEqual(['too_old', 'looked_at_often']);
  expect(doc.data).toMatchObject({ collected: Date.UTC(2026, 0, 1), looks: 25 });
  expect(codes(await run(columns(data, { collected: '2026-01-01', maxAgeDays: 30 }), { created: Date.UTC(2026, 0, 20) }))).toEqual([]);
});

test('rows that were in the training data, as they are or nearly, and categories that were not, are warned of', async () => {
  const training = file('training.csv', ['id,y,said,p,where', '1,1,1,0.9,north', '2,0,0,0.25,south', '3,1,1,0.125,north']);
  const data = file('seen.csv', ['id,y,said,p,where', '7,1,1,0.9,north', '8,0,0,0.6,south', '9,1,1,0.12500001,North', '10,0,0,0.3,west']);
  const doc = await run(columns(data, { id: 'id', training: { files: [training] } }));
  expect(doc.warnings).toMatchObject([{ code: 'seen_in_training', count: 1, rows: [0], message: expect.stringContaining('4 columns that both have') as string }, { code: 'seen_in_training', count: 1, rows: [2] }]);
  const loan = await run(carLoan({ training: { files: [path.join(reference, 'p4_large_car_loan/reference.parquet')] } }));
  expect(loan.warnings).toContainEqual(expect.objectContaining({ code: 'unseen_category', message: expect.stringContaining('"50%"') as string, count: 700 }));
});

test('your own metric in JavaScript stands beside ours, of slices too, with an interval', async () => {
  file('metrics.mjs', ['export const share = (truth) => truth.filter((one) => one === 1).length / truth.length;']);
  const data = file('own.csv', ['y,said,p', ...Array.from({ length: 60 }, (_, row) => `${row % 3 === 0 ? 1 : 0},${row % 2},0.${row % 9}`)]);
  const doc = await run(columns(data, { metrics: { share: 'metrics.mjs:share' }, slices: [{ name: 'low', where: 'p < 0.5', thresholds: { share: { max: 0.9 } } }], thresholds: { share: { min: 0.1 } } }));
  expect(doc.overall.figures['share']).toBeCloseTo(1 / 3, 12);
  expect(doc.overall.intervals['share']).toMatchObject({ method: 'bc', low: expect.any(Number) as number });
  expect(doc.overall.checks[0]?.outcome).toBe('pass');
  expect(doc.slices[0]?.checks[0]).toMatchObject({ metric: 'share', outcome: 'pass' });
});

describe('the identity', () => {
  const of = async (request: EvaluationInput): Promise<string> => {
    const { workspace, python, temp, request: parsed } = here.job(request);
    return (await identify({ workspace, python, temp, request: parsed }, watch)).id;
  };
  const data = ['y,said,p', '1,1,0.9', '0,0,0.2'];

  test('is the same for the same bytes under another name, and for the same question written otherwise', async () => {
    const [one, two] = [file('same-1.csv', data), file('same-2.csv', data)];
    expect(await of(columns(two))).toBe(await of(columns(one)));
    expect(await of({ ...columns(one), seed: 0, gate: { alpha: 0.05 } })).toBe(await of(columns(one)));
    expect(await of(columns(one))).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is another for other bytes, another model, slice, seed or metric', async () => {
    const one = file('id-1.csv', data);
    const base = await of(columns(one));
    const model = path.join(here.workspace, 'm.onnx');
    copyFileSync(path.join(reference, 'p4_large_car_loan/model.onnx'), model);
    file('mine.mjs', ['export const f = () => 1;']);
    const others = [
      columns(file('id-2.csv', [...data, '1,1,0.4'])), columns(one, { model: { file: model } }), columns(one, { slices: [{ name: 's', where: 'p > 0' }] }), columns(one, { seed: 1 }),
      columns(one, { metrics: { f: 'mine.mjs:f' } }), columns(one, { model: { predictions: { column: 'said' } } }),
    ];
    const found = await Promise.all(others.map(of));
    expect(new Set([base, ...found]).size).toBe(others.length + 1);
    file('mine.mjs', ['export const f = () => 2;']);
    expect(await of(columns(one, { metrics: { f: 'mine.mjs:f' } }))).not.toBe(found[4]);
  });

  test('is another where only the weights beside a model changed', async () => {
    const [model, weights] = ['external.onnx', 'external.weights'].map((name) => path.join(here.workspace, name)) as [string, string];
    for (const at of [model, weights]) copyFileSync(path.join(reference, '..', 'models', path.basename(at)), at);
    const request = columns(file('id-weights.csv', data), { model: { file: model } });
    const before = await of(request);
    writeFileSync(weights, Buffer.alloc(readFileSync(weights).length, 1));
    expect(await of(request)).not.toBe(before);
  });
});
