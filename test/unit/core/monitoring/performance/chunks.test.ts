import { expect, test } from 'vitest';
import { chunksOf, usualBand } from '../../../../../src/core/monitoring/performance/chunks';
import { metricsOf } from '../../../../../src/core/monitoring/performance/metrics';

test('the reference is parted as windows are, if that makes five parts; else in ten; the last takes what is left', () => {
  expect(chunksOf(1050, 200)).toEqual([[0, 200], [200, 400], [400, 600], [600, 800], [800, 1050]].map(([from, to]) => ({ from, to })));
  expect(chunksOf(1000, 300)).toHaveLength(10);
  expect(chunksOf(1000, 0).at(-1)).toEqual({ from: 900, to: 1000 });
  expect(chunksOf(1_000_000, 30)).toHaveLength(100);
  expect(chunksOf(99, 0)).toEqual([]);
  expect(chunksOf(0, 10)).toEqual([]);
});

test('usual is the mean of the parts and three times their spread, within what the figure can be', () => {
  const [metric] = metricsOf(['accuracy'], { task: 'binary', classes: ['0', '1'], positive: 1 });
  if (!metric) throw new Error('no metric');
  const parts = (...values: (number | null)[]): { n: number; accuracy: number | null }[] => values.map((accuracy) => ({ n: 1, accuracy }));
  expect(usualBand(parts(0.4, 0.5, 0.6, null), metric)?.map((value) => Number(value.toFixed(6)))).toEqual([0.255051, 0.744949]);
  expect(usualBand(parts(0.9, 0.95, 1), metric)?.[1]).toBe(1);
  expect(usualBand(parts(0.9, 0.95), metric)).toBeNull();
});

test('metrics go by short names, by an evaluation\'s, and by class, whatever the class is called', () => {
  const two = { task: 'binary', classes: ['no', 'a.b'], positive: 1 } as const;
  const paths = (names: string[], asked: Parameters<typeof metricsOf>[1]): string[][] => metricsOf(names, asked).map(({ path }) => [...path]);
  expect(paths(['recall', 'pr_auc', 'per_class.a.b.precision', 'true_positive'], two)).toEqual([['per_class', 'a.b', 'recall'], ['pr_auc'], ['per_class', 'a.b', 'precision'], ['true_positive']]);
  expect(paths(['recall', 'roc_auc', 'average_precision', 'specificity', 'roc_auc_per_class.x'], { task: 'multiclass', classes: ['x', 'y', 'z'], positive: null })).toEqual([['recall_macro'], ['roc_auc_ovr_macro'], ['pr_auc_macro'], ['specificity_macro'], ['roc_auc_per_class', 'x']]);
  expect(paths(['mape', 'rmse'], { task: 'regression', classes: [], positive: null })).toEqual([['mape_nonzero'], ['rmse']]);
  expect(metricsOf([], two).map(({ name, goal }) => `${name} ${goal}`)).toEqual(['accuracy maximize', 'precision maximize', 'recall maximize', 'specificity maximize', 'f1 maximize', 'roc_auc maximize', 'average_precision maximize', 'log_loss minimize', 'brier minimize']);
  expect(metricsOf([], { task: 'regression', classes: [], positive: null }).map(({ name, goal }) => `${name} ${goal}`)).toEqual(['mae minimize', 'mse minimize', 'rmse minimize', 'mape minimize']);
});
