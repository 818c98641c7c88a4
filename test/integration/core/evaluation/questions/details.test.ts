import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { details } from '../../../../../src/core/evaluation/questions/details';
import { rows } from '../../../../../src/core/evaluation/questions/rows';
import type { Kept } from '../../../../../src/core/evaluation/process/jobs';
import type { Selection } from '../../../../../src/protocol/evaluation/request';
import type { Details, EvaluationDoc, RowPage } from '../../../../../src/protocol/evaluation/result';
import { bench, kept, readCase, watching, type Bench } from './support';

const askers = (params: () => Kept): { look: (selection?: Selection, baseline?: boolean) => Promise<Details>; page: (selection?: Selection, more?: Partial<Parameters<typeof rows>[0]>) => Promise<RowPage> } => ({
  look: (selection = {}, baseline = false) => details({ ...params(), selection, baseline }, watching()),
  page: (selection = {}, more = {}) => rows({ ...params(), selection, sort: 'worst', offset: 0, limit: 50, ...more }, watching()),
});
const sum = (counts: readonly number[] = []): number => counts.reduce((a, b) => a + b, 0);

describe('two models of two classes', () => {
  let place: Bench;
  let params: Kept;
  let doc: EvaluationDoc;
  const { look, page } = askers(() => params);
  beforeAll(async () => {
    place = bench('p4_large_car_loan', ['model.onnx', 'model_v2.onnx', 'current.parquet']);
    const { label, classes, positive } = readCase('p4_large_car_loan');
    ({ params, doc } = await kept(place, {
      model: { file: 'model_v2.onnx' }, baseline: { file: 'model.onnx' }, data: { files: ['current.parquet'] }, label, ...(classes && { classes }), ...(positive !== undefined && { positive }),
      slices: [{ name: 'rich', where: "salary_range = '60K+ €'" }], cost: { tp: 0, fp: 3, fn: 1, tn: 0 },
    }));
  });
  afterAll(() => place.dispose());

  test('all rows and a slice have the figures and intervals that are kept', async () => {
    const [all, rich] = [await look(), await look({ slice: 'rich' })];
    expect(all.figures).toMatchObject(doc.overall.figures);
    expect(all.intervals).toEqual(doc.overall.intervals);
    expect(rich.figures).toMatchObject(doc.slices[0]?.figures ?? {});
    expect(rich.intervals).toEqual(doc.slices[0]?.intervals);
    expect((await look({}, true)).figures).toMatchObject(doc.baselineOverall?.figures ?? {});
  });

  test('the same rows by a predicate have the same figures, with intervals of their own around them', async () => {
    const rich = await look({ where: "salary_range = '60K+ €'" });
    expect(rich.figures).toMatchObject({ accuracy: doc.slices[0]?.figures['accuracy'], roc_auc: doc.slices[0]?.figures['roc_auc'] });
    expect(rich.intervals['accuracy']).toEqual(doc.slices[0]?.intervals['accuracy']);
    for (const path of ['roc_auc', 'log_loss', 'f1_macro', 'brier']) {
      expect(rich.intervals[path]?.low).toBeLessThan(rich.figures[path] as number);
      expect(rich.intervals[path]?.high).toBeGreaterThan(rich.figures[path] as number);
    }
  });

  test('curves have few points and histograms count every row', async () => {
    const { roc, pr, calibration, scores, sweep, rows: n, residuals } = await look();
    expect(n).toBe(50_000);
    for (const points of [roc?.fpr, roc?.tpr, pr?.recall, pr?.precision]) expect(points?.length).toBeLessThanOrEqual(500);
    const area = (roc?.fpr ?? []).reduce((total, x, at, xs) => total + (at === 0 ? 0 : ((x - (xs[at - 1] ?? 0)) * ((roc?.tpr[at] ?? 0) + (roc?.tpr[at - 1] ?? 0))) / 2), 0);
    expect(area).toBeCloseTo(doc.overall.figures['roc_auc'] as number, 4);
    expect([sum(calibration?.count), sum(scores?.counts)]).toEqual([n, n]);
    expect(sum(scores?.marked)).toBe((doc.overall.figures['support'] as Record<string, number>)[doc.positive ?? '']);
    expect(Math.min(...(sweep?.cost ?? []).map((cost) => cost ?? 0))).toBeLessThanOrEqual(doc.overall.figures['cost'] as number);
    expect(residuals).toBeNull();
  });

  test('cells, flips and brushes narrow to the rows that they say', async () => {
    const matrix = doc.overall.figures['confusion_matrix'] as number[][];
    const [one = '', other = ''] = doc.classes;
    expect((await page({ truth: one, predicted: other }, { limit: 1 })).total).toBe(matrix[0]?.[1]);
    const [broken, fixed, any] = [await page({ flip: 'broken' }, { limit: 1 }), await page({ flip: 'fixed' }, { limit: 1 }), await page({ flip: 'any' }, { limit: 1 })];
    expect({ broken: broken.total, fixed: fixed.total, any: any.total }).toEqual({ broken: doc.flips?.broken, fixed: doc.flips?.fixed, any: (doc.flips?.broken ?? 0) + (doc.flips?.fixed ?? 0) });
    const richFlips = await page({ slice: 'rich', flip: 'broken' }, { limit: 1 });
    expect(richFlips.total).toBe(doc.slices[0]?.compared?.comparison['only_baseline_right']);
    const { scores } = await look();
    const [from = 0, to = 0] = [scores?.edges[3], scores?.edges[4]];
    expect((await page({ brush: [{ of: 'score', from, to: to - 1e-12 }] }, { limit: 1 })).total).toBe(scores?.counts[3]);
    const long = await page({ brush: [{ of: 'column', column: 'loan_length', from: 10, to: 12 }, { of: 'column', column: 'repaid_loan_on_prev_car', values: ['True'] }] }, { limit: 3, columns: ['loan_length', 'repaid_loan_on_prev_car'] });
    expect(long.total).toBe((await page({ where: 'loan_length between 10 and 12 and repaid_loan_on_prev_car' }, { limit: 1 })).total);
    expect(long.rows.every(({ values: [length, repaid] }) => (length as number) >= 10 && (length as number) <= 12 && repaid === true)).toBe(true);
  });

  test('the worst come first, by how far off the score was; the best the other way round; flips by how far the score moved', async () => {
    const off = ({ rows: found }: RowPage): number[] => found.map(({ truth, score }) => Math.abs((truth === doc.positive ? 1 : 0) - (score ?? NaN)));
    const falling = (values: number[]): boolean => values.every((value, at) => at === 0 || value <= (values[at - 1] ?? 0) + 1e-12);
    const worst = await page();
    expect(worst.rows.every(({ right, loss }) => right === false && loss === 1)).toBe(true);
    expect(falling(off(worst))).toBe(true);
    expect(falling(off(await page({}, { sort: 'best' })).reverse())).toBe(true);
    const flips = await page({ flip: 'any' }, { sort: 'flip' });
    expect(flips.rows.every(({ predicted, baseline }) => predicted !== baseline)).toBe(true);
    expect(falling(flips.rows.map(({ score, baselineScore }) => Math.abs((score ?? 0) - (baselineScore ?? 0))))).toBe(true);
    const inOrder = await page({}, { sort: 'order', offset: 10, limit: 3 });
    expect(inOrder.rows.map(({ row }) => row)).toEqual([10, 11, 12]);
  });

  test('what is not there is said', async () => {
    await expect(page({ slice: 'poor' })).rejects.toMatchObject({ code: 'not_found', message: "this evaluation has no slice 'poor'", hint: 'it has rich' });
    await expect(page({}, { columns: ['nowhere'] })).rejects.toMatchObject({ code: 'not_found' });
    await expect(page({ brush: [{ of: 'residual', from: 1 }] })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(page({ where: 'loan_length >' })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(rows({ ...params, folder: `${params.folder}-gone`, selection: {}, sort: 'worst', offset: 0, limit: 1 }, watching())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a regression with rows that have no label', () => {
  let place: Bench;
  let params: Kept;
  const { look, page } = askers(() => params);
  beforeAll(async () => {
    place = bench('p3_regression_diabetes', ['model.onnx', 'current.csv']);
    const file = `${place.workspace}/current.csv`;
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const at = (lines[0] ?? '').split(',').indexOf('progression');
    for (const line of [5, 9]) lines[line] = (lines[line] ?? '').split(',').map((cell, i) => (i === at ? '' : cell)).join(',');
    writeFileSync(file, `${lines.join('\n')}\n`);
    ({ params } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.csv'] }, label: 'progression', slices: [{ name: 'old', where: 'age >= 55' }] }));
  });
  afterAll(() => place.dispose());

  test('rows without a label are listed at the end, with why, and are in no figure', async () => {
    const all = await page({}, { limit: 500 });
    expect(all.total).toBe(182);
    expect(all.rows.slice(-2).map(({ row, unscored, truth, loss }) => ({ row, unscored, truth, loss }))).toEqual([{ row: 4, unscored: 'no label', truth: null, loss: null }, { row: 8, unscored: 'no label', truth: null, loss: null }]);
    expect(all.rows[0]?.loss).toBe(Math.max(...all.rows.map(({ loss }) => loss ?? 0)));
    const { rows: n, figures, residuals, roc, scores } = await look();
    expect({ n, of: figures.n, counted: sum(residuals?.counts), roc, scores }).toEqual({ n: 182, of: 180, counted: 180, roc: null, scores: null });
  });

  test('a brush of residuals has the rows of its bars, and only scored ones', async () => {
    const { residuals } = await look({ slice: 'old' });
    const found = await page({ slice: 'old', brush: [{ of: 'residual', from: residuals?.edges[0] ?? 0, to: (residuals?.edges[15] ?? 0) - 1e-9 }] });
    expect(found.total).toBe(sum(residuals?.counts.slice(0, 15)));
    expect(found.rows.every(({ unscored }) => unscored === null)).toBe(true);
    const loss = await look({ brush: [{ of: 'loss', from: 50 }] });
    expect(loss.figures['mae']).toBeGreaterThan(50);
    expect(loss.intervals['mae']).toMatchObject({ method: 't' });
    await expect(page({ flip: 'any' })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

test('several classes have curves a class, and the wrong rows are marked', async () => {
  const place = bench('p2_multiclass_cards', ['model.onnx', 'current.parquet']);
  try {
    const { label, classes } = readCase('p2_multiclass_cards');
    const { params, doc } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.parquet'] }, label, ...(classes && { classes }) });
    const { figures, scores, roc, calibration, rows: n } = await details({ ...params, selection: {}, baseline: false }, watching());
    expect(Object.keys(figures['roc_tpr_at_fpr_grid_per_class'] as object)).toEqual(doc.classes);
    expect([roc, sum(calibration?.count), sum(scores?.marked)]).toEqual([null, n, n - (figures['n_correct'] as number)]);
    const [first] = (await rows({ ...params, selection: {}, sort: 'worst', offset: 0, limit: 1 }, watching())).rows;
    expect(first?.right).toBe(false);
  } finally {
    place.dispose();
  }
});

test('a split is narrowed to by its value, beside a slice', async () => {
  const place = bench('p1_binary_breast_cancer', ['model.onnx', 'current.csv']);
  try {
    const { params, doc } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.csv'] }, label: 'benign', positive: 1, split: 'clinic', slices: [{ name: 'small', where: '"mean radius" < 12' }] });
    const east = await details({ ...params, selection: { split: 'east' }, baseline: false }, watching());
    expect(east.figures).toMatchObject({ n: doc.splits['east']?.overall.figures.n, accuracy: doc.splits['east']?.overall.figures['accuracy'] });
    const small = await details({ ...params, selection: { split: 'east', slice: 'small' }, baseline: false }, watching());
    expect(small.figures.n).toBe(doc.splits['east']?.slices['small']?.n);
    expect(Object.keys(small.intervals)).toContain('f1_macro');
  } finally {
    place.dispose();
  }
});

test('a ranking without a threshold is drawn and sorted by its score: nothing in it is right or wrong', async () => {
  const place = bench('p1_binary_breast_cancer', ['current.csv']);
  try {
    const { params, doc } = await kept(place, { model: { predictions: { probabilities: 'mean radius' } }, data: { files: ['current.csv'] }, label: 'benign', positive: 0, task: 'ranking', slices: [{ name: 'east', where: "clinic = 'east'" }] });
    const all = await details({ ...params, selection: {}, baseline: false }, watching());
    expect(all.figures['roc_auc']).toBe(doc.overall.figures['roc_auc']);
    expect([all.calibration, sum(all.scores?.counts), all.sweep?.threshold.length]).toEqual([null, 269, 101]);
    const found = await rows({ ...params, selection: { slice: 'east' }, sort: 'worst', offset: 0, limit: 300 }, watching());
    expect(found.rows.every(({ right, loss, predicted }) => right === null && loss === null && predicted === null)).toBe(true);
    const least = Math.min(...found.rows.filter(({ truth }) => truth === '0').map(({ score }) => score ?? NaN));
    const most = Math.max(...found.rows.filter(({ truth }) => truth === '1').map(({ score }) => score ?? NaN));
    expect([least, most]).toContain(found.rows[0]?.score);
  } finally {
    place.dispose();
  }
});
