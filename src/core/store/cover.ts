/** Covers a window of a long curve with as few buckets of its rollups as show it, down to single points at the window's ends. */
import { addPoint, emptyBucket, type Bucket, type Spot } from './bucket';
import type { Database } from './driver';
import type { Stored } from './points';
import { LEVELS, readBuckets, width, type NumberedBucket } from './rollups';

/** A window on x, both ends in it: steps, or times in milliseconds. Infinities where it is open. */
export interface Window { axis: 'step' | 't'; from: number; to: number }
export interface LongCurve { db: Database; curve: number; shift: number }

/** buckets: together they hold exactly the window's points, each one once; exact: each is one point. first and last: the window's ends in x order. */
export interface Cover { buckets: Bucket[]; exact: boolean; first: Spot | null; last: Spot | null }

interface Leveled extends NumberedBucket { level: number }
/** Steps as SQLite takes them. */
const MOST = Number.MAX_SAFE_INTEGER;
const clampStep = (step: number): number => Math.max(-MOST, Math.min(MOST, step));

/** The extent of a bucket on the window's axis. */
const extent = (of: LongCurve, window: Window, { bucket, level, tMin, tMax }: Leveled): [number, number] => {
  if (window.axis === 't') return [tMin, tMax];
  const size = width(of.shift, level);
  return [bucket * size, (bucket + 1) * size - 1];
};

function place(of: LongCurve, window: Window, bucket: Leveled): 'in' | 'out' | 'across' {
  const [from, to] = extent(of, window, bucket);
  if (to < window.from || from > window.to) return 'out';
  return from >= window.from && to <= window.to ? 'in' : 'across';
}

/** Buckets of a level between two of its numbers that touch the window. */
function touching(of: LongCurve, window: Window, range: { level: number; first: number; last: number }): Leveled[] {
  const { level } = range;
  let { first, last } = range;
  if (window.axis === 'step') {
    const size = width(of.shift, level);
    first = Math.max(first, Math.floor(clampStep(window.from) / size));
    last = Math.min(last, Math.floor(clampStep(window.to) / size));
  }
  return readBuckets(of.db, { curve: of.curve, level, first, last })
    .map((bucket) => Object.assign(bucket, { level }))
    .filter((bucket) => place(of, window, bucket) !== 'out');
}

/**
 * Goes down from the widest buckets, keeping those that touch the window, until there are at least `wanted` of them (at most about four times
 * as many), or so few points that they are read as they are. Buckets that the window cuts are gone into, so that extremes are exact.
 */
export function cover(of: LongCurve, window: Window, wanted: number): Cover {
  let level = LEVELS - 1;
  let kept = touching(of, window, { level, first: -MOST, last: MOST });
  while (level > 0 && kept.length < wanted && count(kept) > 4 * wanted) {
    level -= 1;
    kept = touching(of, window, { level, first: (kept[0]?.bucket ?? 0) * 4, last: (kept.at(-1)?.bucket ?? 0) * 4 + 3 });
  }
  // Fewer than asked for even at the finest level, or few points.
  if (kept.length < wanted) return raw(of, window, kept);
  const buckets = kept.flatMap((bucket) => within(of, window, bucket));
  return { buckets, exact: false, first: end(of, window, buckets, 'first'), last: end(of, window, buckets, 'last') };
}

const count = (buckets: readonly Bucket[]): number => buckets.reduce((sum, bucket) => sum + bucket.n, 0);

function readPoints(of: LongCurve, window: Window, first: number, last: number): Spot[] {
  const byTime = window.axis === 't';
  const [from, to] = byTime ? [first, last] : [Math.max(first, window.from), Math.min(last, window.to)];
  const rows = of.db.prepare('SELECT step, t, value FROM points WHERE curve = ? AND step BETWEEN ? AND ? ORDER BY step, t, value').rows(of.curve, clampStep(from), clampStep(to));
  const spots = rows.map(([step, t, value]) => ({ step: step as number, t: t as number, value: value as Stored }));
  return byTime ? spots.filter(({ t }) => t >= window.from && t <= window.to) : spots;
}

function single(spot: Spot): Bucket {
  const bucket = emptyBucket();
  addPoint(bucket, spot.step, spot.t, spot.value);
  return bucket;
}

function raw(of: LongCurve, window: Window, kept: readonly Leveled[]): Cover {
  const [head, tail] = [kept[0], kept.at(-1)];
  if (!head || !tail) return { buckets: [], exact: true, first: null, last: null };
  const spots = readPoints(of, window, head.bucket * width(of.shift, head.level), (tail.bucket + 1) * width(of.shift, tail.level) - 1);
  if (window.axis === 't') spots.sort((a, b) => a.t - b.t || a.step - b.step);
  return { buckets: spots.map(single), exact: true, first: spots[0] ?? null, last: spots.at(-1) ?? null };
}

/** The part of a bucket that lies in the window. */
function within(of: LongCurve, window: Window, bucket: Leveled): Bucket[] {
  if (place(of, window, bucket) === 'in') return [bucket];
  if (bucket.level === 0) return pointsOf(of, window, bucket).map(single);
  return children(of, window, bucket).flatMap((child) => within(of, window, child));
}

const children = (of: LongCurve, window: Window, { bucket, level }: Leveled): Leveled[] => touching(of, window, { level: level - 1, first: bucket * 4, last: bucket * 4 + 3 });

function pointsOf(of: LongCurve, window: Window, { bucket }: Leveled): Spot[] {
  const size = width(of.shift, 0);
  return readPoints(of, window, bucket * size, (bucket + 1) * size - 1);
}

/** The point at an end of the window, found by going into the outermost bucket. */
function end(of: LongCurve, window: Window, buckets: readonly Bucket[], which: 'first' | 'last'): Spot | null {
  let outer = outermost(buckets, window, which);
  while (outer && isLeveled(outer) && outer.level > 0) outer = outermost(children(of, window, outer), window, which);
  if (!outer) return null;
  const spots = isLeveled(outer) ? pointsOf(of, window, outer) : [outer.lo ?? outer.odd].filter((spot) => spot !== null);
  if (window.axis === 't') spots.sort((a, b) => a.t - b.t || a.step - b.step);
  return (which === 'first' ? spots[0] : spots.at(-1)) ?? null;
}

const isLeveled = (bucket: Bucket): bucket is Leveled => 'level' in bucket;

/** Buckets are in order of step; on the axis of time the outermost is looked for. */
function outermost(buckets: readonly Bucket[], window: Window, which: 'first' | 'last'): Bucket | undefined {
  if (window.axis === 'step') return which === 'first' ? buckets[0] : buckets.at(-1);
  let best = buckets[0];
  for (const bucket of buckets) {
    if (best && (which === 'first' ? bucket.tMin < best.tMin : bucket.tMax >= best.tMax)) best = bucket;
  }
  return best;
}
