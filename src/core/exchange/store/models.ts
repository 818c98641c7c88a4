/** Logged models and the registry into records of the store, under the ids and numbers that they have. */
import path from 'node:path';
import { describeError, RunyardError } from '../../base/errors';
import { loggedModel, type LoggedModel as LoggedModelDoc } from '../../domain/logged-model';
import { modelVersion, registeredModel, STAGES, type ModelVersion as VersionDoc } from '../../registry/documents';
import { rewriteSource, rewriteTags } from '../ids';
import type { Artifact, Fault, Files, LoggedModel, ModelVersion, Outcome, RegisteredModel, Tally } from '../model';
import { putFile, sizeOf } from './files';
import type { StoreContext } from './context';

type Words = Record<string, string>;

export async function putModel(context: StoreContext, model: LoggedModel, contents: Files, tally: Tally): Promise<Outcome> {
  const { store, ids, clock } = context;
  if (!/^m-[0-9a-f]{32}$/.test(model.id)) throw new RunyardError('bad_input', `the id ${model.id} is none of a logged model`);
  const experiment = context.experiments.get(model.experiment)?.id ?? 0;
  const address = `mlflow-artifacts:/${experiment}/models/${model.id}/artifacts`;
  ids.things.set(model.id, model.id);
  ids.roots.set(model.id, address);
  const files = await putFiles(context, `${experiment}/models/${model.id}/artifacts`, contents.artifacts(), tally);
  const before = docOf(store.records.get('loggedModel', model.id)?.doc, loggedModel);
  const now = clock() * 1000;
  const ours: LoggedModelDoc = {
    id: model.id, experiment, name: model.name, type: model.type, status: model.status, statusMessage: model.statusMessage, run: model.sourceRun, artifacts: address,
    created: model.created ?? now, updated: model.updated ?? model.created ?? now, deleted: model.lifecycle === 'deleted', params: model.params, tags: rewriteTags(ids, model.tags), heard: 0,
  };
  const next = before ? merged(before, ours) : ours;
  if (before && same(before, next)) return files > 0 ? 'completed' : 'same';
  store.records.put('loggedModel', { id: next.id, scope: String(next.experiment), sort: next.created, doc: next });
  return before ? 'completed' : 'made';
}

/** What was changed here after the source's last change stays; what the source has and we haven't is added. */
function merged<T extends { updated: number; tags: Words }>(before: T, ours: T): T {
  return before.updated > ours.updated ? { ...before, tags: { ...ours.tags, ...before.tags } } : { ...before, ...ours, tags: { ...before.tags, ...ours.tags } };
}

const docOf = <T>(doc: unknown, schema: { parse(value: unknown): T }): T | undefined => (doc === undefined ? undefined : schema.parse(doc));
const sorted = (value: unknown): unknown => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)])) : value);
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Files of no run, below .runyard/artifacts. Returns how many were copied. */
export async function putFiles({ store, signal }: StoreContext, below: string, files: AsyncIterable<Artifact>, tally: Tally): Promise<number> {
  const folder = path.join(store.dir, 'artifacts', ...below.split('/'));
  let count = 0;
  for await (const file of files) {
    try {
      const have = await sizeOf(folder, file.path);
      if (have !== null && (file.size === null || have === file.size)) continue;
      tally.file(file.path, await putFile(folder, file, signal));
      count += 1;
    } catch (error) {
      if (error instanceof RunyardError && ['cancelled', 'disk_full', 'engine_unreachable'].includes(error.code)) throw error;
      tally.fault(`${file.path} below ${below}`, describeError(error));
    }
  }
  return count;
}

export function putRegistered(context: StoreContext, model: RegisteredModel, fault: Fault): Outcome {
  const { store, ids, clock } = context;
  const { records } = store;
  return records.together(() => {
    const before = docOf(records.get('registeredModel', model.name)?.doc, registeredModel);
    const now = clock() * 1000;
    let changes = 0;
    const taken: number[] = [];
    for (const version of model.versions) {
      const outcome = putVersion(context, version, fault);
      if (outcome !== null) taken.push(version.version);
      changes += Number(outcome === true);
    }
    // An alias that stands here stays: it says what is live here.
    const aliases = { ...Object.fromEntries(Object.entries(model.aliases).filter(([, version]) => taken.includes(version))), ...before?.aliases };
    const ours = {
      name: model.name, created: model.created ?? now, updated: model.updated ?? model.created ?? now, description: model.description, tags: rewriteTags(ids, model.tags), aliases,
      last: Math.max(before?.last ?? 0, 0, ...taken),
    };
    const next = before ? { ...merged(before, ours), aliases, last: ours.last } : ours;
    if (before && same(before, next)) return changes > 0 ? 'completed' : 'same';
    records.put('registeredModel', { id: model.name, scope: '', sort: 0, doc: next });
    return before ? 'completed' : 'made';
  });
}

/** Whether it changed anything; null where the number is taken by another one, which is told. */
function putVersion({ store: { records }, ids, clock }: StoreContext, version: ModelVersion, fault: Fault): boolean | null {
  const id = `${version.name}/${version.version}`;
  const before = docOf(records.get('modelVersion', id)?.doc, modelVersion);
  const now = clock() * 1000;
  const source = rewriteSource(ids, version.source);
  const ours: VersionDoc = {
    name: version.name, version: version.version, created: version.created ?? now, updated: version.updated ?? version.created ?? now, description: version.description, user: version.user || null,
    stage: STAGES.find((stage) => stage === version.stage) ?? 'None', source, location: (version.model && ids.roots.get(version.model)) || source, run: version.run, runLink: version.runLink,
    model: version.model, status: version.status, statusMessage: version.statusMessage, tags: rewriteTags(ids, version.tags),
  };
  if (before && (before.run !== ours.run || before.model !== ours.model || (version.created !== null && before.created !== ours.created))) {
    fault(`version ${version.version} of registered model ${version.name}`, 'another version has that number here: rename the model on one side to have both');
    return null;
  }
  const next = before ? merged(before, ours) : ours;
  if (before && same(before, next)) return false;
  records.put('modelVersion', { id, scope: version.name, sort: version.version, doc: next });
  return true;
}
