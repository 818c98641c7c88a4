/** Experiments and runs of an `mlruns` folder. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { DatasetUse, Experiment, Fault, Lifecycle, Point, Run, RunStatus } from '../model';
import { pythonFloat } from '../numbers';
import { attempt, foldersWith, keyFiles, META, moment, readValues, readYaml, texts, word } from './files';

export const lifecycle = z.string().nullish().transform((value): Lifecycle => (value === 'deleted' ? 'deleted' : 'active'));
const statuses: Readonly<Record<string, RunStatus>> = { 1: 'RUNNING', 2: 'SCHEDULED', 3: 'FINISHED', 4: 'FAILED', 5: 'KILLED' };

const experimentMeta = z.object({ name: z.string().min(1), lifecycle_stage: lifecycle, creation_time: moment, last_update_time: moment, tags: texts });

/** Its id is its folder's name, in the root or in .trash. */
export function readExperiment(folder: string): Experiment {
  const meta = readYaml(path.join(folder, META), experimentMeta);
  return {
    id: path.basename(folder), name: meta.name, lifecycle: meta.lifecycle_stage, created: meta.creation_time, updated: meta.last_update_time,
    tags: { ...meta.tags, ...readValues(path.join(folder, 'tags')) },
  };
}

const runMeta = z.object({
  run_id: z.string().optional(), run_uuid: z.string().optional(), run_name: word, name: word, user_id: word, lifecycle_stage: lifecycle, artifact_uri: word,
  start_time: moment, end_time: moment,
  status: z.string().transform((value, context): RunStatus => {
    const found = statuses[value] ?? Object.values(statuses).find((name) => name === value);
    if (!found) context.addIssue({ code: 'custom', message: `there is no status ${value}` });
    return found ?? 'FAILED';
  }),
});
const inputMeta = z.object({ source_type: z.string(), source_id: z.string(), tags: texts });
const outputMeta = z.object({ destination_type: z.string(), destination_id: z.string(), step: z.string().regex(/^-?\d+$/).default('0') });
const datasetMeta = z.object({ name: z.string(), digest: z.string(), source_type: word, source: word, schema: z.string().nullish(), profile: z.string().nullish() });

/** The folders of runs in an experiment's; `datasets`, `models` and `traces` beside them are none. */
export const runFolders = (experiment: string): string[] => foldersWith(experiment, META).filter((folder) => !['datasets', 'models', 'traces', 'tags'].includes(path.basename(folder)));

/** Throws where its meta.yaml can't be read; what can't be read of its inputs is told. */
export function readRun(folder: string, experiment: string, fault: Fault): Run {
  const meta = readYaml(path.join(folder, META), runMeta);
  const tags = readValues(path.join(folder, 'tags'));
  const inputs = metas(path.join(folder, 'inputs'), inputMeta, fault);
  const outputs = metas(path.join(folder, 'outputs'), outputMeta, fault);
  return {
    id: meta.run_id ?? meta.run_uuid ?? path.basename(folder), experiment, name: tags['mlflow.runName'] ?? (meta.run_name || meta.name), user: meta.user_id,
    status: meta.status, start: meta.start_time, end: meta.end_time, lifecycle: meta.lifecycle_stage, artifacts: meta.artifact_uri,
    params: readValues(path.join(folder, 'params')), tags,
    datasets: inputs.filter((input) => input.source_type === 'DATASET').flatMap((input) => readDataset(path.join(path.dirname(folder), 'datasets', input.source_id), input.tags, fault)),
    modelInputs: inputs.filter((input) => input.source_type === 'MODEL').map((input) => input.source_id),
    modelOutputs: outputs.filter((output) => output.destination_type === 'MODEL_OUTPUT').map((output) => ({ model: output.destination_id, step: Number(output.step) })),
  };
}

const metas = <T>(folder: string, schema: z.ZodType<T>, fault: Fault): T[] =>
  foldersWith(folder, META).flatMap((one) => attempt(path.join(one, META), fault, () => readYaml(path.join(one, META), schema)) ?? []);

function readDataset(folder: string, tags: Record<string, string>, fault: Fault): DatasetUse[] {
  const file = path.join(folder, META);
  const meta = attempt(file, fault, () => readYaml(file, datasetMeta));
  return meta ? [{ name: meta.name, digest: meta.digest, sourceType: meta.source_type, source: meta.source, schema: meta.schema ?? null, profile: meta.profile ?? null, tags }] : [];
}

const BATCH = 2000;

/** Lines `time value step` (older: without the step; newer: with the dataset's name and digest). A line that can't be read is told. */
export async function* readPoints(folder: string, fault: Fault): AsyncGenerator<Point[]> {
  const metrics = path.join(folder, 'metrics');
  for (const key of keyFiles(metrics)) {
    let batch: Point[] = [];
    for await (const { parts, bad } of lines(path.join(metrics, key), [2, 3, 5])) {
      const point = parts && pointOf(key, parts);
      if (point) batch.push(point);
      else fault(path.join(metrics, key), bad);
      if (batch.length >= BATCH) { yield batch; batch = []; }
    }
    if (batch.length > 0) yield batch;
  }
}

export function pointOf(key: string, parts: readonly string[]): Point | null {
  const [time = '', value = '', step = '0'] = parts;
  const number = pythonFloat(value);
  return number === null || !/^-?\d+$/.test(time) || !/^-?\d+$/.test(step) ? null : { key, value: number, time: Number(time), step: Number(step) };
}

/** The fields of each line that has one of the counts; else why not. Empty lines say nothing. */
export async function* lines(file: string, counts: readonly number[]): AsyncGenerator<{ parts: string[] | null; bad: string }> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const parts = line.trim().split(' ');
    yield { parts: counts.includes(parts.length) ? parts : null, bad: `line ${number} is no metric: ${line.slice(0, 80)}` };
  }
}
