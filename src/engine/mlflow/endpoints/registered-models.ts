/** Registered models and aliases. Source: MLflow REST API, registered models; mlflow.store.model_registry.sqlalchemy_store. */
import * as z from 'zod';
import { isPrompt, type RegisteredModel } from '../../../core/registry/documents';
import { createRegistry, type Registry } from '../../../core/registry/registry';
import { toStage, toVersion } from '../../../core/registry/rules';
import { plainClients } from '../../../core/registry/versions/clients';
import { compareDocuments, matches, parseDocumentFilter, parseDocumentOrder, type DocumentKey, type Grammar, type Lookup } from '../../../core/domain/filter/documents';
import type { MlflowContext } from '../context';
import { int, list, pairs, required, text } from '../fields';
import { nextPage, offsetOf, pageSize } from '../paging';
import { wireModel, wireVersion } from '../registry-wire';
import { withoutPrompts } from '../prompts';
import { route, type Route } from '../router';
import { checkRegistryTag, checkRegistryTags } from '../validation-registry';

const R = '/api/2.0/mlflow/registered-models';
const byName = z.object({ name: required });
const search = z.object({ filter: text.default(''), max_results: int.optional(), order_by: list(text), page_token: text.optional() });
const latest = byName.extend({ stages: list(text) });

export function registeredModelRoutes(context: MlflowContext): Route[] {
  const registry = createRegistry(context.store.records, context.clock);
  const ours = context.registry ?? plainClients(context);
  const whole = (model: RegisteredModel): unknown => ({ registered_model: wireModel(model, registry.latest(model.name)) });
  const latestVersions = ({ name, stages }: z.output<typeof latest>): unknown => {
    const model = registry.get(name);
    const wanted = stages.map(toStage);
    return { model_versions: registry.latest(name).filter(({ stage }) => wanted.length === 0 || wanted.includes(stage)).map((one) => wireVersion(one, model)) };
  };
  return [
    route(`POST ${R}/create`, byName.extend({ tags: pairs, description: text.default('') }), ({ name, tags, description }) => {
      const model = registry.create(name, { description, tags: checkRegistryTags(tags) });
      ours.made(name);
      return whole(model);
    }),
    route(`GET ${R}/get`, byName, ({ name }) => whole(registry.get(name))),
    route(`PATCH ${R}/update`, byName.extend({ description: text.default('') }), async ({ name, description }) => {
      const model = registry.describe(name, description);
      await ours.described(name, null, { description });
      return whole(model);
    }),
    route(`POST ${R}/rename`, byName.extend({ new_name: required }), ({ name, new_name: next }) => whole(ours.rename(name, next))),
    route(`DELETE ${R}/delete`, byName, async ({ name }) => { await ours.removeModel(name); return {}; }),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${R}/search`, search, (asked) => searchModels(registry, asked))),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${R}/get-latest-versions`, latest, latestVersions)),
    route(`POST ${R}/set-tag`, byName.extend({ key: required, value: text.default('') }), async ({ name, key, value }) => {
      checkRegistryTag({ key, value });
      registry.tag(name, { set: { [key]: value } });
      await ours.described(name, null, { setTags: { [key]: value } });
      return {};
    }),
    route(`DELETE ${R}/delete-tag`, byName.extend({ key: required }), async ({ name, key }) => {
      registry.tag(name, { remove: [key] });
      await ours.described(name, null, { deleteTags: [key] });
      return {};
    }),
    route(`POST ${R}/alias`, byName.extend({ alias: required, version: required }), async ({ name, alias, version }) => {
      await ours.setAlias(name, alias, toVersion(version));
      return {};
    }),
    route(`DELETE ${R}/alias`, byName.extend({ alias: required }), async ({ name, alias }) => { await ours.removeAlias(name, alias); return {}; }),
    route(`GET ${R}/alias`, byName.extend({ alias: required }), ({ name, alias }) => ({ model_version: wireVersion(registry.byAlias(name, alias), registry.get(name)) })),
  ];
}

const PREFIXES: Grammar['prefixes'] = { tag: { entity: 'tag', type: 'text' }, tags: { entity: 'tag', type: 'text' } };
const FILTER: Grammar = { attributes: { name: 'text' }, prefixes: PREFIXES };
const ORDER: Grammar = { attributes: { name: 'text', timestamp: 'number', last_updated_timestamp: 'number' }, prefixes: {} };

function searchModels(registry: Registry, asked: z.output<typeof search>): unknown {
  const size = pageSize(asked.max_results, { otherwise: 100, most: 1000 });
  const { conditions, prompts } = withoutPrompts(parseDocumentFilter(asked.filter, FILTER));
  const order = parseDocumentOrder([...asked.order_by, 'name ASC'], ORDER);
  const offset = offsetOf(asked.page_token);
  const found = registry.list().filter((one) => (prompts || !isPrompt(one.tags)) && matches(conditions, look(one)));
  found.sort((a, b) => compareDocuments(order, look(a), look(b)));
  const page = found.slice(offset, offset + size);
  return { registered_models: page.map((one) => wireModel(one, registry.latest(one.name))), ...nextPage(offset, page.length, found.length) };
}

const look = (one: RegisteredModel): Lookup => ({ entity, name }: DocumentKey) => {
  if (entity === 'tag') return Object.hasOwn(one.tags, name) ? one.tags[name] : undefined;
  return name === 'name' ? one.name : one.updated;
};
