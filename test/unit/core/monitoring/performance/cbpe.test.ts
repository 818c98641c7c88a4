import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { chancesOf, expectedFigures, fitCbpe, scoresOf, type Cbpe } from '../../../../../src/core/monitoring/performance/cbpe';
import { figureOf, metricsOf, moreFigures, type Asked } from '../../../../../src/core/monitoring/performance/metrics';
import { plainFigures, readyOf, type Labelled } from '../../../../../src/core/monitoring/performance/realised';
import { cbpeOf, estimateInterval, referenceOf } from '../../../../../src/core/monitoring/performance/reference';

const none = { map: null, before: null, after: null };
/** Two classes, the chances taken as they are. */
const binary: Cbpe = { classes: ['no', 'yes'], positive: 1, unit: true, calibrators: [none] };
const all = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);
const chances = fc.array(fc.integer({ min: 0, max: 20 }).map((n) => n / 20), { minLength: 1, maxLength: 30 });

describe('what is to be expected of calibrated chances', () => {
  test('is the mean over all labels that there could be', () => {
    // Over every way that up to eight labels may turn out, weighted by how likely it is.
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 10 }).map((n) => n / 10), { minLength: 1, maxLength: 8 }), (said) => {
      const p = Float64Array.from(said);
      const predicted = Int32Array.from(said, (chance) => Number(chance >= 0.5));
      const figures = expectedFigures({ predicted, scores: [p], chances: chancesOf(binary, [p]) }, all(p.length), binary);
      const mean = { accuracy: 0, tp: 0, brier: 0, log_loss: 0 };
      for (let world = 0; world < 2 ** p.length; world++) {
        const labels = said.map((_, row) => (world >> row) & 1);
        const likely = labels.reduce((product, label, row) => product * (label ? (p[row] ?? 0) : 1 - (p[row] ?? 0)), 1);
        labels.forEach((label, row) => {
          const q = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p[row] ?? 0));
          mean.accuracy += (likely * Number(label === predicted[row])) / p.length;
          mean.tp += likely * Number(label === 1 && predicted[row] === 1);
          mean.brier += (likely * (label - (p[row] ?? 0)) ** 2) / p.length;
          mean.log_loss -= (likely * Math.log(label ? q : 1 - q)) / p.length;
        });
      }
      expect(figures['accuracy']).toBeCloseTo(mean.accuracy, 10);
      expect((figures['confusion_matrix'] as number[][])[1]?.[1]).toBeCloseTo(mean.tp, 10);
      expect(figures['brier']).toBeCloseTo(mean.brier, 10);
      expect(figures['log_loss']).toBeCloseTo(mean.log_loss, 10);
    }), { numRuns: 60 });
  });

  test('of the order is the share of pairs to be expected, ties half', () => {
    fc.assert(fc.property(chances, (said) => {
      const p = Float64Array.from(said);
      const { roc_auc: area } = expectedFigures({ predicted: null, scores: [p], chances: chancesOf(binary, [p]) }, all(p.length), binary);
      let [pairs, weight] = [0, 0];
      for (const a of said) {
        for (const b of said) {
          pairs += a * (1 - b) * (a > b ? 1 : a === b ? 0.5 : 0);
          weight += a * (1 - b);
        }
      }
      if (weight === 0) expect(area).toBeNull();
      else expect(area).toBeCloseTo(pairs / weight, 10);
    }), { numRuns: 60 });
  });

  test('is what turned out where every chance is 0 or 1', () => {
    fc.assert(fc.property(fc.array(fc.record({ truth: fc.integer({ min: 0, max: 2 }), said: fc.integer({ min: 0, max: 2 }) }), { minLength: 3, maxLength: 30 }), (rows) => {
      const cbpe: Cbpe = { classes: ['a', 'b', 'c'], positive: null, unit: true, calibrators: [none, none, none] };
      const sure = [0, 1, 2].map((c) => Float64Array.from(rows, ({ truth }) => Number(truth === c)));
      const asked: Asked = { task: 'multiclass', classes: cbpe.classes, positive: null };
      const found = expectedFigures({ predicted: Int32Array.from(rows, ({ said }) => said), scores: sure, chances: sure }, all(rows.length), cbpe);
      const labelled: Labelled = { rows: rows.length, truth: Int32Array.from(rows, ({ truth }) => truth), truthNumbers: null, model: { predicted: Int32Array.from(rows, ({ said }) => said), numbers: null, probabilities: null, scores: null, unscored: new Map() } };
      const real = plainFigures(readyOf(labelled, asked), null, asked);
      for (const { path } of metricsOf(['accuracy', 'precision', 'recall', 'f1', 'mcc', 'per_class.b.recall'], asked)) expect(figureOf(found, path) ?? 0).toBeCloseTo(figureOf(real, path) ?? 0, 10);
      expect(moreFigures(found, asked).figures['specificity_macro'] ?? 0).toBeCloseTo(figureOf(real, ['specificity_macro']) ?? 0, 10);
    }), { numRuns: 40 });
  });

  test('adds up to 1 over classes, also where calibrating leaves nothing', () => {
    const cbpe: Cbpe = { classes: ['a', 'b', 'c'], positive: null, unit: true, calibrators: [{ ...none, map: { x: Float64Array.of(0, 1), y: Float64Array.of(0, 0.5) } }, none, none] };
    const made = chancesOf(cbpe, [Float64Array.of(1, 0, NaN), Float64Array.of(0.25, 0, 0), Float64Array.of(0.25, 0, 0)]);
    expect(made.map((own) => own[0])).toEqual([0.5, 0.25, 0.25]);
    expect(made.map((own) => own[1])).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(made[0]?.[2]).toBeNaN();
  });

  test('counts a row called something else as wrong', () => {
    const p = Float64Array.of(0.9, 0.9);
    const found = expectedFigures({ predicted: Int32Array.of(1, 2), scores: [p], chances: chancesOf(binary, [p]) }, all(2), binary);
    expect(found['accuracy']).toBeCloseTo(0.45, 12);
    expect(found['predicted_unseen']).toBeCloseTo(1, 12);
  });
});

