/** Versions of registered models. Source: MLflow REST API, model versions; mlflow.server.handlers, mlflow.store.model_registry.sqlalchemy_store. */
import * as z from 'zod';
import { isPrompt, PROMPT_TAG, type ModelVersion } from '../../../core/registry/documents';
import { createLoggedModels, type LoggedModels } from '../../../core/registry/logged-models';
import { createRegistry, type Registry } from '../../../core/registry/registry';
import { parseModelAddress, toStage, toVersion } from '../../../core/registry/rules';
import { checkHost, checkPromptSource, checkSource, splitUri } from '../../../core/registry/sources';
import { plainClients, type RegistryClients } from '../../../core/registry/versions/clients';
import { compareDocuments, matches, parseDocumentFilter, parseDocumentOrder, type DocumentKey, type Grammar, type Lookup } from '../../../core/domain/filter/documents';
import type { MlflowContext } from '../context';
import { invalid } from '../errors';
import { flag, int, list, pairs, required, text } from '../fields';
import { nextPage, offsetOf, pageSize } from '../paging';
import { withoutPrompts } from '../prompts';
import { wireVersion } from '../registry-wire';
import { route, type Route } from '../router';
import { checkRegistryTag, checkRegistryTags } from '../validation-registry';
import { artifactUri } from '../wire';

const V = '/api/2.0/mlflow/model-versions';
const byNumber = z.object({ name: required, version: required });
const create = z.object({
  name: required, source: required, run_id: text.optional(), tags: pairs, run_link: text.default(''), description: text.default(''), model_id: text.optional(),
});
const search = z.object({ filter: text.default(''), max_results: int.optional(), order_by: list(text), page_token: text.optional() });

