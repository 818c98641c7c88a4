/** Which interval each figure has: a closed form where there is one, else the bootstrap; and what has to be drawn for it. */
import type { Figures, Interval } from '../../../protocol/evaluation/result';
import { figureAt } from '../../../protocol/evaluation/result';
import type { BootstrapInterval } from '../intervals/bootstrap';
import { bootstrapInterval } from '../intervals/bootstrap';
import { littleInterval, littleParts } from '../intervals/little';
import { intervalsOf } from '../intervals/resampled';
import { costsOf, type FigureSetting } from './figures';
import { readyFor, type Draw, type DrawColumns, type RowColumns } from './draws';
import { taken, takenRows } from './prepared';
import type { Part } from './part';

/**
 * `mostRows`: up to so many every replicate draws all rows (BCa to 20,000, else BC). Beyond it figures of rows are drawn in a bag of little
 * bootstraps (`blb`): `subsets` random subsets of `subsetRows`, each drawn to stand for all, `replicates / 10` times, and calibration errors by
 * cells, as often in all; either way the time does not grow with the rows. What the confusion matrix tells is drawn by its cells always.
 */
export interface IntervalSetting { seed: number; replicates: number; bins: readonly number[]; cost?: FigureSetting['cost']; mostRows: number; subsets: number; subsetRows: number; /** the plain quantiles are wanted too */ percentiles?: boolean }
export const wholeIntervals = { mostRows: 20_000, subsets: 10, subsetRows: 5000, percentiles: true };
export const sliceIntervals = { mostRows: 5000, subsets: 4, subsetRows: 2500 };

/** Draws, and what becomes of their replicates, which come in the same order. `percentiles` are the plain quantiles. */
export interface Planned { draws: Draw[]; finish(values: readonly Float64Array[][], figures: Figures): Found }
export interface Found { intervals: Record<string, Interval>; percentiles: Record<string, { lo: number; hi: number }> }

/** Of a part that was made with cells, where it has probabilities. */
export function planIntervals(part: Part, figures: Figures, setting: IntervalSetting): Planned {
  const plans: Planned[] = [];
  if (part.n === 0) return { draws: [], finish: () => ({ intervals: {}, percentiles: {} }) };
  const matrix = part.of.predicted && matrixOf(figures, part.of.classes.length);
  if (matrix) plans.push(wholePlan({ kind: 'labels', ...matrix, costs: costsOf(part.of, setting.cost) }, part.of.classes, setting));
  const few = part.n <= setting.mostRows;
  const columns = rowColumns(part, few ? null : new Int32Array(), setting.bins);
  if (columns && few) plans.push(wholePlan(columns, part.of.classes, setting));
  else if (columns) {
    plans.push(littlePlan(part, (places) => rowColumns(part, places, []), setting));
    for (const of of ['top', 'pos'] as const) {
      const counts = part.cells?.[of];
      if (counts) plans.push(wholePlan({ kind: 'calibration', of, counts, bins: setting.bins }, part.of.classes, { ...setting, replicates: Math.max(100, Math.ceil((setting.replicates * setting.subsets) / 10)) }));
    }
  }
  return together(plans);
}

/** Several plans as one. Of two intervals of one figure the first counts. */
export function together(plans: readonly Planned[]): Planned {
  return {
    draws: plans.flatMap(({ draws }) => draws),
    finish(values, figures) {
      const found: Found = { intervals: {}, percentiles: {} };
      let at = 0;
      for (const plan of plans) {
        const one = plan.finish(values.slice(at, at + plan.draws.length), figures);
        at += plan.draws.length;
        found.intervals = { ...one.intervals, ...found.intervals };
        found.percentiles = { ...one.percentiles, ...found.percentiles };
      }
      return found;
    },
  };
}

/** All rows, or all cells, in every replicate. */
export function wholePlan(columns: DrawColumns, classes: readonly string[], { seed, replicates, percentiles }: Pick<IntervalSetting, 'seed' | 'replicates' | 'percentiles'>): Planned {
  return {
    draws: [{ columns, total: null, seed, from: 0, to: replicates }],
    finish([values = []]) {
      const found: Found = { intervals: {}, percentiles: {} };
      const ready = values.length === 0 ? null : readyFor(columns);
      if (!ready) return found;
      const intervals = intervalsOf(ready, values);
      ready.names.forEach((name, at) => {
        const path = pathOf(name, classes);
        const interval = intervals[name];
        const plain = percentiles && values[at] ? bootstrapInterval(values[at]) : null;
        if (interval) found.intervals[path] = shown(interval);
        if (plain && interval) found.percentiles[path] = { lo: plain.low, hi: plain.high };
      });
      return found;
    },
  };
}

