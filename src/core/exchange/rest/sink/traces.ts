/** Traces keep their ids: a client chooses them. Spans go over as OpenTelemetry's where the server takes them, else as the file traces.json. */
import { Readable } from 'node:stream';
import { KEPT, rewriteTags } from '../../ids';
import { arrayOf, isObject, objectOf, printJson, tagsOf, textOf, type JsonObject } from '../../json';
import type { EvaluationDataset, Files, Outcome, Tally, Trace } from '../../model';
import { traceInfo } from '../../original';
import { toOtlp } from '../../spans';
import { isMissing, MlflowRefusal } from '../client';
import { API3 } from '../source';
import { changedTags, putFiles, type SinkContext } from './context';

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
  if (there && isWhole(info, there)) return 'same';
  const sent = trace.spans.length === 0 || await sendSpans(context, trace, experiment);
  const made = objectOf(objectOf((await client.send('POST', `${API3}/traces`, { trace: { trace_info: info } }))['trace'])['trace_info']);
  const address = textOf(tagsOf(made['tags'])['mlflow.artifactLocation']);
  const owner = { kind: 'trace' as const, of: { ...trace, artifacts: address } };
  if (!sent) await putFiles(context, owner, oneFile('traces.json', printJson({ spans: trace.spans })), { fresh: true, tally });
  await putFiles(context, owner, contents.artifacts(), { fresh: there === undefined, tally });
  return there ? 'completed' : 'made';
}

/** Everything of ours is there: an interrupted export leaves the spans without what its info says. */
function isWhole(ours: JsonObject, theirs: JsonObject): boolean {
  const ids = (info: JsonObject): string[] => arrayOf(info['assessments']).filter(isObject).map((one) => textOf(one['assessment_id'])).sort();
  return Object.keys(changedTags(tagsOf(ours['tags']), tagsOf(theirs['tags']))).length === 0
    && Object.keys(changedTags(tagsOf(ours['trace_metadata']), tagsOf(theirs['trace_metadata']))).length === 0
    && ids(ours).every((id) => ids(theirs).includes(id)) && textOf(ours['state']) === textOf(theirs['state']);
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
    await client.send('POST', '/v1/traces', body, { 'x-mlflow-experiment-id': experiment });
    return true;
  } catch (error) {
    if (isMissing(error) || (error instanceof MlflowRefusal && [400, 404, 405, 415, 422, 501].includes(error.status))) return false;
    throw error;
  }
}

const MOST_RECORDS = 500;

/** By name: a server gives datasets ids of its own, and knows records by what goes in. */
export async function putEvaluationDataset(context: SinkContext, dataset: EvaluationDataset): Promise<Outcome> {
  const { client, ids, there: server } = context;
  let found: EvaluationDataset | undefined;
  for await (const one of server.evaluationDatasets()) if (one.name === dataset.name) { found = one; break; }
  const tags = { ...rewriteTags(ids, dataset.tags), [KEPT.dataset]: dataset.id };
  const experiments = dataset.experiments.map((one) => ids.experiments.get(one) ?? one);
  const id = found ? found.id : textOf(objectOf((await client.send('POST', `${API3}/datasets/create`, { name: dataset.name, experiment_ids: experiments, tags: JSON.stringify(tags) }))['dataset'])['dataset_id']);
  const have = new Set(found?.records.map((one) => printJson(one['inputs'] ?? null)));
  const missing = dataset.records.filter((one) => !have.has(printJson(one['inputs'] ?? null))).map(({ inputs, outputs, expectations, tags: of, source }) =>
    Object.fromEntries(Object.entries({ inputs, outputs, expectations, tags: of, source }).filter(([, value]) => value !== undefined)) as JsonObject);
  for (let from = 0; from < missing.length; from += MOST_RECORDS) {
    await client.send('POST', `${API3}/datasets/${id}/records`, { records: printJson(missing.slice(from, from + MOST_RECORDS)) });
  }
  return !found ? 'made' : missing.length > 0 ? 'completed' : 'same';
}
