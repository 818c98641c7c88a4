/** Traces keep their ids: a client chooses them. Spans go over as OpenTelemetry's where the server takes them, else as the file traces.json. */
import { Readable } from 'node:stream';
import { KEPT, rewriteTags } from '../../ids';
import { arrayOf, isObject, objectOf, parseJson, printJson, tagsOf, textOf, type Json, type JsonObject } from '../../json';
import type { EvaluationDataset, Files, Outcome, Tally, Trace } from '../../model';
import { traceInfo } from '../../original';
import { toOtlp } from '../../spans';
import { isMissing, MlflowRefusal } from '../client';
import { API, API3 } from '../source';
import { changedTags, makeOnce, putFiles, type SinkContext } from './context';

/** Where a trace's files lie, and whether its spans are in the database, is the other side's own affair. */
const OWN_TAGS = ['mlflow.artifactLocation', 'mlflow.trace.spansLocation'];
const OWN_METADATA = ['mlflow.trace.infoFinalized'];
const without = (tags: Record<string, string>, keys: readonly string[]): Record<string, string> => Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));

export async function putTrace(context: SinkContext, trace: Trace, contents: Files, tally: Tally): Promise<Outcome> {
  if (context.settled.has(trace.experiment)) return 'same';
  const { client, ids, there: server } = context;
  const experiment = ids.experiments.get(trace.experiment) ?? '0';
  const rewritten = traceInfo(trace.info, ids);
  const info: JsonObject = {
    ...rewritten, tags: without(tagsOf(rewritten['tags']), OWN_TAGS), trace_metadata: without(tagsOf(rewritten['trace_metadata']), OWN_METADATA),
    trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } },
  };
  const there = await server.traceInfo(trace.id);
  if (there && Object.keys(changedTags(tagsOf(info['trace_metadata']), tagsOf(there['trace_metadata']))).length === 0) return complete(context, { id: trace.id, info, there });
  // New, or interrupted between the spans and what is said of them.
  const sent = trace.spans.length === 0 || await sendSpans(context, trace, experiment);
  const made = objectOf(objectOf((await client.send('POST', `${API3}/traces`, { trace: { trace_info: info } }))['trace'])['trace_info']);
  const address = textOf(tagsOf(made['tags'])['mlflow.artifactLocation']);
  const owner = { kind: 'trace' as const, of: { ...trace, artifacts: address } };
  if (!sent) await putFiles(context, owner, oneFile('traces.json', printJson({ spans: trace.spans })), { fresh: true, tally });
  await putFiles(context, owner, contents.artifacts(), { fresh: there === undefined, tally });
  return there ? 'completed' : 'made';
}

/** What was said of a trace since. */
async function complete({ client, there: server }: SinkContext, { id, info, there }: { id: string; info: JsonObject; there: JsonObject }): Promise<Outcome> {
  const tags = Object.entries(changedTags(tagsOf(info['tags']), tagsOf(there['tags'])));
  for (const [key, value] of tags) await client.send('PATCH', `${API}/traces/${id}/tags`, { key, value });
  const have = assessmentsOf(there);
  const missing = assessmentsOf(info).filter((one) => !have.some((other) => sameAssessment(one, other)));
  for (const assessment of missing) {
    const find = async (): Promise<true | undefined> => (assessmentsOf(await server.traceInfo(id) ?? {}).some((other) => sameAssessment(assessment, other)) || undefined);
    await makeOnce(async () => { await client.send('POST', `${API3}/traces/${id}/assessments`, { assessment }, { once: true }); return true; }, find);
  }
  return tags.length + missing.length > 0 ? 'completed' : 'same';
}

const assessmentsOf = (info: JsonObject): JsonObject[] => arrayOf(info['assessments']).filter(isObject);

/** By id; a store in a folder gives them ids of its own: then by what they say. */
const sameAssessment = (one: JsonObject, other: JsonObject): boolean => textOf(one['assessment_id']) === textOf(other['assessment_id']) || saidBy(one) === saidBy(other);

function saidBy({ assessment_name: name, feedback, expectation, issue, source, rationale }: JsonObject): string {
  const serialized = objectOf(expectation)['serialized_value'];
  // The same JSON may be spaced in another way.
  const expected = isObject(serialized) ? { value: parsedOr(textOf(serialized['value'])) } : expectation;
  return printJson(sortedKeys([name ?? null, feedback ?? null, expected ?? null, issue ?? null, source ?? null, rationale ?? null]));
}

function parsedOr(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text; // no JSON after all: compared as it is
  }
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortedKeys(inner)])) : value;
}

async function* oneFile(path: string, text: string): AsyncGenerator<{ path: string; size: number; open(): Promise<Readable> }> {
  const bytes = Buffer.from(text);
  yield await Promise.resolve({ path, size: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) });
}

/** False where the server keeps spans in files: an older one, one with a folder behind it, or a trace whose id isn't made of its spans'. */
async function sendSpans({ client }: SinkContext, trace: Trace, experiment: string): Promise<boolean> {
  const otlp = toOtlp(trace.spans);
  if (otlp === null || otlp.some((span) => `tr-${textOf(span['traceId'])}` !== trace.id)) return false;
  const body = { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans: otlp }] }] };
  try {
    await client.send('POST', '/v1/traces', body, { headers: { 'x-mlflow-experiment-id': experiment } });
    return true;
  } catch (error) {
    if (isMissing(error) || (error instanceof MlflowRefusal && [400, 404, 405, 415, 422, 501].includes(error.status))) return false;
    throw error;
  }
}

const MOST_RECORDS = 500;

/** By name: a server gives datasets ids of its own, and knows records by what goes in. */
export async function putEvaluationDataset(context: SinkContext, dataset: EvaluationDataset): Promise<Outcome> {
  const { client, there: server } = context;
  const find = async (): Promise<EvaluationDataset | undefined> => {
    for await (const one of server.evaluationDatasets()) if (one.name === dataset.name) return one;
    return undefined;
  };
  const found = await find();
  const id = found?.id ?? await makeOnce(() => create(context, dataset), async () => (await find())?.id);
  const have = new Set(found?.records.map((one) => printJson(one['inputs'] ?? null)));
  const missing = dataset.records.filter((one) => !have.has(printJson(one['inputs'] ?? null))).map(({ inputs, outputs, expectations, tags: of, source }) =>
    Object.fromEntries(Object.entries({ inputs, outputs, expectations, tags: of, source }).filter(([, value]) => value !== undefined)) as JsonObject);
  for (let from = 0; from < missing.length; from += MOST_RECORDS) {
    await client.send('POST', `${API3}/datasets/${id}/records`, { records: printJson(missing.slice(from, from + MOST_RECORDS)) });
  }
  return !found ? 'made' : missing.length > 0 ? 'completed' : 'same';
}

async function create({ client, ids }: SinkContext, dataset: EvaluationDataset): Promise<string> {
  const tags = { ...rewriteTags(ids, dataset.tags), [KEPT.dataset]: dataset.id };
  const experiments = dataset.experiments.map((one) => ids.experiments.get(one) ?? one);
  const answer = await client.send('POST', `${API3}/datasets/create`, { name: dataset.name, experiment_ids: experiments, tags: JSON.stringify(tags) }, { once: true });
  return textOf(objectOf(answer['dataset'])['dataset_id']);
}
