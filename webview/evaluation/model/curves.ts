/** What the charts of a slice draw, beside the same of all rows: which curves, on which axes, and what they are called. Pure. */
import type { Details, Histogram } from '../../../src/protocol/evaluation/result';
import type { Axis, Line, Point, SeriesStyle } from '../../shared/curve';
import { formatNumber } from '../../shared/format';
import { figureFormat, formatCount, formatShare } from './digits';
import { ranged } from './figures';
import { binWidth, histogramWords, outline } from './histogram';
import { rocOfClasses } from './roc-classes';

export interface Styles { own: SeriesStyle; all: SeriesStyle; base: SeriesStyle; marked: SeriesStyle; more: SeriesStyle[]; cost: SeriesStyle; classes: SeriesStyle[] }
/** `brush`: what dragging over it chooses. `note`: the figure that sums it up, `baseline`: the same of the baseline, where that is drawn. `legend`: whose the lines are, where that isn't the same in all charts. */
export interface ChartSpec { id: string; title: string; note: string; baseline?: string; lines: Line[]; x: Axis; y: Axis; summary: string; brush?: { of: 'score' | 'residual'; edges: number[] }; legend?: { label: string; style: SeriesStyle }[] }
/** `all`: of all rows, drawn pale behind; null where the slice is all rows. `base`: what the baseline comes to on the rows of `own`; null where it isn't wanted. */
export interface Drawn { own: Details; all: Details | null; base: Details | null }
interface Names { slice: string; positive: string | null; cost: boolean }

const unit: Pick<Axis, 'min' | 'max' | 'format' | 'step'> = { min: 0, max: 1, format: (value) => formatNumber(value, 2), step: 0.25 };
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

/** A line of the slice, of the same by the baseline, and of all rows, those behind first; what has no points is left out. */
function lines(id: string, drawn: Drawn, { styles, name, of }: { styles: Styles; name: string; of(details: Details): Point[] }): Line[] {
  const line = (kind: string, label: string, [style, details]: [SeriesStyle, Details | null]): Line => ({ id: `${id}${kind}`, label, style, points: details ? of(details) : [] });
  return [line('-all', 'all rows', [styles.all, drawn.all]), line('-baseline', 'baseline', [styles.base, drawn.base]), line('', name, [styles.own, drawn.own])].filter(({ points }) => points.length > 0);
}
const diagonal = (label: string, styles: Styles): Line => ({ id: 'diagonal', label, style: { ...styles.all, dash: [2, 3] }, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }], faint: true, backdrop: true });
const ofBaseline = (base: Details | null, path: string, title: string): { baseline?: string } => {
  const note = base ? noteOf(base, path, title) : '';
  return note ? { baseline: note } : {};
};

/** The charts that these details have. */
export function chartSpecs(drawn: Drawn, styles: Styles, names: Names): ChartSpec[] {
  const { own, base } = drawn;
  const roc: ChartSpec | null = own.roc && {
    id: 'roc', title: 'ROC', note: noteOf(own, 'roc_auc', 'AUC'), ...ofBaseline(base, 'roc_auc', 'AUC'), x: { title: 'false positive rate', ...unit }, y: { title: '', ...unit },
    lines: [diagonal('chance', styles), ...lines('roc', drawn, { styles, name: names.slice, of: (of) => (of.roc ? zip(of.roc.fpr, of.roc.tpr) : []) })],
    summary: `ROC curve: true positive rate over false positive rate. ${noteOf(own, 'roc_auc', 'AUC') || 'No AUC: one class only'}`,
  };
  const pr: ChartSpec | null = own.pr && {
    id: 'pr', title: 'Precision, recall', note: noteOf(own, 'pr_auc', 'AP'), ...ofBaseline(base, 'pr_auc', 'AP'), x: { title: 'recall', ...unit }, y: { title: '', ...unit },
    lines: lines('pr', drawn, { styles, name: names.slice, of: (of) => (of.pr ? zip(of.pr.recall, of.pr.precision) : []) }), summary: `Precision over recall. ${noteOf(own, 'pr_auc', 'Average precision')}`,
  };
  return [scores(drawn, styles, names), residuals(drawn, styles, names.slice), calibration(drawn, styles, names.slice), roc ?? classRoc(drawn, styles), pr, ...sweep(own, styles, names.cost)].filter((spec) => spec !== null);
}

