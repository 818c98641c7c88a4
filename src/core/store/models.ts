/** Logged models as runs see them: which they read and made, and what they measured of them. */
import type { SpoolEvent, WireNumber } from '../../protocol/spool';
import type { Context } from './context';
import { fromStored, toStored, type Stored } from './points';

export interface RunModel { io: 'input' | 'output'; model: string; step: number }
/** t in seconds. */
export interface ModelMetric { key: string; value: WireNumber; step: number; t: number; run: string; datasetName: string; datasetDigest: string }

export function addRunModel({ db }: Context, row: number, event: Extract<SpoolEvent, { e: 'model' }>): void {
  db.prepare('INSERT INTO run_models (run, io, model, step) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET step = excluded.step').run(row, event.io, event.model, event.step);
}

export const runModels = (context: Context, run: string): RunModel[] =>
  context.db.prepare('SELECT io, model, step FROM run_models WHERE run = ? ORDER BY io, step, model').all<RunModel>(context.runRow(run));

/** Runs that made or read a model. */
export const runsOfModel = ({ db }: Context, model: string): { run: string; io: RunModel['io'] }[] =>
  db.prepare('SELECT r.uid AS run, m.io AS io FROM run_models m JOIN runs r ON r.id = m.run WHERE m.model = ? ORDER BY r.created, r.uid').all<{ run: string; io: RunModel['io'] }>(model);

/** What a metric event says of a model, where it names one. Only inside write(). */
export function addModelMetrics(context: Context, row: number, event: Extract<SpoolEvent, { e: 'm' }>): void {
  if (event.model === undefined) return;
  const add = context.db.prepare('INSERT OR IGNORE INTO model_metrics (model, key, dataset_name, dataset_digest, run, step, t, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const [key, value] of Object.entries(event.m)) {
    add.run(event.model, context.keyId('metric', key), event.dataset?.name ?? '', event.dataset?.digest ?? '', row, event.s ?? 0, Math.round(event.t * 1000), toStored(value));
  }
}

interface Cells { key: number; value: Stored; step: number; t: number; run: string; datasetName: string; datasetDigest: string }
/** Every figure that runs measured of a model, in order of time and step. */
export function modelMetrics(context: Context, model: string): ModelMetric[] {
  return context.db.prepare(`SELECT m.key AS key, m.value AS value, m.step AS step, m.t AS t, r.uid AS run, m.dataset_name AS datasetName, m.dataset_digest AS datasetDigest
    FROM model_metrics m JOIN runs r ON r.id = m.run WHERE m.model = ? ORDER BY m.t, m.step, m.key, m.run, m.dataset_name, m.dataset_digest, m.value`).all<Cells>(model)
    .map((row) => ({ ...row, key: context.keyName(row.key), value: fromStored(row.value), t: row.t / 1000 }));
}
