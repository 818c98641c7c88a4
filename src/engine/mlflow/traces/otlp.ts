/** Reads OpenTelemetry's export requests, as protobuf and as JSON. Source: OTLP 1.x, https://opentelemetry.io/docs/specs/otlp/ */
import protobuf from 'protobufjs/light';
import * as z from 'zod';
import { descriptor } from './descriptor';

/** One of them is there, or none: null. 64-bit numbers are texts, bytes base64. */
export interface OtlpValue {
  stringValue?: string; boolValue?: boolean; intValue?: string; doubleValue?: number; bytesValue?: string;
  arrayValue?: { values: OtlpValue[] }; kvlistValue?: { values: OtlpPair[] };
}
export interface OtlpPair { key: string; value: OtlpValue }
/** Ids in hex, empty where there is none; times are nanoseconds as text; status 0 unset, 1 ok, 2 error. */
export interface OtlpSpan {
  traceId: string; spanId: string; parentSpanId: string; name: string; startTimeUnixNano: string; endTimeUnixNano: string;
  attributes: OtlpPair[]; events: { timeUnixNano: string; name: string; attributes: OtlpPair[] }[];
  links: { traceId: string; spanId: string; attributes: OtlpPair[] }[]; status: { code: number; message: string };
}
export interface OtlpResource { attributes: OtlpPair[]; spans: OtlpSpan[] }

/** Protobuf and JSON come to one shape, which is checked once. A list or a text that isn't there is empty. */
const text = z.string().default('');
const nanos = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative().transform(String)]).default('0');
const double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number), z.string().regex(/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/).transform(Number)]);
const list = <T extends z.ZodType>(item: T) => z.array(item).default([]);

const value: z.ZodType<OtlpValue> = z.lazy(() => z.object({
  stringValue: z.string().optional(), boolValue: z.boolean().optional(), doubleValue: double.optional(), bytesValue: z.string().optional(),
  intValue: z.union([z.string().regex(/^-?\d{1,20}$/), z.number().int().transform(String)]).optional(),
  arrayValue: z.object({ values: list(value) }).optional(), kvlistValue: z.object({ values: list(pair) }).optional(),
}));
const pair: z.ZodType<OtlpPair> = z.lazy(() => z.object({ key: text, value: value.default({}) }));
const pairs = list(pair);

const CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'] as const;
const code = z.union([z.number().int(), z.enum(CODES).transform((name) => CODES.indexOf(name))]).default(0);

const request = (id: z.ZodType<string>, linkId: z.ZodType<string>) => {
  const span = z.object({
    traceId: id, spanId: id, parentSpanId: id, name: text, startTimeUnixNano: nanos, endTimeUnixNano: nanos, attributes: pairs,
    events: list(z.object({ timeUnixNano: nanos, name: text, attributes: pairs })), links: list(z.object({ traceId: linkId, spanId: linkId, attributes: pairs })),
    status: z.object({ code, message: text }).prefault({}),
  });
  return z.object({ resourceSpans: list(z.object({ resource: z.object({ attributes: pairs }).prefault({}), scopeSpans: list(z.object({ spans: list(span) })) })) });
};

/** Ids of spans are hex in OpenTelemetry's JSON; links' are taken as either, by their length. */
const hex = text.pipe(z.string().regex(/^([0-9a-fA-F]{2})*$/)).transform((id) => id.toLowerCase());
const hexOrBase64 = text.transform((id) => (/^([0-9a-fA-F]{16}){1,2}$/.test(id) ? id.toLowerCase() : Buffer.from(id, 'base64').toString('hex')));
const bytes = text.transform((id) => Buffer.from(id, 'base64').toString('hex'));
const jsonRequest = request(hex, hexOrBase64);
const protoRequest = request(bytes, bytes);

const message = protobuf.Root.fromJSON(descriptor).lookupType('ExportTraceServiceRequest');

/** Null where it is none; the caller says so. */
export function readOtlp(body: Buffer, media: 'protobuf' | 'json'): OtlpResource[] | null {
  try {
    return read(body, media);
  } catch (error) {
    if (error instanceof RangeError) return null; // values nested thousands deep, which overflow the stack
    throw error;
  }
}

function read(body: Buffer, media: 'protobuf' | 'json'): OtlpResource[] | null {
  const plain = media === 'json' ? fromJson(body) : fromProtobuf(body);
  const parsed = (media === 'json' ? jsonRequest : protoRequest).safeParse(withoutNulls(plain));
  return parsed.success ? parsed.data.resourceSpans.map(({ resource, scopeSpans }) => ({ attributes: resource.attributes, spans: scopeSpans.flatMap(({ spans }) => spans) })) : null;
}

function fromProtobuf(body: Buffer): unknown {
  try {
    return message.toObject(message.decode(body), { longs: String, bytes: String, json: true });
  } catch {
    return undefined; // whatever the decoder met: it isn't such a message
  }
}

type WithSource = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

function fromJson(body: Buffer): unknown {
  const exact: WithSource = (_key, found, context) => (typeof found === 'number' && !Number.isSafeInteger(found) && /^-?\d+$/.test(context?.source ?? '') ? context?.source : found);
  try {
    return JSON.parse(body.toString('utf8'), exact) as unknown;
  } catch {
    return undefined; // no JSON
  }
}

/** In proto3's JSON null is absence; and its field names may come as they are in the definition. */
function withoutNulls(found: unknown): unknown {
  if (Array.isArray(found)) return found.map(withoutNulls);
  if (typeof found !== 'object' || found === null) return found;
  return Object.fromEntries(Object.entries(found).filter(([, one]) => one !== null).map(([key, one]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), withoutNulls(one)]));
}
