/** Runs go over under a number of the server's; ours stays in a tag, by which they are found again. */
import { isAhead, KEPT, referring, rewrite, rewriteTags } from '../../ids';
import { objectOf, textOf, type Json, type JsonObject } from '../../json';
import type { DatasetUse, Outcome, Point, Run, RunContents, Tally } from '../../model';
import { toWire } from '../../numbers';
import { MlflowRefusal, type MlflowClient } from '../client';
import { API } from '../source';
import { toRun } from '../wire';
import { changedTags, chunks, makeOnce, putFiles, tagList, type SinkContext } from './context';

export async function putRun(context: SinkContext, run: Run, contents: RunContents, tally: Tally): Promise<Outcome> {
  if (context.settled.has(run.experiment)) return 'same';
  const { client, ids } = context;
  const known = context.runs.get(run.id);
  // It went there whole before it was thrown away; or somebody there threw it away, who knows why.
  if (known?.lifecycle === 'deleted') return 'same';
  const fresh = known === undefined;
  const there = known ?? await create(context, run);
  if (fresh) {
    context.runs.set(run.id, there);
    ids.things.set(run.id, there.id);
    ids.roots.set(there.id, there.artifacts);
  }
  if (run.lifecycle === 'deleted') context.trash.runs.add(there.id);
  let changes = 0;
  changes += await putValues(context, run, there, tally);
  changes += await putPoints(context, there, contents.points(), { fresh, tally });
  changes += await putDatasets(context, run, there);
  changes += await putFiles(context, { kind: 'run', of: there }, contents.artifacts(), { fresh, tally });
  if (there.status !== run.status || (run.end !== null && there.end !== run.end)) {
    // Last: a run that is over there is whole there.
    await client.send('POST', `${API}/runs/update`, { run_id: there.id, status: run.status, ...(run.end === null ? {} : { end_time: run.end }) });
    changes += 1;
  }
  return fresh ? 'made' : changes > 0 ? 'completed' : 'same';
}

function create({ client, ids, there }: SinkContext, run: Run): Promise<Run> {
  const id = ids.experiments.get(run.experiment) ?? '0';
  const make = async (): Promise<Run> => toRun((await client.send('POST', `${API}/runs/create`, {
    experiment_id: id, user_id: run.user || 'unknown', run_name: run.name, ...(run.start === null ? {} : { start_time: run.start }),
    tags: tagList({ [KEPT.run]: run.id, ...(run.user ? { [KEPT.user]: run.user } : {}) }),
  }, { once: true }))['run']);
  return makeOnce(make, async () => {
    for await (const one of there.marked({ id }, { [KEPT.run]: run.id })) return one;
    return undefined;
  });
}

/** Params and tags, at most 100 of each in a request. */
async function putValues(context: SinkContext, run: Run, there: Run, tally: Tally): Promise<number> {
  const { client, ids } = context;
  for (const [key, value] of Object.entries(referring(run.tags))) if (isAhead(ids, value)) context.ahead.push({ kind: 'run', id: there.id, key, value });
  const tags = Object.entries(changedTags(rewriteTags(ids, run.tags), there.tags)).map(([key, value]): Json => ({ key, value }));
  const params = Object.entries(run.params).filter(([key]) => there.params[key] === undefined).map(([key, value]): Json => ({ key, value }));
  let count = 0;
  for (const some of chunks(tags, 100)) count += await logBatch(client, { run: there, kind: 'tags', items: some }, tally);
  for (const some of chunks(params, 100)) count += await logBatch(client, { run: there, kind: 'params', items: some }, tally);
  return count;
}

/** A batch that is refused is halved until what the server doesn't take stands alone: that is told, the rest goes over. Returns how many went. */
async function logBatch(client: MlflowClient, { run, kind, items }: { run: Run; kind: 'tags' | 'params' | 'metrics'; items: Json[] }, tally: Tally): Promise<number> {
  try {
    await client.send('POST', `${API}/runs/log-batch`, { run_id: run.id, [kind]: items });
    return items.length;
  } catch (error) {
    if (!(error instanceof MlflowRefusal) || error.status !== 400) throw error;
    if (items.length === 1) {
      tally.fault(`${kind.slice(0, -1)} ${textOf(objectOf(items[0])['key'])} of run ${run.name || run.id}`, error.message);
      return 0;
    }
    const half = Math.ceil(items.length / 2);
    return await logBatch(client, { run, kind, items: items.slice(0, half) }, tally) + await logBatch(client, { run, kind, items: items.slice(half) }, tally);
  }
}

const pointId = ({ step, time, value }: Point): string => `${step} ${time} ${String(toWire(value))}`;

/** Points that the server lacks. Of a run that was there, each metric's history is read once. */
async function putPoints({ client, there: server }: SinkContext, there: Run, batches: AsyncIterable<Point[]>, { fresh, tally }: { fresh: boolean; tally: Tally }): Promise<number> {
  const have = new Map<string, Set<string>>();
  if (!fresh) {
    for await (const batch of server.points(there)) {
      for (const point of batch) {
        const seen = have.get(point.key) ?? new Set();
        have.set(point.key, seen.add(pointId(point)));
      }
    }
  }
  let count = 0;
  for await (const batch of batches) {
    const missing = batch.filter((point) => !have.get(point.key)?.has(pointId(point)));
    for (const some of chunks(missing, 1000)) {
      const metrics = some.map(({ key, value, time, step }): Json => ({ key, value: toWire(value), timestamp: time, step }));
      const went = await logBatch(client, { run: there, kind: 'metrics', items: metrics }, tally);
      count += went;
      tally.points(went);
    }
  }
  return count;
}

const useId = ({ name, digest, tags }: DatasetUse): string => JSON.stringify([name, digest, tags['mlflow.data.context'] ?? '']);

async function putDatasets({ client }: SinkContext, run: Run, there: Run): Promise<number> {
  const have = new Set(there.datasets.map(useId));
  const missing = run.datasets.filter((one) => !have.has(useId(one)));
  for (const some of chunks(missing, 50)) {
    await client.send('POST', `${API}/runs/log-inputs`, { run_id: there.id, datasets: some.map((one) => ({ tags: tagList(one.tags), dataset: datasetOf(one) })) });
  }
  return missing.length;
}

const datasetOf = (one: DatasetUse): JsonObject => ({
  name: one.name, digest: one.digest, source_type: one.sourceType, source: one.source, ...(one.schema === null ? {} : { schema: one.schema }), ...(one.profile === null ? {} : { profile: one.profile }),
});

/** Which models it read and made. */
export async function linkRun({ client, ids, runs, settled }: SinkContext, run: Run): Promise<void> {
  const there = runs.get(run.id);
  if (settled.has(run.experiment) || !there || there.lifecycle === 'deleted') return;
  const inputs = run.modelInputs.map((model) => rewrite(ids, model)).filter((model) => !there.modelInputs.includes(model));
  const outputs = run.modelOutputs.map(({ model, step }) => ({ model: rewrite(ids, model), step })).filter(({ model }) => !there.modelOutputs.some((one) => one.model === model));
  if (inputs.length > 0) await client.send('POST', `${API}/runs/log-inputs`, { run_id: there.id, models: inputs.map((model) => ({ model_id: model })) });
  if (outputs.length > 0) await client.send('POST', `${API}/runs/outputs`, { run_id: there.id, models: outputs.map(({ model, step }) => ({ model_id: model, step })) });
}
