/** Logged models as runs see them: which they read and made, and what they measured of them. */
import type { ModelRow } from '../../protocol/model';
import type { SpoolEvent, WireNumber } from '../../protocol/spool';
import { hear, loggedModel, type LoggedModel } from '../domain/logged-model';
import type { Context } from './context';
import { experimentById, experimentRow } from './experiments';
import { fromStored, toStored, type Stored } from './points';
import { putRecord } from './records';

export interface RunModel { io: 'input' | 'output'; model: string; step: number }
/** t in seconds. */
export interface ModelMetric { key: string; value: WireNumber; step: number; t: number; run: string; datasetName: string; datasetDigest: string }

export function addRunModel({ db }: Context, row: number, event: Extract<SpoolEvent, { e: 'model' }>): void {
  db.prepare('INSERT INTO run_models (run, io, model, step) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET step = excluded.step').run(row, event.io, event.model, event.step);
}

export const runModels = (context: Context, run: string): RunModel[] =>
  context.db.prepare('SELECT io, model, step FROM run_models WHERE run = ? ORDER BY io, step, model').all<RunModel>(context.runRow(run));

const modelOf = ({ db }: Context, id: string): LoggedModel | undefined => {
  const cells = db.prepare("SELECT doc FROM records WHERE kind = 'loggedModel' AND id = ?").get<{ doc: string }>(id);
  return cells && loggedModel.parse(JSON.parse(cells.doc));
};

/** A run's models with what is known of them; one that nobody told of has its id for a name. */
export const modelRows = (context: Context, run: string): ModelRow[] => runModels(context, run).map(({ io, model: id, step }) => {
  const known = modelOf(context, id);
  return { io, id, step, name: known?.name ?? id, status: known?.status ?? 'LOGGED_MODEL_STATUS_UNSPECIFIED' };
});

/** Takes in a model that a client told of while no engine was there. Only inside write(). */
export function hearLoggedModel(context: Context, row: number, event: Extract<SpoolEvent, { e: 'logged_model' }>): void {
  const { model, delTags, t } = event;
  const next = hear(modelOf(context, model.info.model_id), { t, model, delTags, experiment: event.experiment ? experimentRow(context, event.experiment, t) : experimentOf(context, row, model.info.experiment_id) });
  if (!next) return;
  const record = { id: next.id, scope: String(next.experiment), sort: next.created, doc: next };
  context.mirror.append({ kind: 'loggedModel', ...record });
  putRecord(context, 'loggedModel', record);
}

/** The experiment by the number that was said, where it is one of ours; else its run's. */
const experimentOf = (context: Context, row: number, said: string): number =>
  (/^\d{1,15}$/.test(said) ? experimentById(context, Number(said))?.id : undefined) ?? context.db.prepare('SELECT experiment FROM runs WHERE id = ?').get<{ experiment: number }>(row)?.experiment ?? 0;

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
