/** The best slices so far, in an order that doesn't depend on when they came. */
import { tie } from './score';

/** A conjunction of `column = code`: columns by their place, rising, and one code each. `largest` is the largest loss of a row. */
export interface Slice { columns: number[]; codes: number[]; size: number; sum: number; largest: number; score: number }

export interface Top {
  /** What a score must reach to matter, ties with the k-th allowed for: 0 until there are k. It never falls. */
  threshold(): number;
  add(slice: Slice): void;
  /** The k best and those that tie with the last of them; how many more tied than were kept. */
  best(): { slices: Slice[]; tiesLeftOut: number };
}

/**
 * Keeps the k best of positive score. Those that tie with the k-th stay too, up to `maxTies` of them, the rest are counted. Order: score (to
 * about 11 digits), then larger, then fewer columns, then columns and codes as numbers.
 */
export function topOf(k: number, maxTies: number): Top {
  let kept: Ranked[] = [];
  let threshold = 0;
  let tiesLeftOut = 0;
  let room = k;
  const settle = (): void => {
    kept.sort(byRank);
    const last = kept[k - 1];
    if (!last) return;
    const level = last.slice.score - tie * Math.max(1, last.slice.score);
    if (level > threshold) tiesLeftOut = 0;
    threshold = Math.max(level, threshold);
    kept = kept.filter(({ slice }) => slice.score >= threshold);
    tiesLeftOut += Math.max(0, kept.length - k - maxTies);
    kept.length = Math.min(kept.length, k + maxTies);
    // Often enough for a sharp threshold, seldom enough when thousands tie.
    room = kept.length + Math.max(4, kept.length >> 3);
  };
  return {
    threshold: () => threshold,
    add: (slice) => {
      if (!(slice.score > tie) || slice.score < threshold) return;
      kept.push({ slice, level: Number(slice.score.toPrecision(11)) });
      if (kept.length >= room) settle();
    },
    best: () => {
      settle();
      return { slices: kept.map(({ slice }) => slice), tiesLeftOut };
    },
  };
}

interface Ranked { slice: Slice; level: number }

function byRank(a: Ranked, b: Ranked): number {
  return b.level - a.level || b.slice.size - a.slice.size || a.slice.columns.length - b.slice.columns.length
    || byNumbers(a.slice.columns, b.slice.columns) || byNumbers(a.slice.codes, b.slice.codes);
}

function byNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
