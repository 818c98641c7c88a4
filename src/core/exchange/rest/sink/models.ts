/** Logged models and the registry. */
import { isAhead, KEPT, referring, rewrite, rewriteSource, rewriteTags } from '../../ids';
import type { Json, JsonObject } from '../../json';
import type { Fault, Files, LoggedModel, ModelPoint, ModelVersion, Outcome, RegisteredModel, Tags, Tally } from '../../model';
import { toWire } from '../../numbers';
import { isThere } from '../client';
import { API } from '../source';
import { toModel, toVersion } from '../wire';
import { changedTags, chunks, makeOnce, putFiles, tagList, type SinkContext } from './context';

export async function putModel(context: SinkContext, model: LoggedModel, contents: Files, tally: Tally): Promise<Outcome> {
  if (context.settled.has(model.experiment)) return 'same';
  if (model.lifecycle === 'deleted') {
    context.notes.add('logged models in the trash: a server tells nobody about those it has');
    return 'same';
  }
  const { client, ids } = context;
  const known = context.models.get(model.id);
  const there = known ?? await create(context, model);
  context.models.set(model.id, there);
  ids.things.set(model.id, there.id);
  ids.roots.set(there.id, there.artifacts);
  let changes = 0;
  // Registering a version makes the server write this one itself.
  const { 'mlflow.modelVersions': versions, ...tags } = model.tags;
  if (versions !== undefined && there.tags['mlflow.modelVersions'] === undefined) context.ahead.push({ kind: 'model', id: there.id, key: 'mlflow.modelVersions', value: versions });
  for (const [key, value] of Object.entries(referring(tags))) if (isAhead(ids, value)) context.ahead.push({ kind: 'model', id: there.id, key, value });
  const changed = changedTags(rewriteTags(ids, tags), there.tags);
  if (Object.keys(changed).length > 0) {
    await client.send('PATCH', `${API}/logged-models/${there.id}/tags`, { model_id: there.id, tags: tagList(changed) });
    changes += 1;
  }
  const params = Object.entries(model.params).filter(([key]) => there.params[key] === undefined);
  for (const some of chunks(params, 100)) await client.send('POST', `${API}/logged-models/${there.id}/params`, { model_id: there.id, params: tagList(Object.fromEntries(some)) });
  changes += params.length + await putMetrics(context, model, there) + await putFiles(context, { kind: 'model', of: there }, contents.artifacts(), { fresh: known === undefined, tally });
  if (there.status !== model.status && model.status !== 'LOGGED_MODEL_PENDING') {
    await client.send('PATCH', `${API}/logged-models/${there.id}`, { model_id: there.id, status: model.status });
    changes += 1;
  }
  return known === undefined ? 'made' : changes > 0 ? 'completed' : 'same';
}

function create({ client, ids, there }: SinkContext, model: LoggedModel): Promise<LoggedModel> {
  const id = ids.experiments.get(model.experiment) ?? '0';
  const kept = { [KEPT.model]: model.id, ...(model.created === null ? {} : { [KEPT.created]: String(model.created) }) };
  const make = async (): Promise<LoggedModel> => toModel((await client.send('POST', `${API}/logged-models`, {
    experiment_id: id, name: model.name, model_type: model.type, source_run_id: rewrite(ids, model.sourceRun), tags: tagList(kept),
  }, { once: true }))['model']);
  return makeOnce(make, async () => {
    for await (const one of there.models({ id })) if (one.tags[KEPT.model] === model.id) return one;
    return undefined;
  });
}

const figureId = (point: ModelPoint): string => JSON.stringify([point.key, point.step, point.time, toWire(point.value), point.run, point.dataset]);

/** A model's figures are logged in the run that measured them, naming the model. */
async function putMetrics({ client, ids, runs }: SinkContext, model: LoggedModel, there: LoggedModel): Promise<number> {
  const have = new Set(there.metrics.map(figureId));
  const byRun = new Map<string, Json[]>();
  for (const point of model.metrics) {
    const run = rewrite(ids, point.run);
    if (have.has(figureId({ ...point, run })) || runs.get(point.run)?.lifecycle !== 'active') continue;
    const dataset: JsonObject = point.dataset ? { dataset_name: point.dataset.name, dataset_digest: point.dataset.digest } : {};
    const list = byRun.get(run) ?? [];
    byRun.set(run, [...list, { key: point.key, value: toWire(point.value), timestamp: point.time, step: point.step, model_id: there.id, ...dataset }]);
  }
  let count = 0;
  for (const [run, metrics] of byRun) {
    for (const some of chunks(metrics, 1000)) await client.send('POST', `${API}/runs/log-batch`, { run_id: run, metrics: some });
    count += metrics.length;
  }
  return count;
}

