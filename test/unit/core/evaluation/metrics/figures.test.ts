import { describe, expect, test } from 'vitest';
import { classificationFigures } from '../../../../../src/core/evaluation/metrics/classification';
import figures from '../../../../fixtures/evaluation.json';
import { near } from '../support';

const set = figures.binary[1] ?? { truth: [], scores: [], plain: { roc_auc: 0 }, delong: [] };
const truth = Int8Array.from(set.truth);
const scores = Float64Array.from(set.scores);
const predicted = Int8Array.from(set.scores, (score) => (score >= 0.5 ? 1 : 0));
const probabilities = Float64Array.from(set.scores.flatMap((score) => [1 - score, score]));

describe('the record of all classification figures', () => {
  test('a binary one has intervals, calibration by the largest and by the positive probability, and curves where asked for', () => {
    const found = classificationFigures({ truth, predicted, probabilities }, { classes: ['no', 'yes'], positive: 1, curves: true });
    near(found.roc_auc, set.plain.roc_auc);
    near(found.roc_auc_se_delong, set.delong[1]);
    expect(found.support).toEqual({ no: set.truth.filter((y) => y === 0).length, yes: set.truth.filter((y) => y === 1).length });
    expect(found.accuracy_wilson95?.[0]).toBeLessThan(found.accuracy ?? 0);
    const yes = found.per_class['yes'];
    for (const name of ['precision', 'recall', 'specificity'] as const) {
      expect(yes?.[`${name}_wilson95`]?.[0]).toBeLessThan(yes?.[name] ?? NaN);
      expect(yes?.[`${name}_wilson95`]?.[1]).toBeGreaterThan(yes?.[name] ?? NaN);
    }
    expect(found.calibration_pos_10).toHaveLength(10);
    expect(found.roc_tpr_at_fpr_grid).toHaveLength(101);
    expect(found.roc_points?.threshold[0]).toBeNull();
    expect(found.ece_top_10).not.toBe(found.ece_pos_10);
    expect(Object.keys(JSON.parse(JSON.stringify(found)) as object)).toEqual(expect.arrayContaining(['mce_top_15', 'pr_points', 'log_loss', 'brier']));
  });

  test('curves are left out unless asked for, and bins are the ones asked for', () => {
    const found = classificationFigures({ truth, predicted, probabilities }, { classes: ['no', 'yes'], positive: 1, bins: [4] });
    expect(Object.keys(found).filter((name) => /grid|points|calibration/.test(name))).toEqual([]);
    expect(Object.keys(found).filter((name) => name.startsWith('ece'))).toEqual(['ece_top_4', 'ece_pos_4']);
  });

  test('a ranking score has an AUC but no probability figures', () => {
    const found = classificationFigures({ truth, predicted, scores: scores.map((score) => 100 * score - 7) }, { classes: ['no', 'yes'], positive: 1 });
    near(found.roc_auc, set.plain.roc_auc);
    expect(found).not.toHaveProperty('log_loss');
    expect(found).not.toHaveProperty('ece_top_10');
  });

  test('labels alone have the figures of labels alone', () => {
    const found = classificationFigures({ truth, predicted }, { classes: ['no', 'yes'], positive: 1 });
    expect(found.f1_macro).toBeGreaterThan(0);
    expect(found).not.toHaveProperty('roc_auc');
  });

  test('an empty slice is undefined throughout and doesn\'t fail', () => {
    const empty = { truth: new Int8Array(), predicted: new Int8Array(), probabilities: new Float64Array() };
    const found = classificationFigures(empty, { classes: ['no', 'yes'], positive: 1, curves: true });
    expect(found).toMatchObject({ n: 0, accuracy: null, accuracy_wilson95: null, mcc: null, log_loss: null, brier: null, roc_auc: null, pr_auc: null, ece_pos_15: null, roc_auc_delong95: null });
    expect(classificationFigures({ ...empty }, { classes: ['a', 'b', 'c'] })).toMatchObject({ n: 0, roc_auc_ovr_macro: null, pr_auc_macro: null });
  });
});
