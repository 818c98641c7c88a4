/** Into this workspace's store. */
import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { restoreEvaluationDataset } from '../../registry/evaluation-restore';
import { createIds, rewriteTags } from '../ids';
import { printJson } from '../json';
import type { Experiment, Fault, Outcome, Sink } from '../model';
import type { StoreContext, StoreSinkOptions } from './context';
import { putModel, putRegistered } from './models';
import { linkModels, putRun, type RunTarget } from './runs';
import { plain, putTrace } from './traces';


export function storeSink(options: StoreSinkOptions): Sink {
  const { tracker, clock, signal } = options;
  const context: StoreContext = { ...options, ids: createIds(), experiments: new Map() };
  const target: RunTarget = { folder: (run) => tracker.folder(run), clock, signal };
  /** runs with something new, which the store hasn't taken in yet */
  const written = new Set<string>();
  return {
    title: options.workspace,
    putExperiment: (experiment) => Promise.resolve(putExperiment(context, experiment)),
    async putRun(run, contents, tally) {
      const { id, name: experiment } = context.experiments.get(run.experiment) ?? { id: 0, name: 'Default' };
      context.ids.things.set(run.id, run.id);
      context.ids.roots.set(run.id, `mlflow-artifacts:/${id}/${run.id}/artifacts`);
      const outcome = await putRun(target, { run, experiment, tags: rewriteTags(context.ids, run.tags) }, contents, tally);
      if (outcome !== 'same') written.add(run.id);
      return outcome;
    },
    async putModel(model, contents, tally) {
      const outcome = await putModel(context, model, contents, tally);
      const runs = new Set(model.metrics.map((point) => point.run));
      let more = false;
      for (const run of runs) {
        if (!await linkModels(target, run, { model: model.id, points: model.metrics.filter((point) => point.run === run) })) continue;
        written.add(run);
        more = true;
      }
      return outcome === 'same' && more ? 'completed' : outcome;
    },
    async linkRun(run) {
      if (await linkModels(target, run.id, { inputs: run.modelInputs, outputs: run.modelOutputs })) written.add(run.id);
    },
    putRegistered: (model, fault) => Promise.resolve(putRegistered(context, model, fault)),
    putTrace: (trace, contents, tally) => putTrace(context, trace, contents, tally),
    putEvaluationDataset({ id, name, experiments, tags, doc, records }) {
      const here = experiments.map((one) => context.ids.experiments.get(one)).filter((one) => one !== undefined);
      return Promise.resolve(restoreEvaluationDataset(options.store.records, { id, name, experiments: here, tags, doc: plain(doc), records: printJson(records) }));
    },
    async finish(fault) {
      await takeIn(options, written, fault);
      return [];
    },
    dispose() { context.experiments.clear(); },
  };
}

/** By name: numbers are each store's own. */
function putExperiment({ store, ids, experiments, clock }: StoreContext, experiment: Experiment): Outcome {
  const tags = rewriteTags(ids, experiment.tags);
  const there = store.experimentNamed(experiment.name);
  const record = there ?? store.createExperiment({ name: experiment.name, created: experiment.created === null ? clock() : experiment.created / 1000, tags });
  experiments.set(experiment.id, { id: record.id, name: record.name });
  ids.experiments.set(experiment.id, String(record.id));
  const deleted = experiment.lifecycle === 'deleted';
  if (!there) {
    if (deleted) store.editExperiment(record.id, { trashed: true });
    return 'made';
  }
  const changed = Object.fromEntries(Object.entries(tags).filter(([key, value]) => there.tags[key] !== value));
  if (Object.keys(changed).length === 0) return 'same';
  store.editExperiment(record.id, { setTags: changed });
  return 'completed';
}

/** The engine finds new folders by itself; those that grew are asked for. */
async function takeIn({ store, tracker, signal, patienceMs = 120_000 }: StoreSinkOptions, runs: ReadonlySet<string>, fault: Fault): Promise<void> {
  const end = performance.now() + patienceMs + runs.size * 20;
  for (const run of runs) {
    while (!store.hasRun(run)) {
      refuseStopped(signal);
      if (performance.now() > end) { fault(`run ${run}`, "it was written and isn't in the store yet: look at the engine's log"); break; }
      await pause(50, undefined, { signal }).catch(() => undefined);
    }
    if (store.hasRun(run)) await tracker.ingestNow(run).catch((error: unknown) => fault(`run ${run}`, describeError(error)));
  }
}

