/** An evaluation that a panel asks about, made up but consistent: its figures are computed from its rows by the same code as real ones. */
import { precisionRecallPoints } from '../../../src/core/evaluation/metrics/average-precision';
import { binned, calibrationCurve, positiveConfidence } from '../../../src/core/evaluation/metrics/calibration';
import { cumulated } from '../../../src/core/evaluation/metrics/ranking';
import { rocPoints } from '../../../src/core/evaluation/metrics/roc';
import { classificationFigures } from '../../../src/core/evaluation/metrics/classification';
import { compareAccuracy } from '../../../src/core/evaluation/intervals/mcnemar';
import { random } from '../../../src/core/evaluation/intervals/random';
import { accuracyAgainstRest } from '../../../src/core/evaluation/intervals/two-proportions';
import type { Selection } from '../../../src/protocol/evaluation/request';
import type { Compared, Details, DiscoveryDoc, EvaluationDoc, ExampleRow, FigureSet, Figures, Histogram, RowPage, SliceResult, Trend } from '../../../src/protocol/evaluation/result';
import { sampleEvaluation } from '../evaluation-doc';
import { fakeHost, type FakeHost } from './fake-host';

const REGIONS = ['north', 'south', 'east', 'west'];
export const COLUMNS = ['age', 'region', 'income', 'scan'];
interface Row { age: number; region: string; income: number | null; truth: 0 | 1; score: number; before: number }

const called = (score: number): 0 | 1 => (score >= 0.5 ? 1 : 0);
const right = (row: Row): boolean => called(row.score) === row.truth;
const wasRight = (row: Row): boolean => called(row.before) === row.truth;

function makeRows(count: number): Row[] {
  const draw = random(7);
  const next = (): number => draw() / 2 ** 32;
  const score = (truth: number, sharp: number): number => 1 / (1 + Math.exp(-(truth === 1 ? sharp : -sharp) - 2 * (next() + next() + next() - 1.5)));
  return Array.from({ length: count }, () => {
    const [age, region, truth] = [18 + Math.floor(next() * 60), REGIONS[Math.floor(next() * 4)] ?? 'north', next() < 0.5 ? 0 : 1] as const;
    const hard = age < 30 && region === 'north';
    return { age, region, truth, income: next() < 0.1 ? null : Math.round(next() * 900) / 10, score: score(truth, hard ? -0.2 : 1.2), before: score(truth, hard ? 0.6 : 0.9) };
  });
}

type Model = 'score' | 'before';
function figures(rows: readonly Row[], of: Model = 'score'): FigureSet {
  const probabilities = Float64Array.from(rows.flatMap((row) => [1 - row[of], row[of]]));
  const found = classificationFigures({ truth: Uint8Array.from(rows, (row) => row.truth), predicted: Int32Array.from(rows, (row) => called(row[of])), probabilities }, { classes: ['0', '1'], positive: 1, curves: false });
  const [wilson, auc] = [found.accuracy_wilson95, found.roc_auc_delong95];
  return { figures: found as unknown as Figures, intervals: { ...(wilson && { accuracy: { low: wilson[0], high: wilson[1], method: 'wilson' } }), ...(auc && { roc_auc: { low: auc[0], high: auc[1], method: 'delong' } }) } };
}

function compared(rows: readonly Row[]): Compared | null {
  if (rows.length === 0) return null;
  const found = compareAccuracy(Uint8Array.from(rows, (row) => Number(wasRight(row))), Uint8Array.from(rows, (row) => Number(right(row))));
  const interval = found.wald_paired95 ?? null;
  const word = !interval || (interval[0] <= 0 && interval[1] >= 0) ? 'cannot tell' : interval[0] > 0 ? 'better' : 'worse';
  return { comparison: { ...found }, differences: {}, failed: word === 'worse', verdict: { metric: 'accuracy', goal: 'maximize', word, difference: found.diff, interval, p: found.mcnemar_exact_p, method: 'mcnemar', rowsToTell: word === 'cannot tell' ? 1187 : null, reason: 'made up' } };
}