export function modelVersionRoutes(context: MlflowContext): Route[] {
  const registry = createRegistry(context.store.records, context.clock);
  const models = createLoggedModels(context.store.records, context.clock);
  const ours = context.registry ?? plainClients(context);
  const whole = (one: ModelVersion): unknown => ({ model_version: wireVersion(one, registry.get(one.name)) });
  return [
    route(`POST ${V}/create`, create, (asked) => {
      const version = addVersion({ context, registry, models, ours }, asked);
      ours.made(version.name);
      return whole(version);
    }),
    route(`GET ${V}/get`, byNumber, ({ name, version }) => whole(registry.version(name, toVersion(version)))),
    route(`PATCH ${V}/update`, byNumber.extend({ description: text.optional() }), async ({ name, version, description }) => {
      const one = registry.describeVersion(name, toVersion(version), description ?? null);
      await ours.described(name, one.version, { description: description ?? '' });
      return whole(one);
    }),
    route(`DELETE ${V}/delete`, byNumber, async ({ name, version }) => { await ours.removeVersion(name, toVersion(version)); return {}; }),
    route(`POST ${V}/transition-stage`, byNumber.extend({ stage: required, archive_existing_versions: flag.default(false) }), async ({ name, version, stage, archive_existing_versions: archive }) =>
      whole(await ours.move(name, toVersion(version), { stage: toStage(stage), archive }))),
    route(`GET ${V}/get-download-uri`, byNumber, ({ name, version }) => ({ artifact_uri: registry.version(name, toVersion(version)).location })),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${V}/search`, search, (asked) => searchVersions(registry, asked))),
    route(`POST ${V}/set-tag`, byNumber.extend({ key: required, value: text.default('') }), async ({ name, version, key, value }) => {
      checkRegistryTag({ key, value });
      registry.tagVersion(name, toVersion(version), { set: { [key]: value } });
      await ours.described(name, toVersion(version), { setTags: { [key]: value } });
      return {};
    }),
    route(`DELETE ${V}/delete-tag`, byNumber.extend({ key: required }), async ({ name, version, key }) => {
      registry.tagVersion(name, toVersion(version), { remove: [key] });
      await ours.described(name, toVersion(version), { deleteTags: [key] });
      return {};
    }),
  ];
}

interface Parts { context: MlflowContext; registry: Registry; models: LoggedModels; ours: RegistryClients }
type Create = z.output<typeof create>;

function addVersion({ context, registry, models, ours }: Parts, asked: Create): ModelVersion {
  const tags = checkRegistryTags(asked.tags);
  const made = { runLink: asked.run_link, description: asked.description, tags, number: ours.next(asked.name) };
  if (isPrompt(tags)) {
    checkPromptSource(asked.source);
    return registry.addVersion(asked.name, { ...made, source: asked.source, location: asked.source, run: asked.run_id ?? '', model: '' });
  }
  checkHost(asked.source);
  const { source, run, model } = lineage(registry, asked);
  checkSource({ source, run, model, root: (kind, id) => rootOf({ context, models }, kind, id) });
  if (asked.model_id) knownModel(models, asked.model_id, source);
  const from = locate({ registry, models }, { source, model });
  const version = registry.addVersion(asked.name, { ...made, source, location: from.location, run: run || from.run, model });
  const logged = asked.model_id ? models.find(asked.model_id) : undefined;
  if (logged) models.tag(logged.id, { 'mlflow.modelVersions': withVersion(logged.tags['mlflow.modelVersions'], version) });
  return version;
}

/** A version that is made of another one has its run and model; who says otherwise is refused. */
function lineage(registry: Registry, { source, run_id: run, model_id: model }: Create): { source: string; run: string; model: string } {
  const said = { source, run: run ?? '', model: model ?? '' };
  const { scheme, host } = splitUri(source);
  if (scheme !== 'models') return said;
  if (host !== '') throw invalid(`Invalid model version source: '${source}'. Registered model sources must use the active model registry.`);
  const address = parseModelAddress(source);
  if (!address || 'model' in address) return said;
  if (isPrompt(registry.get(address.name).tags)) throw invalid(`Invalid model version source: '${source}'. Prompt versions cannot be used as model version sources.`);
  const origin = registry.resolve(address);
  if ((run !== undefined && run !== origin.run) || (model !== undefined && model !== origin.model)) {
    throw invalid(`Invalid model version source: '${source}'. The run_id and model_id request parameters must match the referenced model version.`);
  }
  return { source: `models:/${origin.name}/${origin.version}`, run: origin.run, model: origin.model };
}

function rootOf({ context: { store }, models }: Pick<Parts, 'context' | 'models'>, kind: 'run' | 'model', id: string): string | undefined {
  if (kind === 'model') return models.find(id)?.artifacts;
  const experiment = store.hasRun(id) ? store.experimentNamed(store.getRun(id).experiment) : undefined;
  return experiment && artifactUri(experiment, id);
}

/** Where the files lie, and the run that made them. */
function locate({ registry, models }: Pick<Parts, 'registry' | 'models'>, { source, model }: { source: string; model: string }): { location: string; run: string } {
  const address = splitUri(source).scheme === 'models' ? parseModelAddress(source) : undefined;
  const run = models.find(model)?.run ?? '';
  if (!address) return { location: source, run };
  return { location: 'model' in address ? knownModel(models, address.model, source).artifacts : registry.resolve(address).location, run };
}

function knownModel(models: LoggedModels, id: string, source: string): { artifacts: string; run: string } {
  const found = models.find(id);
  if (!found || found.deleted) throw invalid(`Unable to fetch model from model URI source artifact location '${source}'. Logged model with ID '${id}' not found.`);
  return found;
}

const known = z.array(z.object({ name: z.string(), version: z.union([z.string(), z.number()]) }));

/** The tag that names a logged model's versions, as MLflow's clients write and read it. */
function withVersion(tag: string | undefined, { name, version }: ModelVersion): string {
  let before: z.output<typeof known> = [];
  try {
    before = known.parse(JSON.parse(tag ?? '[]'));
  } catch {
    before = []; // somebody's own words: they give way
  }
  return JSON.stringify([...before.filter((one) => one.name !== name || Number(one.version) !== version), { name, version }]);
}

const TAGS = { entity: 'tag', type: 'text' } as const;
const FILTER: Grammar = { attributes: { name: 'text', version_number: 'number', run_id: 'text', source_path: 'text' }, prefixes: { tag: TAGS, tags: TAGS }, quotedNumbers: true };
const ORDER: Grammar = { attributes: { name: 'text', version_number: 'number', creation_timestamp: 'number', last_updated_timestamp: 'number' }, prefixes: {} };

function searchVersions(registry: Registry, asked: z.output<typeof search>): unknown {
  const size = pageSize(asked.max_results, { otherwise: 200_000, most: 200_000 });
  const { conditions, prompts } = withoutPrompts(parseDocumentFilter(asked.filter, FILTER));
  for (const { key, value } of conditions) {
    if (key.name === 'version_number' && value.kind === 'number' && !Number.isInteger(value.number)) throw invalid(`Invalid value for numeric attribute '${key.name}': ${value.number}`);
  }
  const order = parseDocumentOrder([...(asked.order_by.length > 0 ? asked.order_by : ['last_updated_timestamp DESC']), 'name ASC', 'version_number DESC'], ORDER);
  const offset = offsetOf(asked.page_token);
  const only = conditions.find(({ key, op }) => key.entity === 'attribute' && key.name === 'name' && op === '=');
  const all = registry.versions(only?.value.kind === 'text' ? only.value.text : undefined);
  const ofPrompt = new Set(prompts ? [] : all.filter(({ tags }) => tags[PROMPT_TAG] === 'true').map(({ name }) => name));
  const found = all.filter((one) => !ofPrompt.has(one.name) && matches(conditions, look(one)));
  found.sort((a, b) => compareDocuments(order, look(a), look(b)));
  const page = found.slice(offset, offset + size);
  return { model_versions: page.map((one) => wireVersion(one)), ...nextPage(offset, page.length, found.length) };
}

const look = (one: ModelVersion): Lookup => ({ entity, name }: DocumentKey) => {
  if (entity === 'tag') return Object.hasOwn(one.tags, name) ? one.tags[name] : undefined;
  switch (name) {
    case 'name': return one.name;
    case 'version_number': return one.version;
    case 'run_id': return one.run;
    case 'source_path': return one.source;
    case 'creation_timestamp': return one.created;
    default: return one.updated;
  }
};
