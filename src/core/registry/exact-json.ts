/**
 * JSON whose numbers stay as they were written (1.0, 12345678901234567890, and Python's NaN and Infinity): a dataset's records go out as they
 * came in. A number that a double would change travels as a text with a mark that nobody else can write.
 */
import { randomUUID } from 'node:crypto';

const MARK = `${randomUUID()}:`;
const marked = (value: unknown): value is string => typeof value === 'string' && value.startsWith(MARK);

type WithSource = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;
const exact: WithSource = (_key, value, context) =>
  typeof value === 'number' && context?.source !== undefined && String(value) !== context.source ? MARK + context.source : value;

/** Throws SyntaxError like JSON.parse. */
export function readExact(text: string): unknown {
  const words = text.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)\b/g, (word) => (word.startsWith('"') ? word : JSON.stringify(MARK + word)));
  return JSON.parse(words, exact) as unknown;
}

const QUOTED = new RegExp(`"${MARK}([^"]*)"`, 'g');
/** The text of a value that readExact gave. */
export const printExact = (value: unknown): string => JSON.stringify(value).replace(QUOTED, '$1');

/** The same text for the same value, whatever the order of its keys. */
export const printSorted = (value: unknown): string => printExact(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, one]) => [key, sorted(one)]));
}

export type FieldType = 'null' | 'boolean' | 'integer' | 'float' | 'string' | 'array' | 'object';

/** As Python would call it. */
export function typeOfField(value: unknown): FieldType {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (marked(value)) return /^-?\d+$/.test(value.slice(MARK.length)) ? 'integer' : 'float';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'array' : 'object';
}
