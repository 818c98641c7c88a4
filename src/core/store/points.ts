/** Points of curves: the table that grows. */
import { type WireNumber, toWire } from '../../protocol/spool';
import type { Context } from './context';
import type { Database } from './driver';

/** A value as SQLite keeps it: a REAL (infinities too), or the text 'NaN'. */
export type Stored = number | 'NaN';
export const toStored = (value: WireNumber): Stored => (typeof value === 'number' ? value : value === 'NaN' ? value : Number(value));
export const fromStored = (value: Stored): WireNumber => (value === 'NaN' ? value : toWire(value));

/** SQLite's order: numbers by size, NaN after all of them. */
export function compareStored(a: Stored, b: Stored): number {
  if (a === b) return 0;
  if (a === 'NaN') return 1;
  if (b === 'NaN') return -1;
  return a < b ? -1 : 1;
}

/** Points of one curve as columns; t in whole milliseconds. */
export interface PointColumns { steps: number[]; times: number[]; values: Stored[] }

/** Rows an INSERT carries at once: a call into SQLite costs as much as two rows do. */
const ROWS = 50;
const insertSql = (rows: number): string => `INSERT OR IGNORE INTO points (curve, step, t, value) VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?)').join(', ')}`;
const MANY = insertSql(ROWS);
const ONE = insertSql(1);

/** Adds points to a curve; one that is there already (same step, time and value) isn't added again. Returns how many were new. Only inside write(). */
export function insertPoints(db: Database, curve: number, { steps, times, values }: PointColumns): number {
  let added = 0;
  let at = 0;
  const total = steps.length;
  if (total >= ROWS) {
    const many = db.prepare(MANY);
    const cells: (number | string)[] = new Array<number>(ROWS * 4).fill(curve);
    for (; at + ROWS <= total; at += ROWS) {
      for (let i = 0, cell = 0; i < ROWS; i += 1, cell += 4) {
        cells[cell + 1] = steps[at + i] ?? 0;
        cells[cell + 2] = times[at + i] ?? 0;
        cells[cell + 3] = values[at + i] ?? 'NaN';
      }
      added += many.runWith(cells);
    }
  }
  const one = db.prepare(ONE);
  for (; at < total; at += 1) added += one.run(curve, steps[at] ?? 0, times[at] ?? 0, values[at] ?? 'NaN');
  return added;
}

interface CurveRow { curve: number; count: number; value: Stored; step: number; t: number; rolled: number }
/** The curve behind a run's metric; undefined where the run has no such metric. */
export function findCurve(context: Context, run: string, key: string): CurveRow | undefined {
  return context.db.prepare('SELECT curve, count, value, step, t, rolled FROM metrics WHERE run = ? AND key = ?').get<CurveRow>(context.runRow(run), context.findKey('metric', key));
}

type PointRow = { step: number; t: number; value: Stored };
/** Raw points in order of step, then time. A metric that is a final figure only has that as its one point. */
export function points(context: Context, run: string, key: string, page: { limit: number; offset: number }): { points: { step: number; t: number; value: WireNumber }[]; total: number } {
  const curve = findCurve(context, run, key);
  if (!curve) return { points: [], total: 0 };
  const rows = curve.count > 0
    ? context.db.prepare('SELECT step, t, value FROM points WHERE curve = ? ORDER BY step, t, value LIMIT ? OFFSET ?').all<PointRow>(curve.curve, page.limit, page.offset)
    : [curve].slice(page.offset, page.offset + page.limit);
  return { points: rows.map(({ step, t, value }) => ({ step, t: t / 1000, value: fromStored(value) })), total: Math.max(1, curve.count) };
}

/** Raw points in order of time (whole milliseconds), then step and value, as MLflow's clients get them; `limit` -1 gives all. */
export function history(context: Context, run: string, key: string, page: { limit: number; offset: number }): { points: { step: number; t: number; value: WireNumber }[]; total: number } {
  const curve = findCurve(context, run, key);
  if (!curve) return { points: [], total: 0 };
  if (curve.count === 0) return { points: page.offset === 0 ? [{ step: curve.step, t: curve.t, value: fromStored(curve.value) }] : [], total: 1 };
  const points: { step: number; t: number; value: WireNumber }[] = [];
  for (const [step, t, value] of context.db.prepare('SELECT step, t, value FROM points WHERE curve = ? ORDER BY t, step, value LIMIT ? OFFSET ?').rows(curve.curve, page.limit, page.offset)) {
    points.push({ step: Number(step), t: Number(t), value: fromStored(value as Stored) });
  }
  return { points, total: curve.count };
}
