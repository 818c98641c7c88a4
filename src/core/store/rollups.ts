/**
 * The pyramid over long curves: level 0 buckets are 2^shift steps wide, each level above four times the one below. A bucket is always made
 * anew from what lies under it, so that it holds exactly what the points hold, in whatever order and however often they came.
 */
import { addBucket, addPoint, emptyBucket, type Bucket, type Spot } from './bucket';
import type { Cell, Database } from './driver';
import type { PointColumns, Stored } from './points';

/** A curve of at most so many points is read as it is. */
export const ROLLED_ABOVE = 4096;
export const LEVELS = 10;
/** About so many points lie in a bucket of the finest level (as a power of two). */
const FINEST = 4;

/** Steps in a bucket of a level. */
export const width = (shift: number, level: number): number => 2 ** (shift + 2 * level);

const COLUMNS = 'n, t_min, t_max, lo, lo_step, lo_t, hi, hi_step, hi_t, odd, odd_step, odd_t';
const READ = `SELECT bucket, ${COLUMNS} FROM rollups WHERE curve = ? AND level = ? AND bucket BETWEEN ? AND ? ORDER BY bucket`;
const SAVE = `INSERT OR REPLACE INTO rollups (curve, level, bucket, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const spot = (value: Cell | undefined, step: Cell | undefined, t: Cell | undefined): Spot | null =>
  (value === null || value === undefined ? null : { step: Number(step), t: Number(t), value: value as Stored });

export interface NumberedBucket extends Bucket { bucket: number }

/** Buckets first..last of a level, in order; those without points aren't there. */
export function readBuckets(db: Database, where: { curve: number; level: number; first: number; last: number }): NumberedBucket[] {
  return db.prepare(READ).rows(where.curve, where.level, where.first, where.last).map((cells) => ({
    bucket: Number(cells[0]), n: Number(cells[1]), tMin: Number(cells[2]), tMax: Number(cells[3]),
    lo: spot(cells[4], cells[5], cells[6]), hi: spot(cells[7], cells[8], cells[9]), odd: spot(cells[10], cells[11], cells[12]),
  }));
}

function save(db: Database, at: { curve: number; level: number; bucket: number }, { n, tMin, tMax, lo, hi, odd }: Bucket): void {
  db.prepare(SAVE).run(
    at.curve, at.level, at.bucket, n, tMin, tMax, lo?.value ?? null, lo?.step ?? null, lo?.t ?? null,
    hi?.value ?? null, hi?.step ?? null, hi?.t ?? null, odd?.value ?? null, odd?.step ?? null, odd?.t ?? null,
  );
}

/** What one batch did to a curve. rolled: the curve's shift, 0 where it has no rollups yet; repeated: some points were there already. */
export interface Growth { curve: number; rolled: number; count: number; lastStep: number | null; points: PointColumns; repeated: boolean }

/** Brings the rollups of a curve up to its points, and makes them once it is long. Returns its shift. Only inside write(). */
export function rollUp(db: Database, growth: Growth): number {
  if (growth.rolled > 0) {
    grow(db, growth);
    return growth.rolled;
  }
  if (growth.count <= ROLLED_ABOVE) return 0;
  const all = db.prepare('SELECT step, t, value FROM points WHERE curve = ? ORDER BY step').rows(growth.curve);
  const points: PointColumns = { steps: [], times: [], values: [] };
  for (const [step, t, value] of all) {
    points.steps.push(Number(step));
    points.times.push(Number(t));
    points.values.push(value as Stored);
  }
  const span = Number(all.at(-1)?.[0]) - Number(all[0]?.[0]) + 1;
  const shift = FINEST + Math.max(0, Math.ceil(Math.log2(span / all.length)));
  grow(db, { ...growth, rolled: shift, lastStep: null, points, repeated: false });
  return shift;
}

function grow(db: Database, { curve, rolled, lastStep, points, repeated }: Growth): void {
  const size = width(rolled, 0);
  const made = new Map<number, Bucket>();
  for (let i = 0; i < points.steps.length; i += 1) {
    const step = points.steps[i] ?? 0;
    const number = Math.floor(step / size);
    let bucket = made.get(number);
    if (!bucket) made.set(number, (bucket = emptyBucket()));
    addPoint(bucket, step, points.times[i] ?? 0, points.values[i] ?? 'NaN');
  }
  // What lies wholly beyond the curve's end holds these points and no others; the rest is read again.
  const end = repeated ? Infinity : lastStep === null ? -Infinity : Math.floor(lastStep / size);
  for (const [number, bucket] of made) save(db, { curve, level: 0, bucket: number }, number > end ? bucket : fromPoints(db, curve, number * size, (number + 1) * size - 1));

  let touched: Iterable<number> = made.keys();
  for (let level = 1; level < LEVELS; level += 1) {
    const parents = new Set<number>();
    for (const number of touched) parents.add(Math.floor(number / 4));
    for (const number of parents) {
      const parent = emptyBucket();
      for (const child of readBuckets(db, { curve, level: level - 1, first: number * 4, last: number * 4 + 3 })) addBucket(parent, child);
      save(db, { curve, level, bucket: number }, parent);
    }
    touched = parents;
  }
}

function fromPoints(db: Database, curve: number, first: number, last: number): Bucket {
  const bucket = emptyBucket();
  for (const [step, t, value] of db.prepare('SELECT step, t, value FROM points WHERE curve = ? AND step BETWEEN ? AND ?').rows(curve, first, last)) addPoint(bucket, Number(step), Number(t), value as Stored);
  return bucket;
}
