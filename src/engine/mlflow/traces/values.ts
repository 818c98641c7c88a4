/**
 * Attributes of spans: OpenTelemetry's typed values on the wire, JSON texts at rest. Texts are as Python's json writes them, so that filters
 * over text find here what they find in MLflow. Source: mlflow.tracing.utils.otlp, mlflow.entities.span.
 */
import type { OtlpPair, OtlpValue } from './otlp';

/** What JSON.stringify writes as these digits, whatever their number. */
export const rawNumber = (digits: string): unknown => (JSON as { rawJSON?(text: string): unknown }).rawJSON?.(digits) ?? Number(digits);

/** A double as Python writes it: 5 is 5.0, and NaN and infinities are bare words. */
const float = (value: number): string => (!Number.isInteger(value) ? String(value) : Math.abs(value) < 1e16 ? `${value}.0` : value.toExponential());

/** The JSON text of a value. Bytes are their base64. */
export function textOf(value: OtlpValue): string {
  if (value.stringValue !== undefined) return JSON.stringify(value.stringValue);
  if (value.intValue !== undefined) return value.intValue;
  if (value.boolValue !== undefined) return String(value.boolValue);
  if (value.doubleValue !== undefined) return float(value.doubleValue);
  if (value.arrayValue) return `[${value.arrayValue.values.map(textOf).join(', ')}]`;
  if (value.kvlistValue) return `{${value.kvlistValue.values.map(({ key, value: one }) => `${JSON.stringify(key)}: ${textOf(one)}`).join(', ')}}`;
  return value.bytesValue === undefined ? 'null' : JSON.stringify(value.bytesValue);
}

/** An attribute's text: one that was JSON of a text, list or object already (other exporters write them so) isn't wrapped again. */
export function attributeText(value: OtlpValue): string {
  const text = value.stringValue;
  if (text === undefined || !/^\s*["[{]/.test(text)) return textOf(value);
  const inner = parseText(text);
  return inner === undefined ? textOf(value) : text;
}

/** What a value stands for; 64-bit numbers beyond 2^53 lose digits. */
const plainOf = (value: OtlpValue): unknown => parseText(textOf(value)) ?? null;

export const plainPairs = (pairs: readonly OtlpPair[]): Record<string, unknown> => Object.fromEntries(pairs.map(({ key, value }) => [key, plainOf(value)]));

/** A number whose text has to be kept: beyond 2^53, or a whole double. */
class Exact { constructor(readonly source: string) {} }
type WithSource = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;
const exact: WithSource = (_key, value, context) => {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return /[.eE]/.test(context.source) || !Number.isSafeInteger(value) ? new Exact(context.source) : value;
};
/** Python writes bare NaN and Infinity; strings are left alone. */
const quoteWords = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g, (word) => (word.startsWith('"') ? word : `"\\u0000${word}"`));
const isWord = (value: unknown): value is string => typeof value === 'string' && value.startsWith('\u0000');

/** The value behind a JSON text of Python's; undefined where it is none. NaN and infinities are themselves. */
export function parseText(text: string): unknown {
  const parsed = parse(text, (_key, value) => (isWord(value) ? Number(value.slice(1)) : value));
  return parsed;
}

function parse(text: string, revive: WithSource): unknown {
  try {
    return JSON.parse(text, revive) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  try {
    return JSON.parse(quoteWords(text), revive) as unknown;
  } catch {
    return undefined; // no JSON: the caller knows what else it is
  }
}

/** OpenTelemetry's value in MLflow's JSON, from a text at rest; a text that isn't JSON is itself. */
export function wireOfText(text: string): Record<string, unknown> {
  const parsed = parse(text, exact);
  return parsed === undefined ? { string_value: text } : wireOf(parsed);
}

export function wireOf(value: unknown): Record<string, unknown> {
  if (isWord(value)) return { double_value: value.slice(1) };
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (value instanceof Exact) return /[.eE]/.test(value.source) ? { double_value: Number(value.source) } : { int_value: rawNumber(value.source) };
  if (typeof value === 'number') return Number.isInteger(value) ? { int_value: value } : { double_value: Number.isFinite(value) ? value : String(value) };
  if (Array.isArray(value)) return { array_value: { values: value.map(wireOf) } };
  if (typeof value === 'object' && value !== null) return { kvlist_value: { values: Object.entries(value).map(([key, one]) => ({ key, value: wireOf(one) })) } };
  return {};
}
