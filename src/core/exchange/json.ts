/**
 * JSON without losing digits: spans carry times in nanoseconds, which a double can't hold. Whole numbers beyond 2^53 are read as bigint
 * and written as the same digits.
 */
/** A number as it was written: 1.0, which Python tells from 1. Only where somebody's own values are carried. */
export class Exact { constructor(readonly digits: string) {} }
export type Json = string | number | bigint | boolean | null | Exact | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

type WithSource = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;
type Raw = { rawJSON?(text: string): unknown };

const whole: WithSource = (_key, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
const exactly: WithSource = function (key, value, context) {
  return typeof value === 'number' && context?.source !== undefined && /[.eE]/.test(context.source) && String(value) !== context.source ? new Exact(context.source) : whole.call(this, key, value, context);
};

/** Throws SyntaxError like JSON.parse. NaN and Infinity as Python writes them are read as the words for them. With `exact`, numbers keep their spelling. */
export function parseJson(text: string, { exact = false } = {}): Json {
  const revive = exact ? exactly : whole;
  try {
    return JSON.parse(text, revive) as Json;
  } catch (error) {
    if (!/[:[,]\s*-?(NaN|Infinity)/.test(text)) throw error;
    return JSON.parse(quoteWords(text), revive) as Json;
  }
}

/** Python's json writes bare NaN and Infinity; what stands in strings is left alone. */
const quoteWords = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g, (word) => (word.startsWith('"') ? word : `"${word}"`));

/** The text of a value; bigints and exact numbers as their digits. Compact. */
export function printJson(value: Json): string {
  const { rawJSON } = JSON as Raw;
  const digits = (one: unknown): string | null => (typeof one === 'bigint' ? String(one) : one instanceof Exact ? one.digits : null);
  // Older Node: the digits travel as a marked text.
  const written = JSON.stringify(value, (_key, one: unknown) => { const found = digits(one); return found === null ? one : rawJSON ? rawJSON(found) : `\u0000${found}\u0000`; });
  return rawJSON ? written : written.replace(/"\\u0000([^"\\]+)\\u0000"/g, '$1');
}

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Exact);
/** The object behind text or a value; {} where it is something else. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
export const arrayOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === null || value === undefined ? '' : typeof value === 'object' ? printJson(value as Json) : String(value as number));
/** Text values of an object of tags. */
export const tagsOf = (value: unknown): Record<string, string> => Object.fromEntries(Object.entries(objectOf(value)).map(([key, one]) => [key, textOf(one)]));
