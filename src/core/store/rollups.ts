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

const COLUMNS = 'n, t_min, t_span, lo, lo_step, lo_dt, hi, hi_step, hi_dt, odd, odd_step, odd_dt';
const READ = `SELECT bucket, ${COLUMNS} FROM rollups WHERE curve = ? AND level = ? AND bucket BETWEEN ? AND ? ORDER BY bucket`;
const SAVE = `INSERT OR REPLACE INTO rollups (curve, level, bucket, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const spot = (value: Cell | undefined, step: Cell | undefined, t: number): Spot | null =>
  (value === null || value === undefined ? null : { step: step as number, t, value: value as Stored });

export interface NumberedBucket extends Bucket { bucket: number }

/** Buckets first..last of a level, in order; those without points aren't there. */
export function readBuckets(db: Database, where: { curve: number; level: number; first: number; last: number }): NumberedBucket[] {
  return db.prepare(READ).rows(where.curve, where.level, where.first, where.last).map((cells) => {
    const tMin = cells[2] as number;
    return {
      bucket: cells[0] as number, n: cells[1] as number, tMin, tMax: tMin + (cells[3] as number),
      lo: spot(cells[4], cells[5], tMin + (cells[6] as number)), hi: spot(cells[7], cells[8], tMin + (cells[9] as number)), odd: spot(cells[10], cells[11], tMin + (cells[12] as number)),
    };
  });
}

function save(db: Database, at: { curve: number; level: number; bucket: number }, { n, tMin, tMax, lo, hi, odd }: Bucket): void {
  const cells = (spot: Spot | null): Cell[] => (spot ? [spot.value, spot.step, spot.t - tMin] : [null, null, null]);
  db.prepare(SAVE).run(at.curve, at.level, at.bucket, n, tMin, tMax - tMin, ...cells(lo), ...cells(hi), ...cells(odd));
}

interface Grown { curve: number; rolled: number; lastStep: number | null; points: PointColumns; repeated: boolean }
/**
 * What one batch did to a curve. rolled: the curve's shift, 0 where it has no rollups yet; lastStep: the largest before; count: of all points by
 * now, `added` of them new; repeated: some of the batch were there already.
 */
export interface Growth extends Grown { count: number; added: number }

/** Brings the rollups of a curve up to its points, and makes them once it is long. Returns its shift. Only inside write(). */
export function rollUp(db: Database, growth: Growth): number {
  const { curve, rolled, count, added } = growth;
  if (count <= ROLLED_ABOVE) return 0;
  // Looked at as often as the curve doubles: buckets made while it was sparse may be too wide by now.
  const doubled = Math.floor(Math.log2(count)) > Math.floor(Math.log2(count - added));
  if (rolled > 0 && !doubled) {
    grow(db, growth);
    return rolled;
  }
  const shift = fittingShift(db, curve, count);
  if (rolled > 0 && rolled - shift < 2) {
    grow(db, growth);
    return rolled;
  }
  build(db, curve, shift);
  return shift;
}

/** So wide that a bucket of the finest level has about 2^FINEST points, if they lie evenly. */
function fittingShift(db: Database, curve: number, count: number): number {
  const end = (way: 'ASC' | 'DESC'): number => db.prepare(`SELECT step FROM points WHERE curve = ? ORDER BY step ${way} LIMIT 1`).get<{ step: number }>(curve)?.step ?? 0;
  return FINEST + Math.max(0, Math.ceil(Math.log2((end('DESC') - end('ASC') + 1) / count)));
}

const PAGE = 50_000;

/** Makes a curve's rollups from all its points, as if they came now, a page a time. */
function build(db: Database, curve: number, shift: number): void {
  db.prepare('DELETE FROM rollups WHERE curve = ?').run(curve);
  let after: Cell[] = [-Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, -Infinity];
  let lastStep: number | null = null;
  for (;;) {
    const rows = db.prepare(`SELECT step, t, value FROM points WHERE curve = ? AND (step, t, value) > (?, ?, ?) ORDER BY step, t, value LIMIT ${PAGE}`).rows(curve, ...after);
    const last = rows.at(-1);
    if (!last) return;
    const points: PointColumns = { steps: rows.map(([step]) => Number(step)), times: rows.map(([, t]) => Number(t)), values: rows.map(([, , value]) => value as Stored) };
    grow(db, { curve, rolled: shift, lastStep, points, repeated: false });
    after = last;
    lastStep = Number(last[0]);
  }
}

function grow(db: Database, { curve, rolled, lastStep, points, repeated }: Grown): void {
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
  let end = repeated ? Infinity : lastStep === null ? -Infinity : Math.floor(lastStep / size);
  for (const [number, bucket] of made) {
    if (number <= end) made.set(number, fromPoints(db, curve, number * size, (number + 1) * size - 1));
    save(db, { curve, level: 0, bucket: number }, made.get(number) ?? bucket);
  }
  let below: ReadonlyMap<number, Bucket> = made;
  for (let level = 1; level < LEVELS; level += 1) {
    end = Math.floor(end / 4);
    below = parentsOf(db, { curve, level, end }, below);
    for (const [number, bucket] of below) save(db, { curve, level, bucket: number }, bucket);
  }
}

/** The buckets over those of the level below that changed; up to `end` they have other children too, which are read. */
function parentsOf(db: Database, { curve, level, end }: { curve: number; level: number; end: number }, below: ReadonlyMap<number, Bucket>): Map<number, Bucket> {
  const parents = new Map<number, Bucket>();
  for (const [child, bucket] of below) {
    const number = Math.floor(child / 4);
    const parent = parents.get(number);
    if (number > end) {
      if (parent) addBucket(parent, bucket);
      else parents.set(number, { ...bucket });
    } else if (!parent) {
      const whole = emptyBucket();
      for (const one of readBuckets(db, { curve, level: level - 1, first: number * 4, last: number * 4 + 3 })) addBucket(whole, one);
      parents.set(number, whole);
    }
  }
  return parents;
}

function fromPoints(db: Database, curve: number, first: number, last: number): Bucket {
  const bucket = emptyBucket();
  for (const [step, t, value] of db.prepare('SELECT step, t, value FROM points WHERE curve = ? AND step BETWEEN ? AND ?').rows(curve, first, last)) addPoint(bucket, Number(step), Number(t), value as Stored);
  return bucket;
}
