/** Brings many buckets down to what a number of pixels can show. Pure. */
import type { Bucket, Spot } from './bucket';

export interface ThinPoint extends Spot { x: number; n: number }
interface Column { n: number; first: ThinPoint | null; last: ThinPoint | null; lo: ThinPoint | null; hi: ThinPoint | null; odd: ThinPoint | null; least: number; most: number }

const after = (a: ThinPoint, b: ThinPoint): number => a.x - b.x || a.step - b.step || a.t - b.t;

/**
 * Of each of `px` equal columns of x: its first and last point, its extremes, and the first that isn't finite; in order of x. A point's n is
 * its share of the points that lie in its column (at least 1). `ends` are points to keep in any case.
 */
export function thin(buckets: readonly Bucket[], ends: readonly (Spot | null)[], { px, x }: { px: number; x: (spot: Spot) => number }): ThinPoint[] {
  const spots: { point: ThinPoint; n: number }[] = [];
  for (const { n, lo, hi, odd } of buckets) {
    let share = n;
    for (const spot of [lo, hi === lo || (hi && lo && hi.step === lo.step && hi.t === lo.t && hi.value === lo.value) ? null : hi, odd]) {
      if (!spot) continue;
      spots.push({ point: { ...spot, x: x(spot), n: 1 }, n: share });
      share = 0;
    }
  }
  for (const spot of ends) if (spot) spots.push({ point: { ...spot, x: x(spot), n: 1 }, n: 0 });

  let from = Infinity;
  let to = -Infinity;
  for (const { point } of spots) {
    if (point.x < from) from = point.x;
    if (point.x > to) to = point.x;
  }
  const scale = to > from ? px / (to - from) : 0;
  const columns: (Column | undefined)[] = new Array<Column | undefined>(px);
  for (const { point, n } of spots) {
    const at = Math.min(px - 1, Math.floor((point.x - from) * scale));
    put((columns[at] ??= { n: 0, first: null, last: null, lo: null, hi: null, odd: null, least: Infinity, most: -Infinity }), point, n);
  }
  return columns.flatMap((column) => (column ? pointsOf(column) : []));
}

function put(column: Column, point: ThinPoint, n: number): void {
  column.n += n;
  if (!column.first || after(point, column.first) < 0) column.first = point;
  if (!column.last || after(point, column.last) > 0) column.last = point;
  const { value } = point;
  if (value === 'NaN' || !Number.isFinite(value)) {
    column.odd ??= point;
    return;
  }
  if (value < column.least) { column.lo = point; column.least = value; }
  if (value > column.most) { column.hi = point; column.most = value; }
}

function pointsOf({ n, first, last, lo, hi, odd }: Column): ThinPoint[] {
  const kept: ThinPoint[] = [];
  for (const point of [first, lo, hi, odd, last]) {
    if (point && !kept.some((other) => after(other, point) === 0 && other.value === point.value)) kept.push(point);
  }
  const share = Math.max(1, Math.round(n / kept.length));
  for (const point of kept) point.n = share;
  return kept.sort(after);
}
