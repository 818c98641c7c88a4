/**
 * Spans in their two written forms. MLflow's traces.json and database hold attributes as {name: JSON text}; its REST answers hold OpenTelemetry's
 * [{key, value: {string_value | int_value ...}}]. Here they are what traces.json has.
 */
import { arrayOf, Exact, isObject, objectOf, parseJson, printJson, textOf, type Json, type JsonObject } from './json';

/** A span of a REST answer → as in traces.json. */
export function fromProto(span: JsonObject): JsonObject {
  const { attributes, events, status, links, parent_span_id: parent, ...rest } = span;
  return {
    ...rest, parent_span_id: parent ?? null, events: arrayOf(events).filter(isObject).map((event) => ({ ...event, attributes: rawValues(event['attributes']) })),
    status: { code: textOf(objectOf(status)['code']) || 'STATUS_CODE_UNSET', message: textOf(objectOf(status)['message']) },
    attributes: Object.fromEntries(Object.entries(rawValues(attributes)).map(([key, value]) => [key, printPython(value)])), links: arrayOf(links),
  };
}

const rawValues = (attributes: unknown): JsonObject => (isObject(attributes) ? attributes
  : Object.fromEntries(arrayOf(attributes).filter(isObject).map((one) => [textOf(one['key']), fromAny(one['value'])])));

/** OpenTelemetry's AnyValue → what it stands for. */
export function fromAny(value: unknown): Json {
  const any = objectOf(value);
  for (const [kind, one] of Object.entries(any)) {
    if (kind === 'array_value' || kind === 'arrayValue') return arrayOf(objectOf(one)['values']).map(fromAny);
    if (kind === 'kvlist_value' || kind === 'kvlistValue') return Object.fromEntries(arrayOf(objectOf(one)['values']).filter(isObject).map((pair) => [textOf(pair['key']), fromAny(pair['value'])]));
    if (kind === 'int_value' || kind === 'intValue') return typeof one === 'string' ? BigInt(one) : one;
    if ((kind === 'double_value' || kind === 'doubleValue') && Number.isInteger(one)) return new Exact(`${String(one)}.0`);
    return one;
  }
  return null;
}

/** What a value is → OpenTelemetry's JSON form of AnyValue, in which 64-bit whole numbers are texts. */
export function toAny(value: Json): JsonObject {
  if (typeof value === 'string') return { stringValue: value };
  if (value instanceof Exact) return { doubleValue: Number(value.digits) };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAny) } };
  return { kvlistValue: { values: Object.entries(value).map(([key, one]) => ({ key, value: toAny(one) })) } };
}

/** JSON with a space after commas and colons, as Python writes it: texts compare equal to those that MLflow wrote. */
export function printPython(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(printPython).join(', ')}]`;
  if (isObject(value)) return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${printPython(one)}`).join(', ')}}`;
  return printJson(value);
}

function attribute(key: string, json: Json): JsonObject {
  if (typeof json !== 'string') return { key, value: toAny(json) };
  try {
    return { key, value: toAny(parseJson(json, { exact: true })) };
  } catch {
    return { key, value: { stringValue: json } }; // an attribute that isn't JSON is the text itself
  }
}

const hex = (base64: Json | undefined): string => Buffer.from(textOf(base64), 'base64').toString('hex');

/** Spans of a traces.json → OpenTelemetry's JSON, ids in hex; null where one of them has no such ids (traces of MLflow 2). */
export function toOtlp(spans: readonly JsonObject[]): JsonObject[] | null {
  const made = spans.map((span): JsonObject | null => {
    const [traceId, spanId] = [hex(span['trace_id']), hex(span['span_id'])];
    if (traceId.length !== 32 || spanId.length !== 16) return null;
    const status = objectOf(span['status']);
    return {
      traceId, spanId, ...(span['parent_span_id'] ? { parentSpanId: hex(span['parent_span_id']) } : {}), name: textOf(span['name']),
      startTimeUnixNano: textOf(span['start_time_unix_nano']), endTimeUnixNano: textOf(span['end_time_unix_nano']),
      attributes: Object.entries(objectOf(span['attributes'])).map(([key, value]) => attribute(key, value)),
      events: arrayOf(span['events']).filter(isObject).map((event) => ({
        name: textOf(event['name']), timeUnixNano: textOf(event['time_unix_nano']),
        attributes: Object.entries(objectOf(event['attributes'])).map(([key, value]) => ({ key, value: toAny(value) })),
      })),
      status: { code: textOf(status['code']) || 'STATUS_CODE_UNSET', message: textOf(status['message']) },
    };
  });
  return made.every((span) => span !== null) ? made : null;
}
