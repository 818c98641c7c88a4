/** Brings what came over the wire into the shape that a schema asks for, the way proto3 JSON is read: names in camelCase too, null as absent. */
import { z } from 'zod';
import { invalid } from './errors';

/** In a query every value is text, and a list of one looks like one. Throws where a field is said under both of its names. */
export function shaped(schema: unknown, value: unknown, { query = false } = {}): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) {
    if (Array.isArray(value)) return value.map((item) => shaped(inner.element, item, { query }));
    return query && typeof value === 'string' ? [value] : value;
  }
  if (!(inner instanceof z.ZodObject) || !isRecord(value)) return value;
  const shape = inner.shape as Record<string, unknown>;
  const entries: [string, unknown][] = [];
  for (const [key, one] of Object.entries(value)) {
    if (one === null) continue;
    const name = Object.hasOwn(shape, key) ? key : snake(key);
    const known = Object.hasOwn(shape, name);
    if (known && name !== key && Object.hasOwn(value, name)) throw invalid(`Request specifies both '${name}' and '${key}'; provide only one of them.`);
    entries.push(known ? [name, shaped(shape[name], one, { query })] : [key, one]);
  }
  return Object.fromEntries(entries);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap());
  // What is read before it is looked at (z.preprocess) is looked at as the second part says.
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  return schema;
}