/** Rows whose labels are drawn by a chance, of which the model says too much or too little. */
function world(rows: number, seed: number, sharp: number): Labelled {
  const next = random(seed);
  const chance = Float64Array.from({ length: rows }, () => unit(next));
  const said = chance.map((p) => p ** sharp / (p ** sharp + (1 - p) ** sharp));
  return {
    rows, truth: Int32Array.from(chance, (p) => Number(unit(next) < p)), truthNumbers: null,
    model: { predicted: Int32Array.from(said, (p) => Number(p >= 0.5)), numbers: null, probabilities: Float64Array.from({ length: 2 * rows }, (_, at) => (at % 2 ? (said[at >> 1] ?? 0) : 1 - (said[at >> 1] ?? 0))), scores: null, unscored: new Map() },
  };
}

describe('estimates of windows whose labels come later', () => {
  test('hold what turns out in about 95 of 100 windows or more, also of a model that is too sure', () => {
    const frame = { task: 'binary', classes: ['0', '1'], positive: 1, unit: true } as const;
    const metrics = metricsOf(['accuracy', 'f1', 'recall', 'roc_auc'], frame);
    const reference = referenceOf({ ...world(4000, 1, 3), frame, why: '', notes: [] }, metrics, { slices: new Map(), seed: 0 });
    const estimator = cbpeOf(reference, 0);
    if ('why' in estimator) throw new Error(estimator.why);
    expect(estimator.fit).toMatchObject({ calibrated: 1 });
    const inside = new Map(metrics.map(({ name }) => [name, 0]));
    const windows = 80;
    for (let window = 0; window < windows; window++) {
      const side = { ...world(400, 100 + window, 3), frame, why: '', notes: [] };
      const estimated = estimator.of(side, null)?.(all(400)) ?? { n: 0 };
      const real = plainFigures(readyOf(side, frame), null, frame);
      for (const metric of metrics) {
        const value = figureOf(estimated, metric.path) ?? NaN;
        const [low, high] = estimateInterval(value, { n: 400, scope: reference.scopes.get('') ?? { n: 0, values: {} }, metric }) ?? [NaN, NaN];
        const turned = figureOf(real, metric.path) ?? NaN;
        if (turned >= low && turned <= high) inside.set(metric.name, (inside.get(metric.name) ?? 0) + 1);
      }
    }
    for (const [name, times] of inside) expect(times / windows, name).toBeGreaterThanOrEqual(0.91);
  });

  test('need scores, and read a score that is no probability by its order', () => {
    const model = { probabilities: null, scores: null };
    expect(scoresOf(model, { classes: ['0', '1'], positive: 1 })).toBeNull();
    const { truth, model: said, rows } = world(2000, 9, 1);
    const score = Float64Array.from({ length: rows }, (_, row) => 30 * (said.probabilities?.[2 * row + 1] ?? 0) - 12);
    const cbpe = fitCbpe(truth ?? new Int32Array(), [score], { classes: ['0', '1'], positive: 1, unit: false, seed: 0 });
    const [, made = new Float64Array()] = chancesOf(cbpe, [score]);
    expect(made.reduce((sum, chance, row) => sum + Math.abs(chance - (said.probabilities?.[2 * row + 1] ?? 0)), 0) / rows).toBeLessThan(0.05);
    expect(expectedFigures({ predicted: null, scores: [score], chances: chancesOf(cbpe, [score]) }, all(rows), cbpe)).not.toHaveProperty('log_loss');
  });
});
