/**
 * Webhooks: kept and answered, never sent, for nothing here opens a connection to another machine by itself. So none is ever ACTIVE, and a
 * test of one says why. Source: MLflow REST API, webhooks; mlflow.entities.webhook (3.17).
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { MlflowContext } from '../context';
import { invalid, missing } from '../errors';
import { int, list, required, text } from '../fields';
import { nextPage, offsetOf, pageSize } from '../paging';
import { route, type Route } from '../router';

const W = '/api/2.0/mlflow/webhooks';
/** What can happen to what. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  REGISTERED_MODEL: ['CREATED'], MODEL_VERSION: ['CREATED'], MODEL_VERSION_TAG: ['SET', 'DELETED'], MODEL_VERSION_ALIAS: ['CREATED', 'DELETED'],
  PROMPT: ['CREATED'], PROMPT_VERSION: ['CREATED'], PROMPT_TAG: ['SET', 'DELETED'], PROMPT_VERSION_TAG: ['SET', 'DELETED'], PROMPT_ALIAS: ['CREATED', 'DELETED'], BUDGET_POLICY: ['EXCEEDED'],
};
const NEVER = 'Runyard sends nothing to other machines: a webhook can be kept here, but not be ACTIVE';

const event = z.object({ entity: text, action: text });
const kept = z.object({
  id: z.string(), name: z.string(), url: z.string(), description: z.string().nullable(), events: z.array(event), created: z.number(), updated: z.number(),
});
type Webhook = z.output<typeof kept>;
const byId = z.object({ webhook_id: required });
const status = z.enum(['ACTIVE', 'DISABLED']).optional();
const create = z.object({ name: required, url: required, events: z.array(event), description: text.optional(), status });
const update = byId.extend({ name: text.optional(), url: text.optional(), events: list(event), description: text.optional(), status });

export function webhookRoutes({ store: { records }, clock }: MlflowContext): Route[] {
  const now = (): number => Math.round(clock() * 1000);
  const put = (one: Webhook): unknown => {
    records.put('webhook', { id: one.id, scope: '', sort: one.created, doc: one });
    return { webhook: wire(one) };
  };
  const get = (id: string): Webhook => {
    const row = records.get('webhook', id);
    if (!row) throw missing(`Webhook with ID ${id} not found.`);
    return kept.parse(row.doc);
  };
  return [
    route(`POST ${W}`, create, ({ status: asked, description = null, ...said }) => {
      check(said, asked);
      const t = now();
      return put({ ...said, description, id: randomUUID(), created: t, updated: t });
    }),
    route(`GET ${W}`, z.object({ max_results: int.optional(), page_token: text.optional() }), ({ max_results: asked, page_token: token }) => {
      const size = pageSize(asked === 0 ? undefined : asked, { otherwise: 100, most: 1000 });
      const offset = offsetOf(token);
      const found = records.list('webhook', { offset, limit: size + 1 }).map(({ doc }) => kept.parse(doc));
      const shown = found.slice(0, size);
      return { webhooks: shown.map(wire), ...nextPage(offset, shown.length, offset + found.length) };
    }),
    route(`GET ${W}/:webhook_id`, byId, ({ webhook_id: id }) => ({ webhook: wire(get(id)) })),
    route(`PATCH ${W}/:webhook_id`, update, ({ webhook_id: id, status: asked, ...said }) => {
      const before = get(id);
      const next = { ...before, name: said.name || before.name, url: said.url || before.url, events: said.events.length > 0 ? said.events : before.events, description: said.description ?? before.description };
      check(next, asked);
      return put({ ...next, updated: now() });
    }),
    route(`DELETE ${W}/:webhook_id`, byId, ({ webhook_id: id }) => { get(id); records.remove('webhook', id); return {}; }),
    route(`POST ${W}/:webhook_id/test`, byId, ({ webhook_id: id }) => { get(id); return { result: { success: false, error_message: NEVER } }; }),
  ];
}

const wire = (one: Webhook): Record<string, unknown> => ({
  webhook_id: one.id, name: one.name, url: one.url, events: one.events, ...(one.description === null ? {} : { description: one.description }), status: 'DISABLED',
  creation_timestamp: one.created, last_updated_timestamp: one.updated,
});

function check({ name, url, events }: Pick<Webhook, 'name' | 'url' | 'events'>, status: 'ACTIVE' | 'DISABLED' | undefined): void {
  if (!/^(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name)) {
    throw invalid(`Webhook name '${name}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`);
  }
  if (url.trim() === '') throw invalid(`Webhook URL cannot be empty or just whitespace: '${url}'`);
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address) throw invalid(`Invalid webhook URL '${url}'`);
  if (address.protocol !== 'https:') throw invalid(`Invalid webhook URL scheme: '${address.protocol.replace(':', '')}'. Allowed schemes are: https.`);
  if (events.length === 0) throw invalid('Webhook events must be a non-empty list of WebhookEvent objects: []');
  for (const one of events) {
    const allowed = Object.hasOwn(ACTIONS, one.entity) ? ACTIONS[one.entity] : undefined;
    if (!allowed?.includes(one.action)) throw invalid(`Invalid action '${one.action.toLowerCase()}' for entity '${one.entity.toLowerCase()}'. Valid actions are: ${(allowed ?? []).map((action) => action.toLowerCase()).join(', ')}`);
  }
  if (status === 'ACTIVE') throw invalid(NEVER);
}