/** Of several classes: a line each, of the slice alone, as more would be a tangle. */
function classRoc({ own, base }: Drawn, styles: Styles): ChartSpec | null {
  const found = rocOfClasses(own, styles.classes);
  if (!found) return null;
  const path = 'roc_auc_ovr_macro';
  return {
    id: 'roc', title: 'ROC', note: noteOf(own, path, 'mean AUC'), ...ofBaseline(base, path, 'mean AUC'), x: { title: 'false positive rate', ...unit }, y: { title: '', ...unit },
    lines: [diagonal('chance', styles), ...found.lines], legend: found.legend, summary: found.summary,
  };
}

/** Outlines of one histogram of the slice, the baseline and all rows, whose heights are of bins as wide as the slice's; the axis holds them all. */
function outlines(id: string, drawn: Drawn, { styles, name, of, filled }: { styles: Styles; name: string; of(details: Details): Histogram | null; filled: number }): { lines: Line[]; min: number; max: number } {
  const own = of(drawn.own);
  const width = own ? binWidth(own.edges) : undefined;
  const names = new Map([[drawn.all, 'all rows'], [drawn.base, 'baseline'], [drawn.own, name]]);
  const made = lines(id, drawn, { styles, name, of(details) {
    const found = of(details);
    return found ? outline(found.edges, found.counts, { name: names.get(details) ?? name, ...(width === undefined ? {} : { width }) }) : [];
  } });
  const edges = [drawn.own, drawn.base, drawn.all].flatMap((details) => (details ? (of(details)?.edges ?? []) : []));
  return {
    lines: made.map((line) => ({ ...line, stepped: true, ...(line.id === id ? { filled } : {}) })),
    min: edges.reduce((a, b) => Math.min(a, b), own?.edges[0] ?? 0), max: edges.reduce((a, b) => Math.max(a, b), own?.edges.at(-1) ?? 1),
  };
}

function scores(drawn: Drawn, styles: Styles, names: Names): ChartSpec | null {
  const own = drawn.own.scores;
  if (!own) return null;
  const { edges, counts, marked } = own;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const label = names.positive === null ? 'wrong' : `truly ${names.positive}`;
  const { lines: outlined, min, max } = outlines('scores', drawn, { styles, name: names.slice, of: ({ scores: found }) => found, filled: 0.15 });
  return {
    id: 'scores', title: 'Scores', note: '', brush: { of: 'score', edges }, x: { title: names.positive === null ? 'probability of the predicted class' : `score of ${names.positive}`, format: (value) => formatNumber(value, 3), min, max },
    y: { title: '', format: (value) => formatShare(value), min: 0 }, summary: `Histogram of scores: ${histogramWords(own)}. Drag, or arrow keys, choose a stretch`,
    lines: [...outlined, ...(marked ? [{ id: 'scores-marked', label, style: styles.marked, points: outline(edges, marked, { of: rows, name: label }), stepped: true, filled: 0.35 }] : [])],
    ...(marked ? { legend: [{ label, style: styles.marked }] } : {}),
  };
}

function residuals(drawn: Drawn, styles: Styles, slice: string): ChartSpec | null {
  const own = drawn.own.residuals;
  if (!own) return null;
  const { lines: outlined, min, max } = outlines('residuals', drawn, { styles, name: slice, of: ({ residuals: found }) => found, filled: 0.25 });
  return {
    id: 'residuals', title: 'Residuals', note: noteOf(drawn.own, 'mae', 'MAE'), ...ofBaseline(drawn.base, 'mae', 'MAE'), brush: { of: 'residual', edges: own.edges }, x: { title: 'predicted \u2212 true', format: (value) => formatNumber(value, 3), min, max }, y: { title: '', format: (value) => formatShare(value), min: 0 },
    summary: `Histogram of residuals: ${histogramWords(own)}. Drag, or arrow keys, choose a stretch`, lines: outlined,
  };
}

