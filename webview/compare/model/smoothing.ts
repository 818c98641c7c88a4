/** A curve made smooth, and curves of several seeds made into one: for the eye only. */

/**
 * Exponential moving average with the start's bias taken out (Kingma & Ba 2015, section 3; as TensorBoard does): y_i = m_i / (1 - w^i),
 * m_i = w m_(i-1) + (1 - w) x_i. Values that are no finite numbers stay as they are and don't touch the average. Weight 0 gives the values.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0;
  let seen = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    seen += 1;
    return weight === 0 ? value : average / (1 - weight ** seen);
  });
}

export interface XY { x: number; y: number }
export interface BandPoint { x: number; mean: number; low: number | null; high: number | null; n: number }

/** 97.5 % points of Student's t for 1..30 degrees of freedom, then 40, 60, 120 and the normal's (any table of t; checked against SciPy's t.ppf). */
const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
  2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];
export function t975(degrees: number): number {
  const exact = T975[degrees - 1];
  if (exact !== undefined) return exact;
  return degrees < 40 ? 2.042 : degrees < 60 ? 2.021 : degrees < 120 ? 2 : 1.98;
}

/** A curve's value at x, on the straight line between its neighbours; null outside of it and in gaps. Points are sorted by x. */
export function valueAt(points: readonly XY[], x: number): number | null {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const right = points[low];
  if (!right || right.x < x) return null;
  if (right.x === x) return Number.isFinite(right.y) ? right.y : null;
  const left = points[low - 1];
  if (!left || !Number.isFinite(left.y) || !Number.isFinite(right.y)) return null;
  return left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
}

/**
 * Mean of the curves with its 95 % t interval, at every x where at least one has a point (at most `limit` of them, evenly picked).
 * Where one curve alone has a value there is a mean without an interval.
 */
export function band(curves: readonly (readonly XY[])[], limit = 600): BandPoint[] {
  const all = [...new Set(curves.flatMap((points) => points.map((point) => point.x)))].sort((a, b) => a - b);
  const xs = all.length <= limit ? all : Array.from({ length: limit }, (_, at) => all[Math.round((at * (all.length - 1)) / (limit - 1))] ?? 0);
  return xs.flatMap((x): BandPoint[] => {
    const values = curves.flatMap((points) => valueAt(points, x) ?? []);
    const n = values.length;
    if (n === 0) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    if (n === 1) return [{ x, mean, low: null, high: null, n }];
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
    const half = t975(n - 1) * Math.sqrt(variance / n);
    return [{ x, mean, low: mean - half, high: mean + half, n }];
  });
}
