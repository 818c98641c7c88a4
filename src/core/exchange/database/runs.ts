/** Experiments, runs and their histories of an mlflow.db. */
import type { ForeignDatabase, ForeignRow } from '../../store/foreign';
import { RUN_STATUSES, type DatasetUse, type Experiment, type Point, type Run, type RunStatus } from '../model';
import { fromClamped } from '../numbers';
import { lifecycle, number, paged, pairs, select, text } from './select';

export function readExperiments(db: ForeignDatabase): Experiment[] {
  const columns = ['experiment_id', 'name', 'lifecycle_stage', 'creation_time', 'last_update_time', 'workspace'];
  return select(db, 'experiments', { columns, order: 'experiment_id' }).map((row) => {
    const id = text(row, 'experiment_id');
    const workspace = text(row, 'workspace');
    return {
      // A server may hold several workspaces, each with names of its own.
      id, name: workspace && workspace !== 'default' ? `${workspace}/${text(row, 'name')}` : text(row, 'name'), lifecycle: lifecycle(row),
      created: number(row, 'creation_time'), updated: number(row, 'last_update_time'), tags: pairs(db, 'experiment_tags', { 'experiment_id = ?': [Number(id)] }),
    };
  });
}

const RUN_COLUMNS = ['run_uuid', 'name', 'user_id', 'status', 'start_time', 'end_time', 'lifecycle_stage', 'artifact_uri'];

export function* readRuns(db: ForeignDatabase, experiment: string): Generator<Run> {
  for (const rows of paged(db, 'runs', { columns: RUN_COLUMNS, where: 'experiment_id = ?', params: [Number(experiment)] }, 200)) {
    for (const row of rows) yield toRun(db, row, experiment);
  }
}

function toRun(db: ForeignDatabase, row: ForeignRow, experiment: string): Run {
  const id = text(row, 'run_uuid');
  const tags = pairs(db, 'tags', { 'run_uuid = ?': [id] });
  const status = RUN_STATUSES.find((one) => one === text(row, 'status')) ?? ('RUNNING' satisfies RunStatus);
  const models = (source: string): { model: string; step: number }[] =>
    select(db, 'inputs', { columns: ['destination_id', 'step'], where: 'source_type = ? AND source_id = ?', params: [source, id], order: 'rowid' })
      .map((one) => ({ model: text(one, 'destination_id'), step: number(one, 'step') ?? 0 }));
  return {
    id, experiment, name: text(row, 'name') || tags['mlflow.runName'] || '', user: text(row, 'user_id'), status, start: number(row, 'start_time'), end: number(row, 'end_time'),
    lifecycle: lifecycle(row), artifacts: text(row, 'artifact_uri'), params: pairs(db, 'params', { 'run_uuid = ?': [id] }), tags, datasets: datasetsOf(db, id),
    modelInputs: models('RUN_INPUT').map(({ model }) => model), modelOutputs: models('RUN_OUTPUT'),
  };
}

const DATASET_COLUMNS = ['name', 'digest', 'dataset_source_type', 'dataset_source', 'dataset_schema', 'dataset_profile'];

function datasetsOf(db: ForeignDatabase, run: string): DatasetUse[] {
  const uses = select(db, 'inputs', { columns: ['input_uuid', 'source_id'], where: "source_type = 'DATASET' AND destination_type = 'RUN' AND destination_id = ?", params: [run], order: 'rowid' });
  return uses.flatMap((use) => select(db, 'datasets', { columns: DATASET_COLUMNS, where: 'dataset_uuid = ?', params: [text(use, 'source_id')] }).map((row) => ({
    name: text(row, 'name'), digest: text(row, 'digest'), sourceType: text(row, 'dataset_source_type'), source: text(row, 'dataset_source'),
    schema: text(row, 'dataset_schema') || null, profile: text(row, 'dataset_profile') || null,
    tags: pairs(db, 'input_tags', { 'input_uuid = ?': [text(use, 'input_uuid')] }, ['name', 'value']),
  })));
}

export function* readPoints(db: ForeignDatabase, run: string): Generator<Point[]> {
  for (const rows of paged(db, 'metrics', { columns: ['key', 'value', 'timestamp', 'step', 'is_nan'], where: 'run_uuid = ?', params: [run] }, 5000)) {
    yield rows.map((row) => ({ key: text(row, 'key'), value: figure(row, 'value'), time: number(row, 'timestamp') ?? 0, step: number(row, 'step') ?? 0 }));
  }
}

/** A NaN is kept as 0 with a mark beside it; infinities as the largest double. */
export function figure(row: ForeignRow, column: string): number {
  const value = number(row, column);
  return row['is_nan'] === 1 || value === null ? NaN : fromClamped(value);
}
