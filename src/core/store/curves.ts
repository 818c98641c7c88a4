/** A curve as a chart of a certain width can show it. */
import type { Curve } from '../../protocol/model';
import type { Context } from './context';
import { addPoint, emptyBucket, type Bucket, type Spot } from './bucket';
import { cover, type Window } from './cover';
import { findCurve, fromStored, type Stored } from './points';
import type { CurveQuery } from './store';
import { thin } from './thin';

/** A column of pixels shows at most: first, smallest, largest, last. */
const POINTS_A_PIXEL = 4;

/**
 * The points of a run's metric in a window, in order of x: as they are where they fit (exact), else the first, last and extremes of each pixel's
 * column, which are real points and exact however long the curve. x 'relative' is seconds since the run started (since the first point, where that
 * isn't known), 'wall' seconds since the epoch. `total` counts the window's points. A metric that the run lacks is an empty curve.
 */
export function curve(context: Context, query: CurveQuery): Curve {
  const { run, key, px } = query;
  const found = findCurve(context, run, key);
  if (!found) return { run, key, points: [], total: 0, exact: true };
  const window = windowOf(context, query, found.curve);
  if (found.count === 0) return wire(query, inWindow([found], window), null);
  if (found.rolled === 0) {
    const spots = inWindow(context.db.prepare('SELECT step, t, value FROM points WHERE curve = ? ORDER BY step, t, value').all<Spot>(found.curve), window);
    if (spots.length <= POINTS_A_PIXEL * px) return wire(query, spots, null);
    return thinned(query, { buckets: spots.map(toBucket), ends: [spots[0] ?? null, spots.at(-1) ?? null], window });
  }
  const covered = cover({ db: context.db, curve: found.curve, shift: found.rolled }, window, px);
  if (covered.exact && covered.buckets.length <= POINTS_A_PIXEL * px) return wire(query, covered.buckets.flatMap((bucket) => bucket.lo ?? bucket.odd ?? []), null);
  return thinned(query, { buckets: covered.buckets, ends: [covered.first, covered.last], window });
}

/** Hundredths of a millisecond: what is left of a time in seconds after arithmetic on it. */
const toMilliseconds = (seconds: number): number => Math.round(seconds * 1e5) / 100;

function windowOf(context: Context, query: CurveQuery, curveId: number): Window {
  if (query.x === 'step') return { axis: 'step', from: Math.ceil(query.from ?? -Infinity), to: Math.floor(query.to ?? Infinity) };
  const origin = query.x === 'wall' ? 0 : startOf(context, query.run, curveId);
  const at = (seconds: number | undefined, open: number): number => (seconds === undefined ? open : toMilliseconds(seconds) + origin);
  return { axis: 't', from: at(query.from, -Infinity), to: at(query.to, Infinity) };
}

/** In milliseconds. */
function startOf({ db }: Context, run: string, curveId: number): number {
  const started = db.prepare('SELECT started FROM runs WHERE uid = ?').get<{ started: number | null }>(run)?.started ?? null;
  if (started !== null) return Math.round(started * 1000);
  return db.prepare('SELECT t FROM points WHERE curve = ? ORDER BY step, t, value LIMIT 1').get<{ t: number }>(curveId)?.t ?? 0;
}

const position = ({ axis }: Window): ((spot: Spot) => number) => (axis === 'step' ? (spot) => spot.step : (spot) => spot.t);

function inWindow(spots: readonly Spot[], window: Window): Spot[] {
  const x = position(window);
  const kept = spots.filter((spot) => x(spot) >= window.from && x(spot) <= window.to);
  return window.axis === 'step' ? kept : kept.sort((a, b) => a.t - b.t || a.step - b.step);
}

function toBucket(spot: Spot): Bucket {
  const bucket = emptyBucket();
  addPoint(bucket, spot.step, spot.t, spot.value);
  return bucket;
}

function thinned(query: CurveQuery, { buckets, ends, window }: { buckets: readonly Bucket[]; ends: readonly (Spot | null)[]; window: Window }): Curve {
  const total = buckets.reduce((sum, bucket) => sum + bucket.n, 0);
  return wire(query, thin(buckets, ends, { px: query.px, x: position(window) }), total);
}

/** total null: the points are all there are. */
function wire({ run, key }: CurveQuery, points: readonly { step: number; t: number; value: Stored; n?: number }[], total: number | null): Curve {
  return {
    run, key, total: total ?? points.length, exact: total === null,
    points: points.map(({ step, t, value, n = 1 }) => ({ step, t: t / 1000, value: fromStored(value), n })),
  };
}
