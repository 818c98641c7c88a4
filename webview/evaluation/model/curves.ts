/** What the charts of a slice draw, beside the same of all rows: which curves, on which axes, and what they are called. Pure. */
import type { Details } from '../../../src/protocol/evaluation/result';
import type { Axis, Line, Point, SeriesStyle } from '../../shared/curve';
import { formatNumber } from '../../shared/format';
import { figureFormat, formatCount, formatShare } from './digits';
import { ranged } from './figures';
import { histogramWords, outline } from './histogram';

export interface Styles { own: SeriesStyle; all: SeriesStyle; marked: SeriesStyle; more: SeriesStyle[]; cost: SeriesStyle }
/** `brush`: what dragging over it chooses. `note`: the figure that sums it up. */
export interface ChartSpec { id: string; title: string; note: string; lines: Line[]; x: Axis; y: Axis; summary: string; brush?: { of: 'score' | 'residual'; edges: number[] } }

const unit: Pick<Axis, 'min' | 'max' | 'format'> = { min: 0, max: 1, format: (value) => formatNumber(value, 2) };
/** Points from left to right; where one of the two is missing or infinite there is none. */
export function zip(xs: readonly (number | null)[], ys: readonly (number | null)[]): Point[] {
  const points = xs.flatMap((x, at) => {
    const y = ys[at];
    return x === null || y === null || y === undefined || !Number.isFinite(x) || !Number.isFinite(y) ? [] : [{ x, y }];
  });
  return (points[0]?.x ?? 0) > (points.at(-1)?.x ?? 0) ? points.reverse() : points;
}

/** The note under a chart's title: a figure with its interval. */
function noteOf(details: Details, path: string, title: string): string {
  const found = ranged(details, path);
  if (found.value === null) return '';
  const format = figureFormat([found]);
  return `${title} ${format(found.value)}${found.low === null || found.high === null ? '' : ` (${format(found.low)} to ${format(found.high)})`}`;
}

/** The charts that these details have. `all`: of all rows, drawn pale behind; null where the slice is all rows. */
export function chartSpecs(own: Details, all: Details | null, styles: Styles, names: { slice: string; positive: string | null; cost: boolean }): ChartSpec[] {
  const both = (id: string, mine: Point[], whole: Point[] | undefined, more: Partial<Line> = {}): Line[] => [
    ...(whole && whole.length > 0 ? [{ id: `${id}-all`, label: 'all rows', style: styles.all, points: whole, ...more, ...(more.radii ? { radii: undefined } : {}) } as Line] : []),
    { id, label: names.slice, style: styles.own, points: mine, ...more },
  ];
  const specs: ChartSpec[] = [];
  const made = (spec: ChartSpec | null): void => { if (spec) specs.push(spec); };
  made(scores(own, all, styles, names));
  made(residuals(own, all, styles, names.slice));
  made(calibration(own, all, styles, names.slice));
  if (own.roc) {
    specs.push({ id: 'roc', title: 'ROC', note: noteOf(own, 'roc_auc', 'AUC'), x: { title: 'false positive rate', ...unit }, y: { title: '', ...unit },
      lines: [{ id: 'chance', label: 'chance', style: { ...styles.all, dash: [2, 3] }, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }], faint: true, backdrop: true }, ...both('roc', zip(own.roc.fpr, own.roc.tpr), all?.roc ? zip(all.roc.fpr, all.roc.tpr) : undefined)],
      summary: `ROC curve: true positive rate over false positive rate. ${noteOf(own, 'roc_auc', 'AUC') || 'No AUC: one class only'}` });
  }
  if (own.pr) {
    specs.push({ id: 'pr', title: 'Precision, recall', note: noteOf(own, 'pr_auc', 'AP'), x: { title: 'recall', ...unit }, y: { title: '', ...unit },
      lines: both('pr', zip(own.pr.recall, own.pr.precision), all?.pr ? zip(all.pr.recall, all.pr.precision) : undefined), summary: `Precision over recall. ${noteOf(own, 'pr_auc', 'Average precision')}` });
  }
  return [...specs, ...sweep(own, styles, names.cost)];
}

function scores(own: Details, all: Details | null, styles: Styles, names: { slice: string; positive: string | null }): ChartSpec | null {
  if (!own.scores) return null;
  const { edges, counts, marked } = own.scores;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const label = names.positive === null ? 'wrong' : `truly ${names.positive}`;
  return {
    id: 'scores', title: 'Scores', note: marked ? label : '', brush: { of: 'score', edges }, x: { title: names.positive === null ? 'probability of the predicted class' : `score of ${names.positive}`, format: (value) => formatNumber(value, 3), min: edges[0] ?? 0, max: edges.at(-1) ?? 1 },
    y: { title: '', format: (value) => formatShare(value), min: 0 }, summary: `Histogram of scores: ${histogramWords(own.scores)}. Drag, or arrow keys, choose a stretch`,
    lines: [
      ...(all?.scores ? [{ id: 'scores-all', label: 'all rows', style: styles.all, points: outline(all.scores.edges, all.scores.counts, { name: 'all rows' }), stepped: true }] : []),
      { id: 'scores', label: names.slice, style: styles.own, points: outline(edges, counts, { name: names.slice }), stepped: true, filled: 0.15 },
      ...(marked ? [{ id: 'scores-marked', label, style: styles.marked, points: outline(edges, marked, { of: rows, name: label }), stepped: true, filled: 0.35 }] : []),
    ],
  };
}

