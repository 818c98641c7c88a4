/**
 * What requests are made of, read the way MLflow's server reads proto3 JSON: 64-bit numbers also as text, lists of a query as repeated
 * keys, null as absent, unknown fields passed over. Faults are told in its words. Source: mlflow.server.handlers._get_request_message.
 */
import { z } from 'zod';
import { invalid, type MlflowError } from './errors';

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
/** A list; one value of a query is a list of one. */
export const list = <T extends z.ZodType>(item: T): z.ZodType<z.output<T>[]> => z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(item)) as unknown as z.ZodType<z.output<T>[]>;
/** A text that has to be there and not be empty. */
export const required = text.min(1);
export const pair = z.object({ key: text, value: text.default('') });
export const pairs = list(pair);

/** Throws INVALID_PARAMETER_VALUE that names the field. */
export function readFields<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(withoutNulls(input), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw fault(parsed.error.issues[0]);
}

const DOCS = 'See the API docs for more information about request parameters.';

function fault(issue: z.core.$ZodIssue | undefined): MlflowError {
  if (!issue) return invalid(`Invalid request. ${DOCS}`);
  const name = issue.path.reduce<string>((at, part) => (typeof part === 'number' ? `${at}[${part}]` : at === '' ? String(part) : `${at}.${String(part)}`), '');
  if (issue.input === undefined || (issue.input === '' && issue.code === 'too_small')) return invalid(`Missing value for required parameter '${name}'. ${DOCS}`);
  return invalid(`Invalid value ${JSON.stringify(issue.input)?.slice(0, 500)} for parameter '${name}' supplied: ${wordOf(issue)}. ${DOCS}`);
}

const wordOf = (issue: z.core.$ZodIssue): string => (issue.code === 'invalid_union' ? 'Value has the wrong type' : issue.message);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null).map(([key, one]) => [key, withoutNulls(one)]));
}
