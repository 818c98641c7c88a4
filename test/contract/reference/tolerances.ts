/** Whether figures agree with a case's, by the tolerances that stand in its expected.json: the same rules as its check.py. */
import { z } from 'zod';

export const tolerance = z.looseObject({ match: z.string(), abs: z.number().default(0), rel: z.number().default(0) });
export type Tolerance = z.output<typeof tolerance>;

/**
 * `random`: how many figures have a tolerance of their own: they were drawn at random, and it is three standard errors wide. `unlucky`: those of them
 * that are outside, but by less than twice as much; about 1 in 370 is expected to be.
 */
export interface Report { passed: number; faults: string[]; random: number; unlucky: string[] }
/** How many may be: of 80 more than two are so once in 700 times. */
export const mayBeUnlucky = (random: number): number => Math.ceil(random / 40);

/** How the figures came about: no figures of ours. */
const SKIPPED = new Set(['order', 'max_abs_difference_from_sklearn', 'rows_more_than_1e-4_from_sklearn', 'random_state', 'n_repeats', 'B', 'runs_averaged', 'same_as', 'skipped_all_missing']);

/**
 * Goes through every figure of `expected`, a list being one, and names each that is missing or differs. A number's tolerance is the sibling
 * '<key>_tol' (absolute), else the first of `tolerances` whose pattern fits its path. Null is undefined and equals null alone.
 * `at`: where in expected.json these figures stand, as the patterns speak of the whole path.
 */
export function compareFigures(expected: Record<string, unknown>, found: unknown, { at, tolerances }: { at: string; tolerances: readonly Tolerance[] }): Report {
  const report: Report = { passed: 0, faults: [], random: 0, unlucky: [] };
  walk(expected, found, at);
  return report;

  function walk(wanted: Record<string, unknown>, given: unknown, path: string): void {
    for (const [key, value] of Object.entries(wanted)) {
      if (SKIPPED.has(key) || (key.endsWith('_tol') && key.slice(0, -4) in wanted)) continue;
      const place = path === '' ? key : `${path}/${key}`;
      const got = isRecord(given) && Object.hasOwn(given, key) ? given[key] : undefined;
      if (isRecord(value)) {
        walk(value, got, place);
        if (key === 'slices' && /(^|\/)sliceline[^/]*$/.test(path) && isRecord(got)) leaf(`${place} (the set of slices)`, Object.keys(value).sort(), Object.keys(got).sort());
      } else leaf(place, value, got, wanted[`${key}_tol`]);
    }
  }

  function leaf(path: string, wanted: unknown, got: unknown, own?: unknown): void {
    const tol = typeof own === 'number' ? own : undefined;
    const why = got === undefined ? 'missing' : difference(path, wanted, got, tol);
    if (tol !== undefined) report.random++;
    if (why === null) report.passed++;
    else if (tol !== undefined && got !== undefined && difference(path, wanted, got, 2 * tol) === null) report.unlucky.push(`${path}: ${why}`);
    else report.faults.push(`${path}: ${why}`);
  }

  /** Why they differ, or null. */
  function difference(path: string, wanted: unknown, got: unknown, own: number | undefined): string | null {
    if (Array.isArray(wanted)) {
      if (!Array.isArray(got)) return `a list of ${wanted.length} expected, got ${short(got)}`;
      if (wanted.length !== got.length) return `a list of ${wanted.length} expected, got one of ${got.length}`;
      return first(wanted.keys(), (index) => within(`[${index}]`, difference(`${path}/${index}`, wanted[index], got[index], own)));
    }
    if (isRecord(wanted)) {
      if (!isRecord(got)) return `an object expected, got ${short(got)}`;
      return first(Object.keys(wanted).values(), (key) => within(key, difference(`${path}/${key}`, wanted[key], got[key], own)));
    }
    const clean = typeof got === 'number' && !Number.isFinite(got) ? null : (got ?? null);
    if (typeof wanted !== 'number' || typeof clean !== 'number') return wanted === clean ? null : `${short(wanted)} expected, got ${short(clean)}`;
    const { abs, rel } = own === undefined ? toleranceAt(path, tolerances) : { abs: own, rel: 0 };
    const off = Math.abs(wanted - clean);
    // Whole numbers are counts.
    if (own === undefined && Number.isInteger(wanted) && Number.isInteger(clean) && abs < 1) return off === 0 ? null : `${wanted} expected, got ${clean}`;
    const allowed = abs + rel * Math.abs(wanted);
    return off <= allowed ? null : `${wanted} expected, got ${clean} (off by ${off.toPrecision(3)}, allowed ${allowed.toPrecision(3)})`;
  }
}

const DEFAULT = { abs: 1e-9, rel: 1e-9 };
const known = new WeakMap<readonly Tolerance[], Map<string, { abs: number; rel: number }>>();

/** The first whose pattern fits. Memoised, as lists have a path an element. */
export function toleranceAt(path: string, tolerances: readonly Tolerance[]): { abs: number; rel: number } {
  const cache = known.get(tolerances) ?? new Map<string, { abs: number; rel: number }>();
  known.set(tolerances, cache);
  const found = cache.get(path) ?? tolerances.find(({ match }) => pattern(match).test(path)) ?? DEFAULT;
  cache.set(path, found);
  return found;
}

const patterns = new Map<string, RegExp>();
/** As Python's fnmatchcase: `*` and `?` go over slashes too. */
function pattern(match: string): RegExp {
  const found = patterns.get(match) ?? new RegExp(`^${match.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.').replace(/\[!/g, '[^')}$`, 's');
  patterns.set(match, found);
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const within = (place: string, why: string | null): string | null => (why === null ? null : `${place} ${why}`);
const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length < 60 ? text : `${text.slice(0, 57)}...`;
};
function first<T>(items: Iterable<T>, why: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = why(item);
    if (found !== null) return found;
  }
  return null;
}
