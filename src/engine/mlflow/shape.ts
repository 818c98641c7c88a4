/** Brings what came over the wire into the shape that a schema asks for, the way proto3 JSON is read: names in camelCase too, null as absent. */
import * as z from 'zod';
import { invalid } from './errors';

/** What of a schema matters here; looked up once, because a batch has a thousand values of one schema. */
type Plan = { is: 'object'; fields: ReadonlyMap<string, Plan> } | { is: 'list'; item: Plan } | { is: 'value' };

/** In a query every value is text, and a list of one looks like one. Throws where a field is said under both of its names. */
export const shaped = (schema: z.ZodType, value: unknown, { query = false } = {}): unknown => shape(planOf(schema), value, query);

function shape(plan: Plan, value: unknown, query: boolean): unknown {
  if (plan.is === 'value') return value;
  if (plan.is === 'list') {
    if (Array.isArray(value)) return plan.item.is === 'value' ? value : value.map((item) => shape(plan.item, item, query));
    return query && typeof value === 'string' ? [value] : value;
  }
  if (!isRecord(value)) return value;
  const entries: [string, unknown][] = [];
  let changed = false;
  for (const [key, one] of Object.entries(value)) {
    if (one === null) {
      changed = true;
      continue;
    }
    const name = plan.fields.has(key) ? key : snake(key);
    const field = plan.fields.get(name);
    if (field && name !== key && Object.hasOwn(value, name)) throw invalid(`Request specifies both '${name}' and '${key}'; provide only one of them.`);
    const now = field ? shape(field, one, query) : one;
    changed ||= now !== one || (field !== undefined && name !== key);
    entries.push([field ? name : key, now]);
  }
  return changed ? Object.fromEntries(entries) : value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const plans = new WeakMap<object, Plan>();

function planOf(schema: unknown): Plan {
  const inner = unwrapped(schema);
  if (typeof inner !== 'object' || inner === null) return { is: 'value' };
  const known = plans.get(inner);
  if (known) return known;
  const plan: Plan = inner instanceof z.ZodArray ? { is: 'list', item: planOf(inner.element) }
    : inner instanceof z.ZodObject ? { is: 'object', fields: new Map(Object.entries(inner.shape as Record<string, unknown>).map(([name, field]) => [name, planOf(field)])) } : { is: 'value' };
  plans.set(inner, plan);
  return plan;
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap());
  // What is read before it is looked at (z.preprocess) is looked at as the second part says.
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  return schema;
}
