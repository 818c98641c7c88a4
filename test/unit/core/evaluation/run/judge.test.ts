// What is said of scored rows, all of them and slice by slice.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classificationFigures } from '../../../../../src/core/evaluation/metrics/classification';
import { regressionFigures } from '../../../../../src/core/evaluation/metrics/regression';
import { judge } from '../../../../../src/core/evaluation/run/judge';
import { largestMethod, type Figures } from '../../../../../src/protocol/evaluation/result';
import { asked, binary, binaryModel, drawnRows, member, noModel, regression, slice } from './rows';

const plain = { classes: ['0', '1'], positive: 1 };

/** The same figures, but for the order in which sums were added up. */
function alike(found: unknown, wanted: unknown): void {
  if (typeof wanted === 'number') expect(found).toBeCloseTo(wanted, 12);
  else if (typeof wanted === 'object' && wanted !== null) {
    expect(Object.keys(found as object)).toEqual(Object.keys(wanted));
    for (const [key, value] of Object.entries(wanted)) alike((found as Record<string, unknown>)[key], value);
  } else expect(found).toBe(wanted);
}

describe('figures', () => {
  test('of a slice are those of its rows taken alone', async () => {
    const { truth, positive } = drawnRows(400, 1);
    const even = (row: number): boolean => row % 3 !== 1;
    const { slices: [found] } = await judge(binary(truth, positive, { slices: [member(400, even)] }), asked({ slices: [slice('even')] }));
    const rows = truth.map((_, row) => row).filter(even);
    const p = rows.map((row) => positive[row] ?? NaN);
    const alone = classificationFigures({ truth: Int32Array.from(rows, (row) => truth[row] ?? 0), predicted: Int32Array.from(p, (one) => (one > 0.5 ? 1 : 0)), probabilities: Float64Array.from(p.flatMap((one) => [1 - one, one])) }, plain);
    alike(found?.figures, alone);
  });

  test('of several classes in a slice are those of its rows taken alone', async () => {
    const { positive: a, other: b } = drawnRows(300, 2);
    const probabilities = Float64Array.from(a.flatMap((p, row) => [p / 2, (b[row] ?? 0) / 2, 1 - p / 2 - (b[row] ?? 0) / 2]));
    const best = (row: number): number => [0, 1, 2].reduce((top, c) => ((probabilities[row * 3 + c] ?? 0) > (probabilities[row * 3 + top] ?? 0) ? c : top), 0);
    const truth = Int32Array.from(a, (_, row) => (row * 7) % 3);
    const predicted = Int32Array.from(a, (_, row) => best(row));
    const scored = { ...binary([...truth], a), task: 'multiclass' as const, classes: ['a', 'b', 'c'], positive: null, truth, model: { ...noModel, predicted, probabilities }, slices: [member(300, (row) => row < 90)] };
    const { slices: [found] } = await judge(scored, asked({ slices: [slice('first')] }));
    const alone = classificationFigures({ truth: truth.slice(0, 90), predicted: predicted.slice(0, 90), probabilities: probabilities.slice(0, 270) }, { classes: ['a', 'b', 'c'] });
    alike(found?.figures, alone);
  });

  test('of numbers in a slice are those of its rows taken alone', async () => {
    const { positive: truth, other: predicted } = drawnRows(200, 3);
    const { slices: [found] } = await judge(regression(truth, predicted, { slices: [member(200, (row) => row >= 150)] }), asked({ slices: [slice('last')] }));
    expect(found?.figures).toMatchObject({ ...regressionFigures({ truth: Float64Array.from(truth.slice(150)), predicted: Float64Array.from(predicted.slice(150)) }) });
  });

  test('leave out rows without a label or a prediction, which slices count', async () => {
    const scored = binary([1, 0, 1, 0, 1], [0.9, 0.2, 0.8, NaN, 0.7], { unlabelled: new Map([[0, 'no label']]), slices: [member(5, (row) => row !== 1)], model: binaryModel([0.9, 0.2, 0.8, NaN, 0.7], new Map([[3, 'it failed']])) });
    scored.truth?.set([-1], 0);
    const { overall, slices: [found] } = await judge(scored, asked({ slices: [slice('s')] }));
    expect(overall.figures.n).toBe(3);
    expect(found?.figures.n).toBe(2);
    expect(found?.unscored).toBe(2);
  });

  test('of no rows are null, and such a slice is held against nothing', async () => {
    const { slices: [found] } = await judge(binary([1, 0], [0.9, 0.2], { slices: [member(2, () => false)] }), asked({ slices: [slice('none', { thresholds: { accuracy: { min: 0.5 } }, minSupport: 30 })] }));
    expect(found).toMatchObject({ figures: { n: 0, accuracy: null, roc_auc: null }, intervals: {}, vs_rest: null, harm: null, outcome: 'cannot tell' });
  });

  test('of a ranking without a threshold are those of its order', async () => {
    const scored = { ...binary([1, 0, 1, 0], [0, 0, 0, 0]), task: 'ranking' as const, model: { ...noModel, scores: Float64Array.of(12, -3, 4, 5) } };
    const { overall, main } = await judge(scored, asked());
    expect(main).toEqual({ metric: 'roc_auc', goal: 'maximize' });
    expect(overall.figures).toMatchObject({ n: 4, roc_auc: 0.75, support: { 0: 2, 1: 2 } });
    expect(overall.figures).not.toHaveProperty('accuracy');
  });

  test('have a cost where a cost matrix is given', async () => {
    const { overall } = await judge(binary([1, 1, 0, 0], [0.9, 0.1, 0.8, 0.2]), asked({ cost: { tp: 0, fn: 10, fp: 2, tn: 0 } }));
    expect(overall.figures['cost']).toBe(3);
  });
});

