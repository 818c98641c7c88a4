/** Logged models and the model registry of an mlflow.db. */
import type { ForeignDatabase } from '../../store/foreign';
import { DELETED_STAGE, modelStatus } from '../folder/models';
import type { LoggedModel, ModelVersion, RegisteredModel } from '../model';
import { modelOf } from '../rest/wire';
import { figure } from './runs';
import { lifecycle, number, pairs, select, text } from './select';

const MODEL_COLUMNS = ['model_id', 'name', 'artifact_location', 'creation_timestamp_ms', 'last_updated_timestamp_ms', 'status', 'lifecycle_stage', 'model_type', 'source_run_id', 'status_message'];
const METRIC_COLUMNS = ['metric_name', 'metric_timestamp_ms', 'metric_step', 'metric_value', 'run_id', 'dataset_name', 'dataset_digest'];

export function* readModels(db: ForeignDatabase, experiment: string): Generator<LoggedModel> {
  for (const row of select(db, 'logged_models', { columns: MODEL_COLUMNS, where: 'experiment_id = ?', params: [Number(experiment)], order: 'rowid' })) {
    const id = text(row, 'model_id');
    const metrics = select(db, 'logged_model_metrics', { columns: METRIC_COLUMNS, where: 'model_id = ?', params: [id], order: 'rowid' });
    yield {
      id, experiment, name: text(row, 'name'), type: text(row, 'model_type'), status: modelStatus(text(row, 'status')), statusMessage: text(row, 'status_message'),
      sourceRun: text(row, 'source_run_id'), created: number(row, 'creation_timestamp_ms'), updated: number(row, 'last_updated_timestamp_ms'), lifecycle: lifecycle(row),
      artifacts: text(row, 'artifact_location'),
      params: pairs(db, 'logged_model_params', { 'model_id = ?': [id] }, ['param_key', 'param_value']), tags: pairs(db, 'logged_model_tags', { 'model_id = ?': [id] }, ['tag_key', 'tag_value']),
      metrics: metrics.map((one) => ({
        key: text(one, 'metric_name'), value: figure(one, 'metric_value'), time: number(one, 'metric_timestamp_ms') ?? 0, step: number(one, 'metric_step') ?? 0, run: text(one, 'run_id'),
        dataset: text(one, 'dataset_name') ? { name: text(one, 'dataset_name'), digest: text(one, 'dataset_digest') } : null,
      })),
    };
  }
}

const MAIN = "COALESCE(workspace, 'default') = 'default'";
/** Names are unique within a workspace: the default one's are read. */
const within = (db: ForeignDatabase, table: string, where: string): string => (db.tables.get(table)?.has('workspace') ? `${where}${where && ' AND '}${MAIN}` : where);

export function* readRegistered(db: ForeignDatabase): Generator<RegisteredModel> {
  const rows = select(db, 'registered_models', { columns: ['name', 'creation_time', 'last_updated_time', 'description'], where: within(db, 'registered_models', ''), order: 'rowid' });
  for (const row of rows) {
    const name = text(row, 'name');
    const named = (table: string): string => within(db, table, 'name = ?');
    const aliases = select(db, 'registered_model_aliases', { columns: ['alias', 'version'], where: named('registered_model_aliases'), params: [name] });
    yield {
      name, created: number(row, 'creation_time'), updated: number(row, 'last_updated_time'), description: text(row, 'description'),
      tags: pairs(db, 'registered_model_tags', { [named('registered_model_tags')]: [name] }),
      aliases: Object.fromEntries(aliases.map((one) => [text(one, 'alias'), number(one, 'version') ?? 0])),
      versions: readVersions(db, name),
    };
  }
}

const VERSION_COLUMNS = [
  'version', 'creation_time', 'last_updated_time', 'description', 'user_id', 'current_stage', 'source', 'run_id', 'run_link', 'status', 'status_message', 'model_id',
];

function readVersions(db: ForeignDatabase, name: string): ModelVersion[] {
  const where = within(db, 'model_versions', 'name = ?');
  return select(db, 'model_versions', { columns: VERSION_COLUMNS, where, params: [name], order: 'version' }).filter((row) => text(row, 'current_stage') !== DELETED_STAGE).map((row) => ({
    name, version: number(row, 'version') ?? 0, created: number(row, 'creation_time'), updated: number(row, 'last_updated_time'), description: text(row, 'description'),
    user: text(row, 'user_id'), stage: text(row, 'current_stage') || 'None', source: text(row, 'source'), run: text(row, 'run_id'), model: text(row, 'model_id') || modelOf(text(row, 'source')),
    runLink: text(row, 'run_link'), status: text(row, 'status') || 'READY', statusMessage: text(row, 'status_message'),
    tags: pairs(db, 'model_version_tags', { [within(db, 'model_version_tags', 'name = ? AND version = ?')]: [name, number(row, 'version') ?? 0] }),
  }));
}