export async function putRegistered(context: SinkContext, model: RegisteredModel, fault: Fault): Promise<Outcome> {
  const { client, ids, there: server } = context;
  const there = await server.registeredModel(model.name);
  const tags = rewriteTags(ids, model.tags);
  let changes = 0;
  if (!there) {
    const kept: Tags = model.created === null ? {} : { [KEPT.created]: String(model.created) };
    await client.send('POST', `${API}/registered-models/create`, { name: model.name, description: model.description, tags: tagList({ ...tags, ...kept }) }).catch((error: unknown) => {
      // There was none just now: its answer was lost and it was asked again.
      if (!isThere(error)) throw error;
    });
  } else {
    const changed = Object.entries(changedTags(tags, there.tags));
    for (const [key, value] of changed) await client.send('POST', `${API}/registered-models/set-tag`, { name: model.name, key, value });
    if (model.description !== there.description) await client.send('PATCH', `${API}/registered-models/update`, { name: model.name, description: model.description });
    changes += changed.length + Number(model.description !== there.description);
  }
  const numbers = new Map<number, number>();
  for (const version of model.versions) {
    try {
      const marked = there?.versions.filter((one) => one.tags[KEPT.version] === String(version.version)) ?? [];
      // A smaller number is a placeholder that an interrupted export left.
      for (const one of marked.filter(({ version: number }) => number < version.version)) await removeVersion(context, one);
      const found = marked.find(({ version: number }) => number >= version.version);
      const made = found ?? await createVersion(context, version);
      numbers.set(version.version, made.version);
      changes += Number(!found) + await completeVersion(context, version, made);
    } catch (error) {
      fault(`version ${version.version} of registered model ${model.name}`, error instanceof Error ? error.message : String(error));
    }
  }
  for (const [alias, version] of Object.entries(model.aliases)) {
    const number = numbers.get(version);
    if (number === undefined || there?.aliases[alias] === number) continue;
    await client.send('POST', `${API}/registered-models/alias`, { name: model.name, alias, version: String(number) });
    changes += 1;
  }
  return !there ? 'made' : changes > 0 ? 'completed' : 'same';
}

/** With its number, where nobody has it: versions that were deleted leave gaps, made by placeholders that are deleted at once. */
async function createVersion(context: SinkContext, version: ModelVersion): Promise<ModelVersion> {
  const { client, ids } = context;
  const body = {
    name: version.name, source: rewriteSource(ids, version.source), description: version.description,
    ...(version.run ? { run_id: rewrite(ids, version.run) } : {}), ...(version.model ? { model_id: rewrite(ids, version.model) } : {}), ...(version.runLink ? { run_link: version.runLink } : {}),
  };
  const kept = { [KEPT.version]: String(version.version), ...(version.created === null ? {} : { [KEPT.created]: String(version.created) }), ...(version.user ? { [KEPT.user]: version.user } : {}) };
  const tags = tagList({ ...rewriteTags(ids, version.tags), ...kept });
  for (;;) {
    const make = async (): Promise<ModelVersion> => toVersion((await client.send('POST', `${API}/model-versions/create`, { ...body, tags }, { once: true }))['model_version']);
    const made = await makeOnce(make, async () => (await context.there.registeredModel(version.name))?.versions.find((one) => one.tags[KEPT.version] === String(version.version)));
    if (made.version >= version.version) return made;
    await removeVersion(context, made);
  }
}

const removeVersion = ({ client }: SinkContext, { name, version }: ModelVersion): Promise<unknown> => client.send('DELETE', `${API}/model-versions/delete`, { name, version: String(version) });

async function completeVersion({ client, ids }: SinkContext, version: ModelVersion, there: ModelVersion): Promise<number> {
  const at = { name: version.name, version: String(there.version) };
  const changed = Object.entries(changedTags(rewriteTags(ids, version.tags), there.tags));
  for (const [key, value] of changed) await client.send('POST', `${API}/model-versions/set-tag`, { ...at, key, value });
  if (version.description !== there.description) await client.send('PATCH', `${API}/model-versions/update`, { ...at, description: version.description });
  const stage = version.stage !== there.stage;
  if (stage) await client.send('POST', `${API}/model-versions/transition-stage`, { ...at, stage: version.stage, archive_existing_versions: false });
  return changed.length + Number(version.description !== there.description) + Number(stage);
}