describe('algebra', () => {
  const rows = fc.array(fc.record({ y: fc.integer({ min: 0, max: 1 }), p: fc.double({ min: 0, max: 1, noNaN: true }), s: fc.boolean() }), { minLength: 1, maxLength: 40 });

  test('a slice and its complement add up to all rows', async () => {
    await fc.assert(fc.asyncProperty(rows, async (drawn) => {
      const is = (row: number): boolean => drawn[row]?.s === true;
      const found = await judge(binary(drawn.map(({ y }) => y), drawn.map(({ p }) => p), { slices: [member(drawn.length, is), member(drawn.length, (row) => !is(row))] }), asked({ slices: [slice('in'), slice('out')] }));
      const [one, other] = found.slices.map(({ figures }) => figures);
      for (const key of ['n', 'n_correct', 'predicted_unseen']) expect(Number(one?.[key]) + Number(other?.[key])).toBe(found.overall.figures[key]);
      const matrix = (figures: unknown): number[] => (figures as { confusion_matrix: number[][] }).confusion_matrix.flat();
      expect(matrix(one).map((cell, at) => cell + (matrix(other)[at] ?? 0))).toEqual(matrix(found.overall.figures));
      const support = (figures: unknown, name: string): number => (figures as { support: Record<string, number> }).support[name] ?? NaN;
      for (const name of ['0', '1']) expect(support(one, name) + support(other, name)).toBe(support(found.overall.figures, name));
    }), { numRuns: 60 });
  });

  test("the order of rows doesn't matter to a figure, and intervals hold within bounds", async () => {
    await fc.assert(fc.asyncProperty(rows, fc.integer(), async (drawn, seed) => {
      const scored = (all: typeof drawn) => binary(all.map(({ y }) => y), all.map(({ p }) => p), { slices: [Uint8Array.from(all, ({ s }) => (s ? 1 : 0))] });
      const moved = drawn.map((one, at) => ({ one, key: Math.sin(seed + at) })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      const [a, b] = [await judge(scored(drawn), asked({ slices: [slice('s')] })), await judge(scored(moved), asked({ slices: [slice('s')] }))];
      for (const [one, other] of [[a.overall.figures, b.overall.figures], [a.slices[0]?.figures, b.slices[0]?.figures]]) {
        for (const key of ['accuracy', 'balanced_accuracy', 'f1_macro', 'mcc', 'roc_auc', 'pr_auc', 'log_loss', 'brier', 'ece_pos_10']) {
          const [x, y] = [one?.[key] ?? null, other?.[key] ?? null] as (number | null)[];
          if (x === null) expect(y ?? null).toBeNull();
          else expect(y).toBeCloseTo(x ?? NaN, 9);
        }
      }
      for (const [path, { low, high }] of Object.entries(a.overall.intervals)) {
        expect(low, path).toBeLessThanOrEqual(high);
        if (/^(accuracy|roc_auc|pr_auc|brier|f1|per_class)/.test(path)) {
          expect(low, path).toBeGreaterThanOrEqual(-1e-12);
          expect(high, path).toBeLessThanOrEqual(1 + 1e-12);
        }
      }
    }), { numRuns: 30 });
  });
});

describe('intervals', () => {
  test('are there for every figure that has one, each by its method', async () => {
    const { truth, positive } = drawnRows(500, 4);
    const { overall: { intervals, figures } } = await judge(binary(truth, positive), asked());
    const method = Object.fromEntries(Object.entries(intervals).map(([path, one]) => [path, one.method]));
    expect(method).toMatchObject({ accuracy: 'wilson', 'per_class.1.recall': 'wilson', 'per_class.0.specificity': 'wilson', roc_auc: 'delong' });
    for (const path of ['f1_macro', 'mcc', 'log_loss', 'brier', 'pr_auc', 'ece_top_10', 'mce_pos_15', 'per_class.1.f1', 'per_class.0.f2', 'cohen_kappa', 'balanced_accuracy']) expect(method[path], path).toMatch(/^bca?$/);
    expect(intervals['log_loss']?.replicates).toBe(100);
    for (const [path, { low, high }] of Object.entries(intervals)) {
      const value = path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], figures) as number;
      if (!/ece|mce/.test(path)) expect(low <= value && value <= high, `${path} ${low} ${value} ${high}`).toBe(true);
    }
  });

  /** Numbers that say how good a model is; counts and standard errors are none. */
  const figuresIn = (figures: Figures): string[] => Object.entries(figures)
    .filter(([name, value]) => typeof value === 'number' && !/^n$|^n_|_se_|predicted_unseen|f1_macro_all/.test(name)).map(([name]) => name);

  test('are there for all figures: of labels and probabilities with what they cost, of numbers, of an order', async () => {
    const { truth, positive, other } = drawnRows(300, 8);
    const cost = { tp: -1, fn: 10, fp: 2, tn: 0 };
    const half = member(300, (row) => row % 2 === 0);
    const two = await judge(binary(truth, positive, { baseline: binaryModel(other), slices: [half] }), asked({ cost, slices: [slice('half')] }));
    const numbers = await judge(regression(positive, other, { slices: [half] }), asked({ slices: [slice('half')] }));
    const order = await judge({ ...binary(truth, positive), task: 'ranking', model: { ...noModel, scores: Float64Array.from(positive) } }, asked());
    for (const { figures, intervals } of [two.overall, two.baselineOverall, two.slices[0], numbers.overall, numbers.slices[0], order.overall].flatMap((set) => set ?? [])) {
      expect(figuresIn(figures).filter((name) => !intervals[name])).toEqual([]);
    }
    expect(two.overall.intervals).toMatchObject({ cost: { method: 'bca' }, pr_auc_trapezoid: { method: 'bca' } });
    expect(two.overall.compared?.differences).toMatchObject({ cost: { difference: Number(two.overall.figures['cost']) - Number(two.baselineOverall?.figures['cost']) }, pr_auc_trapezoid: {} });
  });

  test('of a largest error go from the fourth largest to the largest, and say how they came', async () => {
    const { overall } = await judge(regression(Array.from({ length: 1000 }, () => 0), Array.from({ length: 1000 }, (_, row) => row)), asked());
    expect(overall.intervals['max_error']).toEqual({ low: 996, high: 999, method: largestMethod });
  });

  test('of a perfect AUC are not without width', async () => {
    const { overall } = await judge(binary([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]), asked());
    expect(overall.figures['roc_auc']).toBe(1);
    expect(overall.intervals['roc_auc']).toMatchObject({ high: 1, method: 'wilson' });
    expect(overall.intervals['roc_auc']?.low).toBeLessThan(0.6);
  });

  test('are the same for the same seed, and others for another', async () => {
    const { truth, positive } = drawnRows(300, 5);
    const of = async (seed: number) => (await judge(binary(truth, positive), asked({ seed }))).overall.intervals['log_loss'];
    expect(await of(1)).toEqual(await of(1));
    expect(await of(2)).not.toEqual(await of(1));
  });

  test('of very many rows come from a bag of little bootstraps, and agree with the plain ones', async () => {
    const { truth, positive } = drawnRows(24_000, 6);
    const many = (await judge(binary(truth, positive), asked({ replicates: 400 }))).overall;
    const few = (await judge(binary(truth.slice(0, 20_000), positive.slice(0, 20_000)), asked({ replicates: 400 }))).overall;
    for (const path of ['pr_auc', 'log_loss', 'brier']) {
      expect(many.intervals[path]?.method).toBe('blb');
      expect(few.intervals[path]?.method).toMatch(/^bca?$/);
      const width = (one: typeof many): number => (one.intervals[path]?.high ?? NaN) - (one.intervals[path]?.low ?? NaN);
      expect(width(many) / width(few)).toBeGreaterThan(0.7 * Math.sqrt(20 / 24));
      expect(width(many) / width(few)).toBeLessThan(1.3);
    }
  });

  test('by percentiles stand beside them under the names of reference files', async () => {
    const { truth, positive } = drawnRows(200, 7);
    const { overall: { bootstrap95 } } = await judge(binary(truth, positive), asked());
    expect(bootstrap95['B']).toBe(100);
    for (const name of ['accuracy', 'f1_macro', 'roc_auc']) expect(bootstrap95[name]).toEqual({ lo: expect.any(Number) as number, hi: expect.any(Number) as number });
  });
});

