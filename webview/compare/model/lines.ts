/** Curves as they came from the engine, made into the lines of a chart. Pure. */
import type { Curve, RunRow } from '../../../src/protocol/model';
import { wireToNumber } from '../../shared/format';
import { band, smooth, type XY } from './smoothing';
import type { XAxis } from './state';

export interface PlainLine { id: string; points: XY[]; /** the values before smoothing, where there is smoothing */ raw: XY[] | null; band: { low: XY[]; high: XY[] } | null; n: number }
export interface Lines { lines: PlainLine[]; /** values that are NaN or infinite */ odd: number; /** values that a logarithm has no place for */ hidden: number }
export interface LineOptions { x: XAxis; smoothing: number; log: boolean; /** id of the group → runs of it; null: one line a run */ groups: Map<string, string[]> | null }

/** x of a point: the step, seconds since the run started (since the first point, where that isn't known), or seconds since the epoch. */
export function pointsOf(curve: Curve, x: XAxis, row: Pick<RunRow, 'started'> | undefined): XY[] {
  const zero = row?.started ?? curve.points[0]?.t ?? 0;
  return curve.points.map(({ step, t, value }) => ({ x: x === 'step' ? step : x === 'wall' ? t : t - zero, y: wireToNumber(value) }));
}

/** Lines of a metric: one a run, or one a group of runs with its band. */
export function linesOf(curves: readonly Curve[], row: (run: string) => RunRow | undefined, options: LineOptions): Lines {
  const points = new Map(curves.map((curve) => [curve.run, pointsOf(curve, options.x, row(curve.run))]));
  const all = [...points.values()].flat();
  const odd = all.filter((point) => !Number.isFinite(point.y)).length;
  const hidden = options.log ? all.filter((point) => point.y <= 0 && Number.isFinite(point.y)).length : 0;
  const drawable = (list: readonly XY[]): XY[] => (options.log ? list.map((point) => (point.y > 0 ? point : { x: point.x, y: Number.NaN })) : [...list]);
  const smoothed = (list: readonly XY[]): XY[] => {
    const ys = smooth(list.map((point) => point.y), options.smoothing);
    return list.map((point, at) => ({ x: point.x, y: ys[at] ?? point.y }));
  };
  const single = (id: string, list: readonly XY[]): PlainLine => ({
    id, points: drawable(smoothed(list)), raw: options.smoothing > 0 ? drawable(list) : null, band: null, n: 1,
  });
  if (!options.groups) return { lines: [...points].map(([id, list]) => single(id, list)), odd, hidden };
  const lines = [...options.groups].flatMap(([id, runs]): PlainLine[] => {
    const members = runs.flatMap((run) => (points.get(run)?.length ? [smoothed(points.get(run) ?? [])] : []));
    const [only] = members;
    if (!only) return [];
    if (members.length === 1) return [{ ...single(id, only), points: drawable(only), raw: null }];
    const found = band(members);
    // A gap where one seed alone has a value: an interval can't be drawn there.
    const edge = (pick: (low: number, high: number) => number): XY[] => found.map(({ x, low, high }) => ({ x, y: low === null || high === null ? Number.NaN : pick(low, high) }));
    return [{
      id, points: drawable(found.map(({ x, mean }) => ({ x, y: mean }))), raw: null, n: members.length,
      band: { low: drawable(edge((low) => low)), high: drawable(edge((_, high) => high)) },
    }];
  });
  return { lines, odd, hidden };
}

/** Runs by their group, in the order in which groups first come; each group goes by its first run's id, whose colour it takes. */
export function groupRuns(rows: readonly RunRow[]): Map<string, string[]> {
  const byGroup = new Map<string, string[]>();
  for (const row of rows) byGroup.set(row.group, [...(byGroup.get(row.group) ?? []), row.id]);
  return new Map([...byGroup.values()].map((runs) => [runs[0] ?? '', runs]));
}

/** Metrics that are drawn where none are chosen: the main one, then those that most of the runs have, by name; at most four. Single values make no curve. */
export function defaultMetrics(rows: readonly RunRow[], main: string | null): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const [key, metric] of Object.entries(row.metrics)) if (metric.count > 1) counts.set(key, (counts.get(key) ?? 0) + 1);
  const others = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([key]) => key).filter((key) => key !== main);
  return [...(main !== null && (counts.has(main) || others.length === 0) ? [main] : []), ...others].slice(0, 4);
}