const passes = (row: Row, name: string): boolean => (name === 'young-north' ? row.age < 30 && row.region === 'north' : name === 'income missing' ? row.income === null : row.age % Math.max(2, Number(name.slice(6))) === 0);

function slice(rows: readonly Row[], name: string): SliceResult {
  const [own, rest] = [rows.filter((row) => passes(row, name)), rows.filter((row) => !passes(row, name))];
  const gap = accuracyAgainstRest({ successes: own.filter(right).length, n: own.length }, { successes: rest.filter(right).length, n: rest.length });
  const set = figures(own);
  return { name, spec: { name, where: `age < 30 and region = '${name}'`, owner: 'ana', minSupport: 30, thresholds: {} }, unscored: 0, ...set, vs_rest: gap && { ...gap }, harm: gap ? -own.length * gap.accuracy_diff : null, outcome: name === 'young-north' ? 'fail' : 'pass', checks: [], compared: compared(own) };
}

const SPLITS = ['spring', 'autumn'];
const part = (rows: readonly Row[], names: readonly string[]): EvaluationDoc['splits'][string] => ({ overall: figures(rows), slices: Object.fromEntries(names.map((name) => [name, figures(rows.filter((row) => passes(row, name))).figures])) });

const histogram = (rows: readonly Row[], of: Model): Histogram => {
  const counts = new Array<number>(20).fill(0);
  const marked = [...counts];
  for (const row of rows) {
    const bin = Math.min(19, Math.floor(row[of] * 20));
    counts[bin] = (counts[bin] ?? 0) + 1;
    marked[bin] = (marked[bin] ?? 0) + row.truth;
  }
  return { edges: Array.from({ length: 21 }, (_, at) => at / 20), counts, marked };
};

export interface FakeEvaluation extends FakeHost { doc: EvaluationDoc }

