/** What the store has, as MLflow writes it. Times in milliseconds; ids as text. Source: mlflow/protos/service.proto. */
import type { DatasetRow, RunRow, RunState } from '../../protocol/model';
import type { WireNumber } from '../../protocol/spool';
import { pairsOf, recordOf, type Pair } from '../../core/base/pairs';
import { toMlflow } from '../../core/domain/state';
import type { ExperimentRecord } from '../../core/store/experiments';
import type { RunModel } from '../../core/store/models';
import type { Store } from '../../core/store/store';

export { pairsOf, recordOf, type Pair };
export const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

/** An infinity is the largest double there, and NaN a word. */
const LARGEST = Number.MAX_VALUE;
export const wireValue = (value: WireNumber): number | 'NaN' => (value === 'Infinity' ? LARGEST : value === '-Infinity' ? -LARGEST : value);

export function wireExperiment(experiment: ExperimentRecord): Record<string, unknown> {
  return {
    experiment_id: String(experiment.id), name: experiment.name, artifact_location: artifactLocation(experiment),
    lifecycle_stage: experiment.trashed === null ? 'active' : 'deleted',
    creation_time: milliseconds(experiment.created), last_update_time: milliseconds(experiment.updated), tags: pairsOf(experiment.tags),
  };
}

export const artifactLocation = ({ id, location }: ExperimentRecord): string => location ?? `mlflow-artifacts:/${id}`;
export const artifactUri = (experiment: ExperimentRecord, run: string): string => `${artifactLocation(experiment).replace(/\/$/, '')}/${run}/artifacts`;

/** Reads a page of runs as MLflow has them. What one page needs of experiments is asked once. */
export function runWriter(store: Store): (row: RunRow) => Record<string, unknown> {
  const experiments = new Map<string, ExperimentRecord>();
  const experimentOf = (name: string): ExperimentRecord => {
    const found = experiments.get(name) ?? store.experimentNamed(name);
    if (!found) throw new Error(`experiment ${name} is gone`);
    experiments.set(name, found);
    return found;
  };
  return (row) => {
    const models = store.runModels(row.id);
    const of = (io: RunModel['io']): RunModel[] => models.filter((one) => one.io === io);
    return {
      info: wireInfo(store, row, experimentOf(row.experiment)),
      data: {
        metrics: Object.entries(row.metrics).map(([key, { value, t, step }]) => ({ key, value: wireValue(value), timestamp: milliseconds(t), step })),
        params: pairsOf(row.params), tags: pairsOf(wireTags(row)),
      },
      inputs: { dataset_inputs: store.datasets(row.id).map(wireDataset), model_inputs: of('input').map(({ model }) => ({ model_id: model })) },
      outputs: { model_outputs: of('output').map(({ model, step }) => ({ model_id: model, step })) },
    };
  };
}

export function wireInfo(store: Store, row: RunRow, experiment: ExperimentRecord): Record<string, unknown> {
  const said = row.state === 'running' || row.state === 'queued' ? store.saidOf(row.id) : null;
  const ended = said?.ended ?? row.ended;
  return {
    run_id: row.id, run_uuid: row.id, run_name: row.name, experiment_id: String(experiment.id), user_id: row.tags[USER_TAG] ?? row.tags['mlflow.user'] ?? (row.source === 'mlflow' ? 'unknown' : ''),
    status: toMlflow(said?.state ?? row.state satisfies RunState), start_time: milliseconds(row.started ?? row.created),
    ...(ended === null ? {} : { end_time: milliseconds(ended) }),
    artifact_uri: artifactUri(experiment, row.id), lifecycle_stage: row.trashed ? 'deleted' : 'active',
  };
}

/** The user that a client named beside the tag: MLflow keeps it apart from the tags. */
export const USER_TAG = 'runyard.user_id';

/** A run's own tags, and what MLflow keeps as tags of what we know otherwise. */
function wireTags(row: RunRow): Record<string, string> {
  const known: Record<string, string | null> = {
    'mlflow.runName': row.name, 'mlflow.source.name': row.script, 'mlflow.source.git.commit': row.commit, 'mlflow.parentRunId': row.source === 'mlflow' ? null : row.parent,
    'mlflow.note.content': row.notes === '' ? null : row.notes,
  };
  const added = Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== null));
  // The name and the notes can be changed here too: a tag that says them is an older word.
  const { [USER_TAG]: _user, ...tags } = row.tags;
  return { ...added, ...tags, 'mlflow.runName': row.name, ...('mlflow.note.content' in tags ? { 'mlflow.note.content': row.notes } : {}) };
}

function wireDataset({ name, role, digest, path, schema, mlflow }: DatasetRow): Record<string, unknown> {
  const tags = mlflow?.tags ?? (role === '' ? {} : { 'mlflow.data.context': role });
  return {
    tags: pairsOf(tags),
    dataset: {
      name, digest, source_type: mlflow?.source_type ?? 'local', source: mlflow?.source ?? JSON.stringify({ uri: path ?? name }),
      ...(mlflow?.schema !== undefined ? { schema: mlflow.schema } : schema ? { schema: JSON.stringify({ mlflow_colspec: schema.map((column) => ({ ...column, required: true })) }) } : {}),
      ...(mlflow?.profile !== undefined ? { profile: mlflow.profile } : {}),
    },
  };
}