test('a slice is held against the rest, and what it costs is said in rows', async () => {
  const truth = Array.from({ length: 200 }, (_, row) => row % 2);
  const positive = truth.map((y, row) => (row < 40 && row % 4 < 2 ? 1 - y : y) * 0.8 + 0.1);
  const { slices: [bad, good] } = await judge(binary(truth, positive, { slices: [member(200, (row) => row < 40), member(200, (row) => row >= 40)] }), asked({ slices: [slice('bad'), slice('good')] }));
  expect(bad?.vs_rest).toMatchObject({ n_rest: 160, accuracy_rest: 1, accuracy_diff: -0.5 });
  expect(bad?.harm).toBe(20);
  expect(good?.harm).toBe(-80);
  expect(bad?.vs_rest?.['p_holm']).toBeGreaterThanOrEqual(Number(bad?.vs_rest?.['p_pooled']));
});

test('each value of a split has figures with intervals, and slices within it', async () => {
  const { truth, positive } = drawnRows(100, 8);
  const split = truth.map((_, row) => (row < 60 ? 'train' : 'test'));
  const { splits } = await judge(binary(truth, positive, { split, slices: [member(100, (row) => row % 2 === 0)] }), asked({ slices: [slice('even')] }));
  expect(Object.keys(splits)).toEqual(['test', 'train']);
  expect(splits['train']?.overall.figures.n).toBe(60);
  expect(splits['train']?.overall.intervals['accuracy']?.method).toBe('wilson');
  expect(splits['test']?.slices['even']?.n).toBe(20);
});

test('where not one row can be judged the reason of the first is told', async () => {
  await expect(judge(binary([1, 0], [NaN, NaN], { model: binaryModel([NaN, NaN], new Map([[0, 'the input x is text'], [1, 'the input x is text']])) }), asked())).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('the input x is text') as string });
});
