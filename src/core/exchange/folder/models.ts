/** Logged models and the model registry of an `mlruns` folder. */
import path from 'node:path';
import * as z from 'zod';
import { describeError } from '../../base/errors';
import { MODEL_STATUSES, type Fault, type LoggedModel, type ModelPoint, type ModelVersion, type RegisteredModel } from '../model';
import { attempt, foldersWith, keyFiles, META, moment, readValues, readYaml, word } from './files';
import { lifecycle, lines, pointOf } from './runs';

const modelMeta = z.object({
  model_id: z.string().min(1), name: word, model_type: word, status: z.string(), status_message: word, source_run_id: word, artifact_location: word,
  creation_timestamp: moment, last_updated_timestamp: moment, lifecycle_stage: lifecycle,
});

export async function* readModels(experimentFolder: string, experiment: string, fault: Fault): AsyncGenerator<LoggedModel> {
  for (const folder of foldersWith(path.join(experimentFolder, 'models'), META)) {
    const meta = attempt(path.join(folder, META), fault, () => readYaml(path.join(folder, META), modelMeta));
    if (!meta) continue;
    yield {
      id: meta.model_id, experiment, name: meta.name, type: meta.model_type, status: modelStatus(meta.status), statusMessage: meta.status_message, sourceRun: meta.source_run_id,
      created: meta.creation_timestamp, updated: meta.last_updated_timestamp, lifecycle: meta.lifecycle_stage, artifacts: meta.artifact_location,
      params: readValues(path.join(folder, 'params')), tags: readValues(path.join(folder, 'tags')), metrics: await modelMetrics(folder, fault),
    };
  }
}

/** 1 pending, 2 ready, 3 failed; newer ones may write the word. */
export function modelStatus(text: string): LoggedModel['status'] {
  return MODEL_STATUSES[Number(text) - 1] ?? MODEL_STATUSES.find((one) => one === text || one.endsWith(`_${text}`)) ?? 'LOGGED_MODEL_PENDING';
}

/** Lines `time value step run`, with the dataset's name and digest after it where there is one. */
async function modelMetrics(folder: string, fault: Fault): Promise<ModelPoint[]> {
  const points: ModelPoint[] = [];
  for (const key of keyFiles(path.join(folder, 'metrics'))) {
    const file = path.join(folder, 'metrics', key);
    for await (const { parts, bad } of lines(file, [4, 6])) {
      const point = parts && pointOf(key, parts);
      const [, , , run = '', name = '', digest = ''] = parts ?? [];
      if (point) points.push({ ...point, run, dataset: name === '' ? null : { name, digest } });
      else fault(file, bad);
    }
  }
  return points;
}

const registeredMeta = z.object({ name: z.string().min(1), description: word, creation_timestamp: moment, last_updated_timestamp: moment });
const versionMeta = z.object({
  version: z.string().regex(/^\d+$/).transform(Number), description: word, creation_timestamp: moment, last_updated_timestamp: moment, user_id: word, current_stage: word,
  source: word, storage_location: word, run_id: word, model_id: word, run_link: word, status: word, status_message: word,
});
export const DELETED_STAGE = 'Deleted_Internal';

export function* readRegistered(root: string, fault: Fault): Generator<RegisteredModel> {
  for (const folder of foldersWith(path.join(root, 'models'), META)) {
    const meta = attempt(path.join(folder, META), fault, () => readYaml(path.join(folder, META), registeredMeta));
    if (!meta) continue;
    const aliases: Record<string, number> = {};
    for (const [alias, version] of Object.entries(readValues(path.join(folder, 'aliases')))) {
      if (/^\d+$/.test(version.trim())) aliases[alias] = Number(version);
      else fault(path.join(folder, 'aliases', alias), `is no version: ${describeError(version).slice(0, 40)}`);
    }
    yield {
      name: meta.name, created: meta.creation_timestamp, updated: meta.last_updated_timestamp, description: meta.description, aliases,
      tags: readValues(path.join(folder, 'tags')),
      versions: foldersWith(folder, META).flatMap((one) => readVersion(one, meta.name, fault) ?? []).sort((a, b) => a.version - b.version),
    };
  }
}

/** Deleted versions stay in the folder under a stage of their own: they are gone. */
function readVersion(folder: string, name: string, fault: Fault): ModelVersion | undefined {
  const meta = attempt(path.join(folder, META), fault, () => readYaml(path.join(folder, META), versionMeta));
  if (!meta || meta.current_stage === DELETED_STAGE) return undefined;
  return {
    name, version: meta.version, created: meta.creation_timestamp, updated: meta.last_updated_timestamp, description: meta.description, user: meta.user_id,
    stage: meta.current_stage || 'None', source: meta.source || meta.storage_location, run: meta.run_id, model: meta.model_id, runLink: meta.run_link,
    status: meta.status || 'READY', statusMessage: meta.status_message, tags: readValues(path.join(folder, 'tags')),
  };
}
