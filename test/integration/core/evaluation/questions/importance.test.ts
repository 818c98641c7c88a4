import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../../../../src/core/evaluation/questions/explain';
import { importance } from '../../../../../src/core/evaluation/questions/importance';
import type { Kept } from '../../../../../src/core/evaluation/process/jobs';
import { rows } from '../../../../../src/core/evaluation/questions/rows';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';
import { bench, kept, readCase, readExpected, watching, type Bench } from './support';

interface Spread { mean: number; std: number; mean_tol: number; std_tol: number }
interface Expected { models: Record<string, { permutation_importance: { n_repeats: number; random_state: number; baseline: Record<string, number>; accuracy: Record<string, Spread>; roc_auc: Record<string, Spread> } }> }

describe('breast cancer', () => {
  let place: Bench;
  let params: Kept;
  let doc: EvaluationDoc;
  beforeAll(async () => {
    place = bench('p1_binary_breast_cancer', ['model.onnx', 'current.csv']);
    ({ params, doc } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.csv'] }, label: 'benign', positive: 1 }));
  });
  afterAll(() => place.dispose());
  const ask = (more: Partial<Parameters<typeof importance>[0]> = {}, watch = watching()): ReturnType<typeof importance> => importance({ ...params, metrics: [], repeats: 10, seed: 0, selection: {}, mostRows: 20_000, ...more }, watch);

  test('drops of accuracy and ROC AUC are those of scikit-learn, within what another generator may differ by', async () => {
    const expected = readExpected<Expected>('p1_binary_breast_cancer').models['model.onnx']?.permutation_importance;
    const watch = watching();
    const found = await ask({ metrics: ['accuracy', 'roc_auc'], repeats: 30, seed: expected?.random_state ?? 0 }, watch);
    expect(found.baseline).toBeCloseTo(expected?.baseline['accuracy'] ?? NaN, 6);
    const off = (['accuracy', 'roc_auc'] as const).flatMap((metric) => Object.entries(expected?.[metric] ?? {}).flatMap(([column, { mean, std, mean_tol, std_tol }]) => {
      const own = found.figures[metric]?.[column];
      return Math.abs((own?.mean ?? NaN) - mean) <= mean_tol && Math.abs((own?.std ?? NaN) - std) <= std_tol ? [] : [`${metric} ${column}: ${own?.mean ?? ''} for ${mean}, ${own?.std ?? ''} for ${std}`];
    }));
    expect(off).toEqual([]);
    expect(found.columns.map(({ column }) => column)).toEqual(Object.keys(expected?.accuracy ?? {}));
    expect(watch.seen.at(-1)).toEqual({ phase: 'asking the model', done: 269 * 301, total: 269 * 301 });
  });

  test('a seed gives the same figures again, and a column asked for alone has those that it has among others', async () => {
    const [one, again, alone] = [await ask({ seed: 5 }), await ask({ seed: 5 }), await ask({ seed: 5, columns: ['mean area'] })];
    expect(again).toEqual(one);
    expect(alone.columns).toEqual(one.columns.filter(({ column }) => column === 'mean area'));
    expect((await ask({ seed: 6 })).columns).not.toEqual(one.columns);
    expect(one).toMatchObject({ metric: 'accuracy', repeats: 10, seed: 5, rows: 269 });
  });

  test('a loss that rises is a drop, a column that the model does not read has none, and a sample says its size', async () => {
    const found = await ask({ metrics: ['log_loss', 'ece_top_10'], columns: ['mean texture', 'clinic'], mostRows: 100 });
    expect(found.rows).toBe(100);
    expect(found.columns[0]?.mean).toBeGreaterThan(0.05);
    expect(found.columns[1]).toEqual({ column: 'clinic', mean: 0, std: 0 });
    expect(Object.keys(found.figures)).toEqual(['log_loss', 'ece_top_10']);
  });

  test('what can not be asked is said', async () => {
    await expect(ask({ columns: ['nowhere'] })).rejects.toMatchObject({ code: 'not_found', message: 'the data have no column nowhere' });
    await expect(ask({ metrics: ['beauty'] })).rejects.toMatchObject({ code: 'bad_input', message: 'there is no figure beauty of this evaluation' });
    await expect(ask({ selection: { where: '"mean radius" > 1000' } })).rejects.toMatchObject({ code: 'bad_input' });
    const watch = watching();
    const asked = ask({ repeats: 1000 }, watch);
    watch.stop();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('one row is explained by what its score is with each column at what is usual', async () => {
    const [worst] = (await rows({ ...params, selection: {}, sort: 'worst', offset: 0, limit: 1 }, watching())).rows;
    const found = await explain({ ...params, example: worst?.id ?? '', baseline: false }, watching());
    expect(found).toMatchObject({ id: worst?.id, row: worst?.row, of: 'probability of 1' });
    expect(found.score).toBeCloseTo(worst?.score ?? NaN, 6);
    expect(found.columns.map(({ column }) => column).sort()).toEqual(readCase('p1_binary_breast_cancer').sliceline.columns.length > 0 ? [...(doc.model.inputs[0]?.columns ?? [])].sort() : []);
    for (const { score, change } of found.columns) expect(change).toBeCloseTo(found.score - score, 12);
    const sizes = found.columns.map(({ change }) => Math.abs(change));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes[0]).toBeGreaterThan(0.01);
    const { columns, rows: [row] } = await rows({ ...params, selection: {}, sort: 'worst', offset: 0, limit: 1 }, watching());
    for (const { column, value } of found.columns) expect(value).toBe(row?.values[columns.indexOf(column)]);
    await expect(explain({ ...params, example: 'nobody', baseline: false }, watching())).rejects.toMatchObject({ code: 'not_found' });
    await expect(explain({ ...params, example: worst?.id ?? '', baseline: true }, watching())).rejects.toMatchObject({ code: 'bad_input', message: 'this evaluation has no baseline' });
  });
});

describe('columns of every type', () => {
  test('texts, booleans and missing values are set to the most frequent, and the called class is followed', async () => {
    const place = bench('p2_multiclass_cards', ['model.onnx', 'current.parquet']);
    try {
      const { label, classes } = readCase('p2_multiclass_cards');
      const { params } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.parquet'] }, label, ...(classes && { classes }) });
      const { rows: found } = await rows({ ...params, selection: { where: 'stated_income is null' }, sort: 'order', offset: 0, limit: 2 }, watching());
      for (const row of found) {
        const explained = await explain({ ...params, example: row.id, baseline: false }, watching());
        expect(explained.of).toBe(`probability of ${String(row.predicted)}`);
        expect(explained.score).toBeCloseTo(row.score ?? NaN, 5);
        const by = Object.fromEntries(explained.columns.map((column) => [column.column, column]));
        expect(by['stated_income']?.value).toBeNull();
        expect(typeof by['stated_income']?.reference).toBe('number');
        expect(typeof by['is_customer']?.reference).toBe('boolean');
        expect(typeof by['app_channel']?.reference).toBe('string');
      }
      const found2 = await importance({ ...params, metrics: [], repeats: 2, seed: 1, selection: {}, mostRows: 1000, columns: ['app_channel', 'is_customer'] }, watching());
      expect(found2.columns.map(({ column }) => column)).toEqual(['app_channel', 'is_customer']);
    } finally {
      place.dispose();
    }
  });

  test('a regression: its error rises, and its number moves', async () => {
    const place = bench('p3_regression_diabetes', ['model.onnx', 'current.csv']);
    try {
      const { params } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.csv'] }, label: 'progression' });
      const found = await importance({ ...params, metrics: [], repeats: 5, seed: 1, selection: {}, mostRows: 1000 }, watching());
      expect(found.metric).toBe('mae');
      expect(found.columns.find(({ column }) => column === 'bmi')?.mean).toBeGreaterThan(2);
      const [first] = (await rows({ ...params, selection: {}, sort: 'order', offset: 0, limit: 1 }, watching())).rows;
      expect(await explain({ ...params, example: first?.id ?? '', baseline: false }, watching())).toMatchObject({ of: 'prediction', row: 0 });
    } finally {
      place.dispose();
    }
  });

  test('predictions that are there have no model to ask', async () => {
    const place = bench('p3_regression_diabetes', ['current.csv']);
    try {
      const { params } = await kept(place, { model: { predictions: { column: 'bmi' } }, data: { files: ['current.csv'] }, label: 'progression', task: 'regression' });
      await expect(importance({ ...params, metrics: [], repeats: 2, seed: 1, selection: {}, mostRows: 1000 }, watching())).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('no model to ask') as string });
    } finally {
      place.dispose();
    }
  });
});
