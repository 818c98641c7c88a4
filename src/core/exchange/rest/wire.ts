/** MLflow's answers → the neutral form. Every field may be missing: protobuf's JSON leaves out what is empty. */
import * as z from 'zod';
import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../json';
import {
  MODEL_STATUSES, RUN_STATUSES, type DatasetUse, type Experiment, type LoggedModel, type ModelPoint, type ModelVersion, type Point, type RegisteredModel, type Run, type Tags,
} from '../model';
import { fromWire } from '../numbers';

const text = z.unknown().optional().transform(textOf);
const time = z.unknown().optional().transform((value) => (value === undefined || value === null || value === '' ? null : Number(value)));
const lifecycle = z.unknown().optional().transform((value) => (value === 'deleted' ? 'deleted' as const : 'active' as const));
const pairs = z.unknown().optional().transform(pairsOf);

/** [{key, value}] → {key: value} */
export function pairsOf(value: unknown): Tags {
  return Object.fromEntries(arrayOf(value).filter(isObject).map((one) => [textOf(one['key']), textOf(one['value'])]));
}

const experimentAnswer = z.object({ experiment_id: text, name: text, lifecycle_stage: lifecycle, creation_time: time, last_update_time: time, tags: pairs });
export function toExperiment(value: unknown): Experiment {
  const { experiment_id, name, lifecycle_stage, creation_time, last_update_time, tags } = experimentAnswer.parse(value);
  return { id: experiment_id, name, lifecycle: lifecycle_stage, created: creation_time, updated: last_update_time, tags };
}

const runInfo = z.object({
  run_id: text, run_uuid: text, experiment_id: text, run_name: text, user_id: text, status: z.enum(RUN_STATUSES).catch('RUNNING'), start_time: time, end_time: time,
  artifact_uri: text, lifecycle_stage: lifecycle,
});
const runAnswer = z.object({ info: runInfo, data: z.unknown().optional(), inputs: z.unknown().optional(), outputs: z.unknown().optional() });

/** With the names of its metrics, whose histories are asked for one by one. */
export function toRun(value: unknown): Run & { metrics: string[] } {
  const { info, data, inputs, outputs } = runAnswer.parse(value);
  const { metrics, params, tags } = objectOf(data);
  const labels = pairsOf(tags);
  return {
    id: info.run_id || info.run_uuid, experiment: info.experiment_id, name: info.run_name || labels['mlflow.runName'] || '', user: info.user_id, status: info.status,
    start: info.start_time, end: info.end_time === 0 ? null : info.end_time, lifecycle: info.lifecycle_stage, artifacts: info.artifact_uri,
    params: pairsOf(params), tags: labels, datasets: arrayOf(objectOf(inputs)['dataset_inputs']).map(toDataset),
    modelInputs: arrayOf(objectOf(inputs)['model_inputs']).map((one) => textOf(objectOf(one)['model_id'])),
    modelOutputs: arrayOf(objectOf(outputs)['model_outputs']).map((one) => ({ model: textOf(objectOf(one)['model_id']), step: Number(objectOf(one)['step'] ?? 0) })),
    metrics: arrayOf(metrics).map((one) => textOf(objectOf(one)['key'])),
  };
}

const maybe = (value: unknown): string | null => (value === undefined || value === null || value === '' ? null : textOf(value));

function toDataset(value: unknown): DatasetUse {
  const { dataset, tags } = objectOf(value);
  const { name, digest, source_type, source, schema, profile } = objectOf(dataset);
  return { name: textOf(name), digest: textOf(digest), sourceType: textOf(source_type), source: textOf(source), schema: maybe(schema), profile: maybe(profile), tags: pairsOf(tags) };
}

/** Null where it holds no figure. */
export function toPoint(value: unknown): Point | null {
  const { key, value: figure, timestamp, step } = objectOf(value);
  // A value of 0 is left out by old servers.
  const number = fromWire(figure ?? 0);
  return number === null ? null : { key: textOf(key), value: number, time: Number(timestamp ?? 0), step: Number(step ?? 0) };
}

const modelInfo = z.object({
  model_id: text, experiment_id: text, name: text, model_type: text, status: z.enum(MODEL_STATUSES).catch('LOGGED_MODEL_PENDING'), status_message: text, source_run_id: text,
  creation_timestamp_ms: time, last_updated_timestamp_ms: time, artifact_uri: text, tags: pairs,
});
export function toModel(value: unknown): LoggedModel {
  const answer = objectOf(value);
  const info = modelInfo.parse(answer['info']);
  const { params, metrics } = objectOf(answer['data']);
  return {
    id: info.model_id, experiment: info.experiment_id, name: info.name, type: info.model_type, status: info.status, statusMessage: info.status_message,
    sourceRun: info.source_run_id, created: info.creation_timestamp_ms, updated: info.last_updated_timestamp_ms, lifecycle: 'active', artifacts: info.artifact_uri,
    params: pairsOf(params), tags: info.tags, metrics: arrayOf(metrics).flatMap((one) => toModelPoint(objectOf(one)) ?? []),
  };
}

function toModelPoint(answer: JsonObject): ModelPoint | null {
  const point = toPoint(answer);
  const name = textOf(answer['dataset_name']);
  return point && { ...point, run: textOf(answer['run_id']), dataset: name === '' ? null : { name, digest: textOf(answer['dataset_digest']) } };
}

const versionAnswer = z.object({
  name: text, version: z.unknown().optional().transform(Number), creation_timestamp: time, last_updated_timestamp: time, user_id: text, current_stage: text, description: text, source: text,
  run_id: text, status: text, status_message: text, tags: pairs, run_link: text, model_id: text,
});
export function toVersion(value: unknown): ModelVersion {
  const one = versionAnswer.parse(value);
  return {
    name: one.name, version: one.version, created: one.creation_timestamp, updated: one.last_updated_timestamp, description: one.description, user: one.user_id,
    stage: one.current_stage || 'None', source: one.source, run: one.run_id, model: one.model_id || modelOf(one.source), runLink: one.run_link,
    status: one.status || 'READY', statusMessage: one.status_message, tags: one.tags,
  };
}
/** A version that was made of a logged model names it in its source alone. */
export const modelOf = (source: string): string => /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1] ?? '';

const registeredAnswer = z.object({ name: text, creation_timestamp: time, last_updated_timestamp: time, description: text, tags: pairs, aliases: z.unknown().optional() });
export function toRegistered(value: unknown, versions: ModelVersion[]): RegisteredModel {
  const one = registeredAnswer.parse(value);
  const aliases = Object.fromEntries(arrayOf(one.aliases).filter(isObject).map((alias) => [textOf(alias['alias']), Number(alias['version'])]));
  return { name: one.name, created: one.creation_timestamp, updated: one.last_updated_timestamp, description: one.description, tags: one.tags, aliases, versions };
}
