/** Into a running MLflow server. */
import { createIds, rewriteTag } from '../../ids';
import type { Fault, Sink } from '../../model';
import type { MlflowClient } from '../client';
import { API, serverSource } from '../source';
import type { SinkContext } from './context';
import { putExperiment } from './experiments';
import { putModel, putRegistered } from './models';
import { linkRun, putRun } from './runs';
import { putEvaluationDataset, putTrace } from './traces';

export interface ServerSinkOptions { client: MlflowClient; fault: Fault; /** the server is ours, on this machine, and keeps files in folders */ local?: boolean; title?: string }

export function serverSink({ client, fault, local = false, title = client.base }: ServerSinkOptions): Sink {
  const there = serverSource(client, fault);
  const context: SinkContext = {
    client, there, ids: createIds(), settled: new Set(), runs: new Map(), models: new Map(), local, ahead: [], trash: { runs: new Set(), experiments: new Set() }, notes: new Set(),
  };
  return {
    title,
    putExperiment: (experiment) => putExperiment(context, experiment),
    putRun: (run, contents, tally) => putRun(context, run, contents, tally),
    putModel: (model, contents, tally) => putModel(context, model, contents, tally),
    linkRun: (run) => linkRun(context, run),
    putRegistered: (model, told) => putRegistered(context, model, told),
    putTrace: (trace, contents, tally) => putTrace(context, trace, contents, tally),
    putEvaluationDataset: (dataset) => putEvaluationDataset(context, dataset),
    async finish(told) {
      await setReferences(context);
      await throwAway(context, told);
      return [...context.notes];
    },
    dispose: () => there.dispose(),
  };
}

/** Tags that named what went over later. */
async function setReferences({ client, ahead, ids }: SinkContext): Promise<void> {
  for (const { kind, id, key, value: ours } of ahead) {
    const value = rewriteTag(ids, key, ours);
    if (kind === 'run') await client.send('POST', `${API}/runs/set-tag`, { run_id: id, key, value });
    else await client.send('PATCH', `${API}/logged-models/${id}/tags`, { model_id: id, tags: [{ key, value }] });
  }
}

/** At the end, as nothing can be written to what is in the trash. An experiment takes its runs with it. */
async function throwAway({ client, trash }: SinkContext, fault: Fault): Promise<void> {
  const attempt = async (what: string, path: string, body: { [key: string]: string }): Promise<void> => {
    try {
      await client.send('POST', `${API}/${path}`, body);
    } catch (error) {
      fault(what, error instanceof Error ? error.message : String(error));
    }
  };
  for (const id of trash.runs) await attempt(`throwing away run ${id}`, 'runs/delete', { run_id: id });
  for (const id of trash.experiments) await attempt(`throwing away experiment ${id}`, 'experiments/delete', { experiment_id: id });
}
