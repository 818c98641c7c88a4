/**
 * What requests are made of, read the way MLflow's server reads proto3 JSON: 64-bit numbers also as text, lists of a query as repeated
 * keys, null as absent, unknown fields passed over. Faults are told in its words. Source: mlflow.server.handlers._get_request_message.
 */
import * as z from 'zod';
import { invalid, type MlflowError } from './errors';
import { shaped } from './shape';

export const text = z.string();
/** A whole number, also as text. */
export const int = z.union([z.number().int(), z.string().regex(/^-?\d+$/).transform(Number).pipe(z.number().int())]);
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);
/** A number; NaN and infinities as the words that proto3 JSON has for them. */
export const double = z.union([z.number(), z.string().transform((word, context) => {
  const value = /^[-+]?inf(inity)?$/i.test(word) ? (word.startsWith('-') ? -Infinity : Infinity) : /^nan$/i.test(word) ? NaN : word.trim() === '' ? undefined : Number(word);
  if (value !== undefined && (!Number.isNaN(value) || /^nan$/i.test(word))) return value;
  context.addIssue({ code: 'custom', message: 'not a number' });
  return z.NEVER;
})]);
/** A list; none is an empty one. */
export const list = <T extends z.ZodType>(item: T): z.ZodDefault<z.ZodArray<T>> => z.array(item).default([]);
/** A text that has to be there and not be empty. */
export const required = text.min(1);
export const pair = z.object({ key: text, value: text.default('') });
export const pairs = list(pair);

export interface Origin { /** from a query: all values are text */ query?: boolean; /** the body as it came, to quote from */ body?: Buffer | null }

/** Throws INVALID_PARAMETER_VALUE that names the field. */
export function readFields<T>(schema: z.ZodType<T>, input: unknown, { query = false, body = null }: Origin = {}): T {
  const parsed = schema.safeParse(shaped(schema, input, { query }), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw fault(parsed.error.issues[0], body);
}

const DOCS = 'See the API docs for more information about request parameters.';

function fault(issue: z.core.$ZodIssue | undefined, body: Buffer | null): MlflowError {
  if (!issue) return invalid(`Invalid request. ${DOCS}`);
  const name = issue.path.reduce<string>((at, part) => (typeof part === 'number' ? `${at}[${part}]` : at === '' ? String(part) : `${at}.${String(part)}`), '');
  if (issue.input === undefined || (issue.input === '' && issue.code === 'too_small')) return invalid(`Missing value for required parameter '${name}'. ${DOCS}`);
  const hint = issue.code === 'invalid_type' || issue.code === 'invalid_union' ? ` Hint: Value was of type '${pythonType(issue.input)}'` : issue.message;
  return invalid(`Invalid value ${quoted(issue, body).slice(0, 500)} for parameter '${name}' supplied: ${hint}. ${DOCS}`);
}

/** The value as its client wrote it: 9.0 isn't 9. */
function quoted({ input, path }: z.core.$ZodIssue, body: Buffer | null): string {
  const key = path.findLast((part) => typeof part === 'string');
  if (typeof input !== 'number' || !body || key === undefined) return JSON.stringify(input) ?? 'null';
  const written = [...body.toString('utf8').matchAll(new RegExp(`"${key.replace(/[^\w]/g, '\\$&')}"\\s*:\\s*(-?[\\d.eE+-]+)`, 'g'))].map((match) => match[1] ?? '');
  return written.find((text) => Number(text) === input) ?? JSON.stringify(input);
}

const pythonType = (value: unknown): string => {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as string] ?? 'NoneType';
};