/** Points are as big as their bin is full: area goes with the count. */
function calibration(drawn: Drawn, styles: Styles, slice: string): ChartSpec | null {
  const { own, base } = drawn;
  if (!own.calibration) return null;
  const points = (of: NonNullable<Details['calibration']>): { point: Point; count: number }[] => of.mean_predicted.flatMap((x, bin) => {
    const [y, count] = [of.fraction[bin], of.count[bin] ?? 0];
    return x === null || y === null || y === undefined || count === 0 ? [] : [{ count, point: { x, y, label: `${formatCount(count)} rows, predicted ${formatNumber(x, 3)}` } }];
  });
  const mine = points(own.calibration);
  if (mine.length === 0) return null;
  const most = Math.max(1, ...mine.map(({ count }) => count));
  const path = noteOf(own, 'ece_pos_10', 'ECE') ? 'ece_pos_10' : 'ece_top_10';
  return {
    id: 'calibration', title: 'Calibration', note: noteOf(own, path, 'ECE'), ...ofBaseline(base, path, 'ECE'), x: { title: 'predicted', ...unit }, y: { title: '', ...unit },
    summary: `Calibration: share that came true over what was predicted, by bin: ${mine.map(({ point, count }) => `${formatNumber(point.x, 2)}: ${formatNumber(point.y, 2)} of ${formatCount(count)} rows`).join('; ')}`,
    lines: [
      diagonal('calibrated', styles),
      ...lines('calibration', drawn, { styles, name: slice, of: ({ calibration: found }) => (found ? points(found).map(({ point }) => point) : []) })
        .map((line) => (line.id === 'calibration' ? { ...line, radii: mine.map(({ count }) => 1.5 + 5 * Math.sqrt(count / most)) } : line)),
    ],
  };
}

/** Precision, recall and F1 over the threshold; where a call has a price also what the calls cost, a row on the mean. */
function sweep(own: Details, styles: Styles, cost: boolean): ChartSpec[] {
  if (!own.sweep) return [];
  const { threshold } = own.sweep;
  const x: Axis = { title: 'threshold', format: (value) => formatNumber(value, 2) };
  const names = ['precision', 'recall', 'f1'] as const;
  const curves = names.map((name, at): Line => ({ id: name, label: name === 'f1' ? 'F1' : name, style: styles.more[at] ?? styles.own, points: zip(threshold, own.sweep?.[name] ?? []) })).filter(({ points }) => points.length > 0);
  const f1 = curves.find(({ id }) => id === 'f1')?.points ?? [];
  const best = f1.reduce<Point | null>((a, b) => (a === null || b.y > a.y ? b : a), null);
  const rates: ChartSpec = {
    id: 'sweep', title: 'Threshold', note: best ? `best F1 at ${formatNumber(best.x, 3)}` : '', x, y: { title: '', ...unit }, lines: curves, legend: curves.map(({ label, style }) => ({ label, style })),
    summary: `Precision, recall and F1 over the threshold${best ? `: F1 highest, ${formatNumber(best.y)}, at ${formatNumber(best.x)}` : ''}`,
  };
  const costs = cost ? zip(threshold, own.sweep.cost) : [];
  const least = costs.reduce<Point | null>((a, b) => (a === null || b.y < a.y ? b : a), null);
  if (!least) return curves.length > 0 ? [rates] : [];
  return [...(curves.length > 0 ? [rates] : []), {
    id: 'cost', title: 'Cost a row', note: `least at ${formatNumber(least.x, 3)}`, x, y: { title: '', format: (value) => formatNumber(value, 3) },
    summary: `Mean cost a row over the threshold: least, ${formatNumber(least.y)}, at ${formatNumber(least.x)}`,
    lines: [{ id: 'cost', label: 'cost', style: styles.cost, points: costs }, { id: 'least', label: 'least cost', style: styles.cost, points: [least], radii: [4] }],
  }];
}
