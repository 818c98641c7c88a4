/** One row a run and metric: what the newest value is, the extremes, how many points. Every rule here gives the same row in whatever order points come. */
import type { SpoolEvent } from '../../protocol/spool';
import type { Context } from './context';
import { compareStored, insertPoints, toStored, type PointColumns, type Stored } from './points';
import { rollUp } from './rollups';

interface Said { points: PointColumns; summary: { t: number; value: Stored } | null }
/** What a batch says of each metric, by key. */
export type Gathered = Map<string, Said>;

function said(gathered: Gathered, key: string): Said {
  let entry = gathered.get(key);
  if (!entry) {
    entry = { points: { steps: [], times: [], values: [] }, summary: null };
    gathered.set(key, entry);
  }
  return entry;
}

const milliseconds = (t: number): number => Math.round(t * 1000);

export function gatherPoint(gathered: Gathered, event: Extract<SpoolEvent, { e: 'm' }>): void {
  const step = event.s ?? 0;
  const t = milliseconds(event.t);
  for (const key in event.m) {
    const value = event.m[key];
    if (value === undefined) continue;
    const { points } = said(gathered, key);
    points.steps.push(step);
    points.times.push(t);
    points.values.push(typeof value === 'number' ? value : toStored(value));
  }
}

export function gatherSummary(gathered: Gathered, event: Extract<SpoolEvent, { e: 'summary' }>): void {
  const t = milliseconds(event.t);
  for (const [key, wire] of Object.entries(event.m)) {
    const entry = said(gathered, key);
    const value = toStored(wire);
    if (!entry.summary || isLater({ step: 0, t, value }, { step: 0, ...entry.summary })) entry.summary = { t, value };
  }
}

interface Latest { step: number; t: number; value: Stored }
const isLater = (a: Latest, b: Latest): boolean => (a.step - b.step || a.t - b.t || compareStored(a.value, b.value)) > 0;

interface MetricRow extends Latest { curve: number; min: Stored; max: Stored; count: number; summary: number; rolled: number }

/**
 * The row after some points more. NaN is an extreme only where there is nothing else. A final figure (summary) is the value whatever
 * points come; step stays the largest of the points.
 */
function withPoints(row: MetricRow, { steps, times, values }: PointColumns): MetricRow {
  let { step, t, value, min, max } = row;
  let bare = row.count === 0;
  let maxStep = row.count === 0 ? -Infinity : row.step;
  for (let i = 0; i < steps.length; i += 1) {
    const point = { step: steps[i] ?? 0, t: times[i] ?? 0, value: values[i] ?? 'NaN' };
    if (point.step > maxStep) maxStep = point.step;
    if (bare) {
      ({ step, t, value } = point);
      min = max = point.value;
      bare = false;
      continue;
    }
    if (isLater(point, { step, t, value })) ({ step, t, value } = point);
    if (point.value === 'NaN') continue;
    if (min === 'NaN' || point.value < min) min = point.value;
    if (max === 'NaN' || point.value > max) max = point.value;
  }
  return row.summary ? { ...row, step: maxStep, min, max } : { ...row, step, t, value, min, max };
}

function withSummary(row: MetricRow, summary: { t: number; value: Stored }): MetricRow {
  if (row.summary && !isLater({ ...summary, step: 0 }, { ...row, step: 0 })) return row;
  const extremes = row.count === 0 ? { min: summary.value, max: summary.value } : {};
  return { ...row, ...summary, ...extremes, summary: 1 };
}

const FIND = 'SELECT curve, value, step, t, min, max, count, summary, rolled FROM metrics WHERE run = ? AND key = ?';
const SAVE = `INSERT INTO metrics (run, key, curve, value, step, t, min, max, count, summary, rolled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value, step = excluded.step, t = excluded.t, min = excluded.min, max = excluded.max, count = excluded.count, summary = excluded.summary, rolled = excluded.rolled`;

/** Stores what a batch says of a run's metrics: points, the metrics' rows and, for long curves, rollups. Only inside write(). */
export function storeMetrics(context: Context, run: number, gathered: Gathered): void {
  const { db } = context;
  for (const [name, { points, summary }] of gathered) {
    const key = context.keyId('metric', name);
    const before = db.prepare(FIND).get<MetricRow>(run, key) ?? { curve: nextCurve(context), value: 'NaN', step: 0, t: 0, min: 'NaN', max: 'NaN', count: 0, summary: 0, rolled: 0 };
    let row = before;
    if (points.steps.length > 0) {
      const added = insertPoints(db, row.curve, points);
      row = { ...withPoints(row, points), count: row.count + added };
      row.rolled = rollUp(db, { curve: row.curve, rolled: row.rolled, count: row.count, added, lastStep: before.count > 0 ? before.step : null, points, repeated: added < points.steps.length });
    }
    if (summary) row = withSummary(row, summary);
    db.prepare(SAVE).run(run, key, row.curve, row.value, row.step, row.t, row.min, row.max, row.count, row.summary, row.rolled);
  }
}

function nextCurve({ db }: Context): number {
  return db.prepare("UPDATE counters SET value = value + 1 WHERE name = 'curve' RETURNING value").get<{ value: number }>()?.value ?? 0;
}
