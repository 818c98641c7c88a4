/** A source whose things were exported by us once: they get the ids and times back that they had, and lose the tags that kept these. */
import { createIds, KEPT, rewrite, rewriteSource, rewriteTag, rewriteTags, withoutKept, type Ids } from './ids';
import { objectOf, tagsOf, type JsonObject } from './json';
import type { Experiment, LoggedModel, RegisteredModel, Run, Source, Tags, Trace } from './model';

const back = (tags: Tags, ids: Ids): Tags => rewriteTags(ids, withoutKept(tags));
const keptTime = (tags: Tags, otherwise: number | null): number | null => (tags[KEPT.created] === undefined ? otherwise : Number(tags[KEPT.created]));

/** Experiments that no export of ours made are passed on as they are. What the source knows its things by stays hidden behind this. */
export function withOriginalIds(source: Source): Source {
  const ids = createIds();
  const ours = new Set<string>();
  const theirs = new Map<string, unknown>();
  const known = <T>(one: { id: string }): T => (theirs.get(one.id) ?? one) as T;

  async function learn(experiment: Experiment): Promise<void> {
    const first = experiment.tags[KEPT.experiment];
    if (first === undefined) return;
    ours.add(experiment.id);
    for await (const run of source.runs(experiment)) {
      const id = run.tags[KEPT.run];
      if (id !== undefined) ids.things.set(run.id, id);
    }
    for await (const model of source.models(experiment)) {
      const id = model.tags[KEPT.model];
      if (id !== undefined) ids.things.set(model.id, id);
    }
  }
  const toRun = (run: Run): Run => {
    const made: Run = {
      ...run, id: ids.things.get(run.id) ?? run.id, user: run.tags[KEPT.user] ?? run.user, tags: back(run.tags, ids),
      modelInputs: run.modelInputs.map((model) => rewrite(ids, model)), modelOutputs: run.modelOutputs.map(({ model, step }) => ({ model: rewrite(ids, model), step })),
    };
    theirs.set(made.id, run);
    return made;
  };
  const toModel = (model: LoggedModel): LoggedModel => {
    const made: LoggedModel = {
      ...model, id: ids.things.get(model.id) ?? model.id, created: keptTime(model.tags, model.created), sourceRun: rewrite(ids, model.sourceRun), tags: back(model.tags, ids),
      metrics: model.metrics.map((point) => ({ ...point, run: rewrite(ids, point.run) })),
    };
    theirs.set(made.id, model);
    return made;
  };
  const toTrace = (trace: Trace): Trace => {
    const made = { ...trace, info: traceInfo(trace.info, ids) };
    theirs.set(made.id, trace);
    return made;
  };

  return {
    ...source,
    async *experiments() {
      const all: Experiment[] = [];
      for await (const experiment of source.experiments()) all.push(experiment);
      for (const experiment of all) await learn(experiment);
      for (const experiment of all) {
        theirs.set(`experiment ${experiment.id}`, experiment);
        const tags = back(experiment.tags, ids);
        yield { ...experiment, created: keptTime(experiment.tags, experiment.created), tags };
      }
    },
    async *runs(experiment) { for await (const run of source.runs(experiment)) yield toRun(run); },
    points: (run) => source.points(known<Run>(run)),
    async *models(experiment) { for await (const model of source.models(experiment)) yield toModel(model); },
    async *traces(experiment) { for await (const trace of source.traces(experiment)) yield toTrace(trace); },
    async *registered() { for await (const model of source.registered()) yield toRegistered(model, ids); },
    async *evaluationDatasets() { for await (const dataset of source.evaluationDatasets()) yield { ...dataset, id: dataset.tags[KEPT.dataset] ?? dataset.id, tags: withoutKept(dataset.tags) }; },
    artifacts(owner) {
      if (owner.kind === 'run') return source.artifacts({ kind: 'run', of: known<Run>(owner.of) });
      if (owner.kind === 'model') return source.artifacts({ kind: 'model', of: known<LoggedModel>(owner.of) });
      return source.artifacts({ kind: 'trace', of: known<Trace>(owner.of) });
    },
  };
}

function toRegistered(model: RegisteredModel, ids: Ids): RegisteredModel {
  const numbers = new Map(model.versions.map((one) => [one.version, Number(one.tags[KEPT.version] ?? one.version)]));
  return {
    ...model, created: keptTime(model.tags, model.created), tags: back(model.tags, ids),
    aliases: Object.fromEntries(Object.entries(model.aliases).map(([alias, version]) => [alias, numbers.get(version) ?? version])),
    versions: model.versions.map((one) => ({
      ...one, version: numbers.get(one.version) ?? one.version, created: keptTime(one.tags, one.created), user: one.tags[KEPT.user] ?? one.user, run: rewrite(ids, one.run),
      model: rewrite(ids, one.model), source: rewriteSource(ids, one.source), tags: back(one.tags, ids),
    })),
  };
}

/** A trace's info with the ids of the other side in its metadata and tags. */
export function traceInfo(info: JsonObject, ids: Ids): JsonObject {
  const metadata = Object.fromEntries(Object.entries(tagsOf(info['trace_metadata'] ?? info['request_metadata'])).map(([key, value]) => [key, rewriteTag(ids, key, value)]));
  return { ...objectOf(info), trace_metadata: metadata, tags: back(tagsOf(info['tags']), ids) };
}
