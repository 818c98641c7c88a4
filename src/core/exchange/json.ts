/**
 * JSON without losing digits: spans carry times in nanoseconds, which a double can't hold. Whole numbers beyond 2^53 are read as bigint
 * and written as the same digits.
 */
export type Json = string | number | bigint | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

type WithSource = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;
type Raw = { rawJSON?(text: string): unknown };

/** Throws SyntaxError like JSON.parse. NaN and Infinity as Python writes them are read as the words for them. */
export function parseJson(text: string): Json {
  const exact: WithSource = (_key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
  try {
    return JSON.parse(text, exact) as Json;
  } catch (error) {
    if (!/[:[,]\s*-?(NaN|Infinity)/.test(text)) throw error;
    return JSON.parse(quoteWords(text), exact) as Json;
  }
}

/** Python's json writes bare NaN and Infinity; what stands in strings is left alone. */
const quoteWords = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g, (word) => (word.startsWith('"') ? word : `"${word}"`));

/** The text of a value; bigints as digits. Compact. */
export function printJson(value: Json): string {
  const { rawJSON } = JSON as Raw;
  if (rawJSON) return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? rawJSON(String(one)) : one));
  // Older Node: the digits travel as a marked text.
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? `\u0000${one}\u0000` : one)).replace(/"\\u0000(-?\d+)\\u0000"/g, '$1');
}

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
/** The object behind text or a value; {} where it is something else. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
export const arrayOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === null || value === undefined ? '' : typeof value === 'object' ? printJson(value as Json) : String(value as number));
/** Text values of an object of tags. */
export const tagsOf = (value: unknown): Record<string, string> => Object.fromEntries(Object.entries(objectOf(value)).map(([key, one]) => [key, textOf(one)]));