function residuals(own: Details, all: Details | null, styles: Styles, slice: string): ChartSpec | null {
  if (!own.residuals) return null;
  const { edges, counts } = own.residuals;
  return {
    id: 'residuals', title: 'Residuals', note: noteOf(own, 'mae', 'MAE'), brush: { of: 'residual', edges }, x: { title: 'predicted \u2212 true', format: (value) => formatNumber(value, 3), min: Math.min(edges[0] ?? 0, all?.residuals?.edges[0] ?? Infinity), max: Math.max(edges.at(-1) ?? 0, all?.residuals?.edges.at(-1) ?? -Infinity) }, y: { title: '', format: (value) => formatShare(value), min: 0 },
    summary: `Histogram of residuals: ${histogramWords(own.residuals)}. Drag, or arrow keys, choose a stretch`,
    lines: [
      ...(all?.residuals ? [{ id: 'residuals-all', label: 'all rows', style: styles.all, points: outline(all.residuals.edges, all.residuals.counts, { name: 'all rows' }), stepped: true }] : []),
      { id: 'residuals', label: slice, style: styles.own, points: outline(edges, counts, { name: slice }), stepped: true, filled: 0.25 },
    ],
  };
}

/** Points are as big as their bin is full: area goes with the count. */
function calibration(own: Details, all: Details | null, styles: Styles, slice: string): ChartSpec | null {
  if (!own.calibration) return null;
  const points = (of: NonNullable<Details['calibration']>): { point: Point; count: number }[] => of.mean_predicted.flatMap((x, bin) => {
    const [y, count] = [of.fraction[bin], of.count[bin] ?? 0];
    return x === null || y === null || y === undefined || count === 0 ? [] : [{ count, point: { x, y, label: `${formatCount(count)} rows, predicted ${formatNumber(x, 3)}` } }];
  });
  const mine = points(own.calibration);
  if (mine.length === 0) return null;
  const most = Math.max(1, ...mine.map(({ count }) => count));
  const ece = ['ece_pos_10', 'ece_top_10'].map((path) => noteOf(own, path, 'ECE')).find(Boolean) ?? '';
  return {
    id: 'calibration', title: 'Calibration', note: ece, x: { title: 'predicted', ...unit }, y: { title: '', ...unit },
    summary: `Calibration: share that came true over what was predicted, by bin: ${mine.map(({ point, count }) => `${formatNumber(point.x, 2)}: ${formatNumber(point.y, 2)} of ${formatCount(count)} rows`).join('; ')}`,
    lines: [
      { id: 'perfect', label: 'calibrated', style: { ...styles.all, dash: [2, 3] }, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }], faint: true, backdrop: true },
      ...(all?.calibration ? [{ id: 'calibration-all', label: 'all rows', style: styles.all, points: points(all.calibration).map(({ point }) => point) }] : []),
      { id: 'calibration', label: slice, style: styles.own, points: mine.map(({ point }) => point), radii: mine.map(({ count }) => 1.5 + 5 * Math.sqrt(count / most)) },
    ],
  };
}

/** Precision, recall and F1 over the threshold; where a call has a price also what the calls cost, a row on the mean. */
function sweep(own: Details, styles: Styles, cost: boolean): ChartSpec[] {
  if (!own.sweep) return [];
  const { threshold } = own.sweep;
  const x: Axis = { title: 'threshold', format: (value) => formatNumber(value, 2) };
  const names = ['precision', 'recall', 'f1'] as const;
  const lines = names.map((name, at): Line => ({ id: name, label: name === 'f1' ? 'F1' : name, style: styles.more[at] ?? styles.own, points: zip(threshold, own.sweep?.[name] ?? []) })).filter(({ points }) => points.length > 0);
  const f1 = lines.find(({ id }) => id === 'f1')?.points ?? [];
  const best = f1.reduce<Point | null>((a, b) => (a === null || b.y > a.y ? b : a), null);
  const rates: ChartSpec = {
    id: 'sweep', title: 'Threshold', note: best ? `best F1 at ${formatNumber(best.x, 3)}` : '', x, y: { title: '', ...unit }, lines,
    summary: `Precision, recall and F1 over the threshold${best ? `: F1 highest, ${formatNumber(best.y)}, at ${formatNumber(best.x)}` : ''}`,
  };
  const costs = cost ? zip(threshold, own.sweep.cost) : [];
  const least = costs.reduce<Point | null>((a, b) => (a === null || b.y < a.y ? b : a), null);
  if (!least) return lines.length > 0 ? [rates] : [];
  return [...(lines.length > 0 ? [rates] : []), {
    id: 'cost', title: 'Cost a row', note: `least at ${formatNumber(least.x, 3)}`, x, y: { title: '', format: (value) => formatNumber(value, 3) },
    summary: `Mean cost a row over the threshold: least, ${formatNumber(least.y)}, at ${formatNumber(least.x)}`,
    lines: [{ id: 'cost', label: 'cost', style: styles.cost, points: costs }, { id: 'least', label: 'least cost', style: styles.cost, points: [least], radii: [4] }],
  }];
}