/** A bag of little bootstraps: `columnsOf` gives the columns at places of the part's own. */
export function littlePlan(part: Pick<Part, 'n' | 'of'>, columnsOf: (places: Int32Array) => DrawColumns | null, { seed, replicates, subsets, subsetRows }: IntervalSetting, estimateOf: (figures: Figures, path: string) => number | null = figureAt): Planned {
  const parts = littleParts(part.n, seed, { rows: subsetRows, subsets }).flatMap((places) => columnsOf(places) ?? []);
  const each = Math.max(50, Math.ceil(replicates / 10));
  return {
    draws: parts.map((columns, at) => ({ columns, total: part.n, seed, from: at * each, to: (at + 1) * each })),
    finish(values, figures) {
      const found: Found = { intervals: {}, percentiles: {} };
      const ready = parts.map(readyFor);
      const own = ready.map((one) => (one && 'rows' in one ? [...one.statistic(new Uint16Array(one.rows).fill(1))] : []));
      (ready[0]?.names ?? []).forEach((name, figure) => {
        const path = pathOf(name, part.of.classes);
        const interval = littleInterval(estimateOf(figures, path), parts.map((_, at) => ({ own: own[at]?.[figure] ?? null, values: values[at]?.[figure] ?? new Float64Array() })));
        if (!interval) return;
        found.intervals[path] = shown(interval);
        found.percentiles[path] = { lo: interval.low, hi: interval.high };
      });
      return found;
    },
  };
}

const shown = ({ low, high, method, replicates }: BootstrapInterval): Interval => ({ low, high, method, replicates });

/** 'f1_class_1' is a class's own figure. */
export function pathOf(name: string, classes: readonly string[]): string {
  const found = /^(f1|f0_5|f2|pr_auc)_class_(\d+)$/.exec(name);
  if (!found) return name;
  const label = classes[Number(found[2])] ?? '';
  return found[1] === 'pr_auc' ? `pr_auc_per_class.${label}` : `per_class.${label}.${found[1] ?? ''}`;
}

/** The columns that a draw reads, at these places of the part's own (null: all). Of few places nothing else is copied. */
export function rowColumns(part: Part, places: Int32Array | null, bins: readonly number[]): RowColumns | null {
  const { of } = part;
  const there = places && (part.places ? taken(part.places, places, new Int32Array(places.length)) : places);
  const k = of.classes.length;
  if (of.task === 'regression') return { kind: 'numbers', truth: there ? reals(of.truthNumbers, there) : part.truthNumbers, predicted: there ? reals(of.numbers, there) : part.numbers };
  const truth = (): Int32Array => (there ? taken(of.truth, there, new Int32Array(there.length)) : part.truth);
  if (of.positive !== null) return of.scores && { kind: 'binary', truth: truth(), scores: there ? reals(of.scores, there) : (part.scores ?? of.scores), positive: of.positive, probabilities: of.probabilities !== null, bins };
  return of.probabilities && { kind: 'multiclass', truth: truth(), probabilities: there ? takenRows(of.probabilities, there, k) : (part.probabilities ?? of.probabilities), k, bins };
}

const reals = (values: Float64Array, places: Int32Array): Float64Array => taken(values, places, new Float64Array(places.length));

/** The confusion matrix as it stands in the figures, and the rows called outside the classes. */
function matrixOf(figures: Figures, k: number): { matrix: Float64Array; outside: Float64Array } | null {
  const rows = figures['confusion_matrix'] as number[][] | undefined;
  const support = Object.values((figures['support'] ?? {}) as Record<string, number>);
  if (!rows || rows.length !== k) return null;
  return { matrix: Float64Array.from(rows.flat()), outside: Float64Array.from(rows, (row, t) => (support[t] ?? 0) - row.reduce((sum, cell) => sum + cell, 0)) };
}
