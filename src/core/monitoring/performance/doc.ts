/** Windows held against the reference: figures side by side, and what comes of it. */
import type { Outcome } from '../../../protocol/evaluation/result';
import type { PerformanceFigure, PerformanceWindow, TimeWindow } from '../../../protocol/performance';
import type { Bounds } from '../../evaluation/intervals/interval';
import { maskOf } from '../../evaluation/run/prepared';
import type { SliceSpec } from '../../../protocol/evaluation/request';
import { figureOf, type Metric } from './metrics';
import { placesWhere } from './places';
import { readyOf, realised, type Realised } from './realised';
import { estimateInterval, LEAST_ROWS, type Estimate, type Reference } from './reference';
import type { Side } from './side';

/** What is known of a window before thresholds are. `why`: nothing is estimated, because. */
export interface Looked { window: TimeWindow; rows: number; scopes: Map<string, { n: number; figures: Record<string, PerformanceFigure> }> }
export interface Looking { metrics: readonly Metric[]; reference: Reference | null; slices: readonly SliceSpec[]; seed: number }

/** `left`: slices that these rows can't be asked for, and why. */
export function lookAt(window: TimeWindow, { side, members, left, estimate, why }: { side: Side; members: ReadonlyMap<string, Uint8Array>; left: ReadonlyMap<string, string>; estimate: Estimate | null; why: string }, looking: Looking): Looked {
  const { frame, model, rows } = side;
  const ready = readyOf(side, frame);
  const scopes: Looked['scopes'] = new Map();
  for (const [name, mask] of [['', null] as const, ...members]) {
    const least = name === '' ? 0 : (looking.slices.find((slice) => slice.name === name)?.minSupport ?? 0);
    const n = mask ? mask.reduce((sum, one) => sum + one, 0) : rows;
    const places = placesWhere(rows, (row) => (!mask || mask[row] === 1) && !model.unscored.has(row));
    const real = realised(ready, mask && maskOf(ready.prepared, mask), { metrics: looking.metrics, asked: frame, seed: looking.seed });
    const needed = Math.max(LEAST_ROWS, least);
    const few = places.length < needed ? `${places.length} ${places.length === 1 ? 'row' : 'rows'} with a prediction, and ${needed} are needed for an estimate` : '';
    scopes.set(name, { n, figures: figures({ real, least, estimated: few === '' && estimate ? { figures: estimate(places), n: places.length } : null, why: side.why || why || few, name }, looking) });
  }
  for (const [name, reason] of left) scopes.set(name, { n: 0, figures: figures({ real: { n: 0, values: {} }, least: 0, estimated: null, why: reason, name }, looking) });
  return { window, rows, scopes };
}

/** A window without rows, or one that can't be read. */
export function nothingIn(window: TimeWindow, why: string, looking: Looking): Looked {
  const real: Realised = { n: 0, values: {} };
  return { window, rows: 0, scopes: new Map([['', { n: 0, figures: figures({ real, least: 0, estimated: null, why, name: '' }, looking) }]]) };
}

interface Scope { real: Realised; least: number; estimated: { figures: Parameters<typeof figureOf>[0]; n: number } | null; why: string; name: string }

function figures({ real, least, estimated, why, name }: Scope, { metrics, reference }: Looking): Record<string, PerformanceFigure> {
  const whole = reference?.scopes.get('');
  const scope = reference?.scopes.get(name);
  // A slice with few rows in the reference is as sure as all rows are, for as many rows.
  const sure = scope && scope.n >= LEAST_ROWS ? scope : whole;
  return Object.fromEntries(metrics.map((metric): [string, PerformanceFigure] => {
    const found = real.values[metric.name];
    const enough = real.n >= least;
    const value = estimated ? (figureOf(estimated.figures, metric.path) ?? null) : null;
    const reasons = [value !== null ? '' : estimated ? `${metric.name} isn't estimated` : why, found && found.value !== null ? (enough ? '' : `${real.n} labels, and ${least} are needed`) : (found?.why ?? '')];
    return [metric.name, {
      metric: metric.name, goal: metric.goal,
      estimated: value, estimatedInterval: value !== null && estimated && sure ? estimateInterval(value, { n: estimated.n, scope: sure, metric }) : null,
      realised: enough ? (found?.value ?? null) : null, realisedInterval: enough ? (found?.interval ?? null) : null, realisedRows: real.n,
      reference: scope?.values[metric.name]?.value ?? null, lower: null, upper: null,
      why: [...new Set(reasons)].filter((one) => one !== '').join('; '),
    }];
  }));
}

/** With what is usual in the reference: of all rows, and of each slice its own, in parts as large as the windows' typical rows of it. */
export function windowsOf(looked: readonly Looked[], bandsOf: (scope: string, rows: number) => ReadonlyMap<string, Bounds | null>): PerformanceWindow[] {
  const names = new Set(looked.flatMap(({ scopes }) => [...scopes.keys()]));
  for (const name of names) {
    const sizes = looked.flatMap(({ scopes }) => scopes.get(name)?.n ?? []).filter((rows) => rows > 0).sort((a, b) => a - b);
    const bands = bandsOf(name, sizes[Math.floor(sizes.length / 2)] ?? 0);
    for (const { scopes } of looked) for (const figure of Object.values(scopes.get(name)?.figures ?? {})) [figure.lower, figure.upper] = bands.get(figure.metric) ?? [null, null];
  }
  return looked.map(({ window, rows, scopes }) => ({ from: window.from, to: window.to, rows, figures: scopes.get('')?.figures ?? {}, slices: Object.fromEntries([...scopes].filter(([name]) => name !== '')) }));
}

/** Fails where a figure is worse than usual by the whole of its interval: the realised one where it has 30 labels, else the estimated one. Cannot tell where no figure is there. */
export function outcomeOf(windows: readonly PerformanceWindow[]): Outcome {
  let told = false;
  for (const { figures: own } of windows) {
    for (const { goal, estimated, estimatedInterval, realised: real, realisedInterval, realisedRows, lower, upper } of Object.values(own)) {
      const labelled = real !== null && realisedRows >= LEAST_ROWS;
      const interval = labelled ? realisedInterval : estimatedInterval;
      if (!labelled && estimated === null) continue;
      told = true;
      if (interval && (goal === 'maximize' ? lower !== null && interval[1] < lower : upper !== null && interval[0] > upper)) return 'fail';
    }
  }
  return told ? 'pass' : 'cannot tell';
}