/** Slices: young-north (the bad one), income missing, and others by number. With `splits` every other row is of spring, the others of autumn. */
export function fakeEvaluation(count: number, slices = 12, { splits = false } = {}): FakeEvaluation {
  const rows = makeRows(count);
  const names = ['young-north', 'income missing', ...Array.from({ length: slices }, (_, at) => `other ${at}`)].slice(0, slices);
  const flips = { broken: rows.filter((row) => wasRight(row) && !right(row)).length, fixed: rows.filter((row) => !wasRight(row) && right(row)).length };
  const doc = sampleEvaluation({ name: 'car-loan', overall: { ...figures(rows), checks: [], compared: compared(rows), bootstrap95: {} }, slices: names.map((name) => slice(rows, name)), baselineOverall: figures(rows, 'before'), baselineSlices: {}, splits: splits ? Object.fromEntries(SPLITS.map((name, at) => [name, part(rows.filter((_, row) => row % 2 === at), names)])) : {}, flips });
  doc.data.rows = count;
  doc.data.columns = COLUMNS.map((name) => ({ name, type: name === 'age' ? 'int' : name === 'income' ? 'float' : 'string', stored: '', missing: 0, role: 'input' }));

  const chosen = ({ slice: name, split, brush = [], truth, predicted, flip }: Selection): number[] => rows.flatMap((row, at) => {
    const kept = (split === undefined || SPLITS[at % 2] === split) && (name === undefined || passes(row, name)) && (truth === undefined || (String(row.truth) === truth && String(called(row.score)) === predicted))
      && brush.every(({ from = 0, to = 1 }) => row.score >= from && row.score <= to) && (flip === undefined || (right(row) !== wasRight(row) && (flip === 'any' || (flip === 'broken') === wasRight(row))));
    return kept ? [at] : [];
  });
  const details = (selection: Selection, of: Model): Details => {
    const own = chosen(selection).flatMap((at) => rows[at] ?? []);
    const columns = { truth: Uint8Array.from(own, (row) => row.truth), scores: Float64Array.from(own, (row) => row[of]), positive: 1 };
    const curve = cumulated(columns);
    const roc = curve && rocPoints(curve);
    const pr = curve && precisionRecallPoints(curve);
    const sure = binned(positiveConfidence(columns), 15);
    const bins = sure && calibrationCurve(sure);
    return {
      rows: own.length, ...figures(own, of), residuals: null, sweep: null, scores: histogram(own, of),
      calibration: bins && { mean_predicted: bins.map((bin) => bin.mean_predicted), fraction: bins.map((bin) => bin.fraction), count: bins.map((bin) => bin.count) },
      roc: roc && { fpr: [...roc.fpr], tpr: [...roc.tpr] }, pr: pr && { recall: [...pr.recall].reverse(), precision: [...pr.precision].reverse() },
    };
  };
  const page = (selection: Selection, offset: number, limit: number): RowPage => {
    const order = chosen(selection).sort((a, b) => Math.abs((rows[b]?.truth ?? 0) - (rows[b]?.score ?? 0)) - Math.abs((rows[a]?.truth ?? 0) - (rows[a]?.score ?? 0)));
    return { columns: COLUMNS, total: order.length, rows: order.slice(offset, offset + limit).flatMap((at): ExampleRow[] => {
      const row = rows[at];
      return row ? [{ row: at, id: `loan-${at}`, values: [row.age, row.region, row.income, `scans/${at}.png`], truth: String(row.truth), predicted: String(called(row.score)), baseline: String(called(row.before)), score: row.score, baselineScore: row.before, loss: Number(!right(row)), right: right(row), unscored: null, pinned: false }] : [];
    }) };
  };
  const trend = (metric: string): Trend => ({ metric, points: [1, 2, 3].map((at) => ({ id: `e${at}`, created: at * 86_400_000, model: `m${at}`, values: Object.fromEntries(['', ...names].map((name) => [name, { value: 0.8 + at / 50, low: 0.75 + at / 50, high: 0.85 + at / 50, n: 10 }])) })) });
  const found = (): DiscoveryDoc => ({
    evaluation: doc.id, settings: { mode: 'loss', topK: 10, depth: 2, alpha: 0.95, bins: 5, check: true, level: 0.05, seed: 0 }, mode: 'loss', loss: 'zero_one', rows: { searched: count / 2, checked: count / 2 }, leftOut: [], duration: 1,
    slices: [{ label: 'age=b0 & region=north', where: "age <= 29 and region = 'north'", columns: ['age', 'region'], size: 120, score: 2.1, errorSum: 60, errorMean: 0.5, errorMax: 1, checked: { rows: 118, mean: 0.5, effect: 0.3, interval: [0.2, 0.4], p: 1e-6, p_bh: 1e-6, method: 'newcombe' }, holds: true, family: 0 }],
    families: [{ representative: 0, members: [0] }], sliceline: { average_error: 0.2, n: count, found: 1, scores_sorted: [2.1], order: ['age=b0 & region=north'], slices: {} },
  });
  const compute = (method: string, params: Record<string, unknown>): unknown => {
    const selection = (params['selection'] ?? {}) as Selection;
    switch (method) {
      case 'evaluations.get': return doc;
      case 'evaluations.trend': return trend(String(params['metric']));
      case 'evaluations.details': return details(selection, params['baseline'] === true ? 'before' : 'score');
      case 'evaluations.rows': return page(selection, Number(params['offset'] ?? 0), Number(params['limit'] ?? 100));
      case 'evaluations.discover': return found();
      case 'evaluations.importance': return { metric: 'accuracy', baseline: 0.8, repeats: params['repeats'], seed: 0, rows: count, columns: COLUMNS.map((column, at) => ({ column, mean: 0.1 / (at + 1), std: 0.01 })), figures: {} };
      case 'evaluations.explain': return { id: params['example'], row: 0, of: 'probability of 1', score: 0.2, columns: COLUMNS.map((column, at) => ({ column, value: at, reference: at + 1, score: 0.3, change: (at - 1) / 10 })) };
      case 'evaluations.judge': return { pinned: params['judgement'] === 'rejected', file: 'pinned-examples.jsonl' };
      case 'evaluations.saveSlice': return { file: 'runyard.yaml', line: 3 };
      case 'host.evaluateAgain': return { evaluation: doc.id };
      case 'host.preview': return { kind: 'text', text: 'a scan', cut: false };
      default: return {};
    }
  };
  return { ...fakeHost({ evaluation: doc.id }, compute), doc };
}
