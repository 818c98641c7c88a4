/** Traces of an `mlruns` folder: their info in YAML, their spans in artifacts/traces.json. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { arrayOf, isObject, objectOf, parseJson, type Json, type JsonObject } from '../json';
import type { Fault, Trace } from '../model';
import { attempt, foldersWith, names, readTyped, readValues, readYaml, texts } from './files';

const INFO = 'trace_info.yaml';
const text = z.string().nullish();
const infoMeta = z.object({
  trace_id: text, request_id: text, client_request_id: text, request_time: text, timestamp_ms: text, execution_duration: text, execution_duration_ms: text, execution_time_ms: text,
  state: text, status: text, request_preview: text, response_preview: text, tags: texts, trace_metadata: texts, request_metadata: texts,
});

export function* readTraces(experimentFolder: string, experiment: string, fault: Fault): Generator<Trace> {
  for (const folder of foldersWith(path.join(experimentFolder, 'traces'), INFO)) {
    const trace = attempt(path.join(folder, INFO), fault, () => readTrace(folder, experiment, fault));
    if (trace) yield trace;
  }
}

function readTrace(folder: string, experiment: string, fault: Fault): Trace {
  const meta = readYaml(path.join(folder, INFO), infoMeta);
  const id = meta.trace_id ?? meta.request_id ?? path.basename(folder);
  const info: JsonObject = {
    trace_id: id, trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } },
    request_time: meta.request_time ?? new Date(Number(meta.timestamp_ms ?? 0)).toISOString(),
    state: stateOf(meta.state ?? meta.status ?? ''),
    tags: { ...meta.tags, ...readValues(path.join(folder, 'tags')) },
    trace_metadata: { ...meta.request_metadata, ...meta.trace_metadata, ...readValues(path.join(folder, 'request_metadata')) },
    assessments: assessments(path.join(folder, 'assessments'), fault),
  };
  const duration = meta.execution_duration_ms ?? meta.execution_time_ms;
  if (duration) info['execution_duration'] = `${Number(duration) / 1000}s`;
  else if (meta.execution_duration) info['execution_duration'] = meta.execution_duration;
  for (const key of ['client_request_id', 'request_preview', 'response_preview'] as const) if (meta[key]) info[key] = meta[key];
  const artifacts = path.join(folder, 'artifacts');
  const file = path.join(artifacts, 'traces.json');
  const spans = existsSync(file) ? attempt(file, fault, () => spansOf(readFileSync(file, 'utf8'))) : [];
  return { id, experiment, info, spans: spans ?? [], artifacts };
}

const stateOf = (word: string): string => (['OK', 'ERROR', 'IN_PROGRESS'].includes(word) ? word : 'STATE_UNSPECIFIED');

/** The spans in the text of a traces.json. Throws SyntaxError. */
export const spansOf = (source: string): JsonObject[] => arrayOf(objectOf(parseJson(source, { exact: true }))['spans']).filter(isObject);

/** An assessment's values are JSON within YAML: texts, numbers and truths keep their kinds. */
function assessments(folder: string, fault: Fault): Json[] {
  return names(folder).filter((name) => name.endsWith('.yaml')).flatMap((name) => {
    const file = path.join(folder, name);
    return attempt(file, fault, () => readTyped(file)) ?? [];
  });
}
