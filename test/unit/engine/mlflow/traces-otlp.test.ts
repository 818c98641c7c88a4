import fc from 'fast-check';
import protobuf from 'protobufjs/light';
import { describe, expect, test } from 'vitest';
import { descriptor } from '../../../../src/engine/mlflow/traces/descriptor';
import { readOtlp, type OtlpValue } from '../../../../src/engine/mlflow/traces/otlp';
import { fromOtlp, wireSpan } from '../../../../src/engine/mlflow/traces/spans';
import { attributeText, parseText, textOf, wireOfText } from '../../../../src/engine/mlflow/traces/values';
import { otlpRequest, otlpSpan, traceHex, traceId } from '../../../support/traces';

const message = protobuf.Root.fromJSON(descriptor).lookupType('ExportTraceServiceRequest');
const span = otlpSpan({ trace: 7, id: 2, parent: 1, name: 'läuft', at: 1.5, type: 'TOOL', inputs: { q: [1, null, 'ü'] }, error: 'boom', attributes: { 'big': 9_007_199_254_740_993n, 'half': 0.5 }, events: [{ name: 'e', attributes: { k: 1 } }] });
const asJson = Buffer.from(JSON.stringify(otlpRequest([span], { 'service.name': 'svc' })));

/** As an exporter writes it: ids are bytes. */
function asProtobuf(): Buffer {
  const bytes = (value: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typeof one === 'string' && /^(traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(one, 'hex') : one]));
  return Buffer.from(message.encode(message.fromObject(otlpRequest([bytes(span)], { 'service.name': 'svc' }))).finish());
}

describe('an export request', () => {
  test('reads the same as protobuf and as JSON', () => {
    const [fromJson] = readOtlp(asJson, 'json') ?? [];
    const [fromProtobuf] = readOtlp(asProtobuf(), 'protobuf') ?? [];
    expect(fromProtobuf).toEqual(fromJson);
    expect(fromJson?.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'svc' } }]);
    expect(fromJson?.spans[0]).toMatchObject({ traceId: traceHex(7), parentSpanId: '0000000000000001', name: 'läuft', startTimeUnixNano: '1795244400001500000', status: { code: 2, message: 'boom' } });
  });

  test('keeps whole numbers that a double cannot hold', () => {
    const big = readOtlp(asProtobuf(), 'protobuf')?.[0]?.spans[0]?.attributes.find(({ key }) => key === 'big');
    expect(big?.value).toEqual({ intValue: '9007199254740993' });
    const bare = readOtlp(Buffer.from(asJson.toString().replace('"9007199254740993"', '9007199254740993')), 'json')?.[0]?.spans[0]?.attributes.find(({ key }) => key === 'big');
    expect(bare?.value).toEqual({ intValue: '9007199254740993' });
  });

  test('takes names as they are in the definition, enums by name, and passes over what it does not know', () => {
    const read = readOtlp(Buffer.from(JSON.stringify({ resource_spans: [{ scope_spans: [{ spans: [{ trace_id: 'AB', span_id: '01', name: 'x', status: { code: 'STATUS_CODE_ERROR' }, kind: 'SPAN_KIND_SERVER', flags: 1 }] }] }] })), 'json');
    expect(read?.[0]?.spans[0]).toMatchObject({ traceId: 'ab', spanId: '01', status: { code: 2 } });
  });

  test.each([
    ['no JSON', '{', 'json'], ['a list', '[]', 'json'], ['a text where a list should be', '{"resourceSpans":"x"}', 'json'], ['an id that is not hex', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz"}]}]}]}', 'json'],
    ['a number as a name', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":5}]}]}]}', 'json'], ['no protobuf', 'xyzzy', 'protobuf'], ['half of one', 'half', 'protobuf'],
  ] as const)('is none where it is %s', (_what, text, media) => {
    expect(readOtlp(text === 'half' ? asProtobuf().subarray(0, 40) : Buffer.from(text), media)).toBeNull();
  });

  test('is none where values are nested so deep that nobody can read them', () => {
    const deep = `${'{"arrayValue":{"values":['.repeat(20_000)}{}${']}}'.repeat(20_000)}`;
    expect(readOtlp(Buffer.from(`{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":${deep}}]}}]}`), 'json')).toBeNull();
  });

  test('without spans is empty, not wrong', () => {
    expect(readOtlp(Buffer.alloc(0), 'protobuf')).toEqual([]);
    expect(readOtlp(Buffer.from('{"resourceSpans":[{}]}'), 'json')).toEqual([{ attributes: [], spans: [] }]);
  });
});

describe('a span', () => {
  const received = (over: Record<string, unknown> = {}) => {
    const [one] = readOtlp(Buffer.from(JSON.stringify(otlpRequest([{ ...span, ...over }]))), 'json')?.[0]?.spans ?? [];
    return one ? fromOtlp(one, []) : null;
  };

  test('goes out as it came in, with 64-bit numbers as numbers', () => {
    const one = received();
    expect(one).toMatchObject({ trace: traceId(7), id: '0000000000000002', parent: '0000000000000001' });
    if (!one) return;
    const text = JSON.stringify(wireSpan(one.record));
    expect(text).toContain('"start_time_unix_nano":1795244400001500000');
    expect(text).toContain('{"key":"big","value":{"int_value":9007199254740993}}');
    expect(JSON.parse(text)).toMatchObject({ name: 'läuft', parent_span_id: 'AAAAAAAAAAE=', status: { code: 'STATUS_CODE_ERROR', message: 'boom' }, events: [{ name: 'e', attributes: [{ key: 'k', value: { int_value: 1 } }] }] });
  });

  test('takes its trace’s id from OpenTelemetry, whatever it says itself', () => {
    const one = received({ attributes: [{ key: 'mlflow.traceRequestId', value: { stringValue: 'tr-of-somebody-else' } }] });
    expect(one?.record.attributes['mlflow.traceRequestId']).toBe(JSON.stringify(traceId(7)));
  });

  test.each([{ traceId: '' }, { spanId: '' }, { traceId: 'ab'.repeat(17) }, { spanId: 'ab'.repeat(9) }])('with ids like %j is none', (over) => {
    expect(received(over)).toBeNull();
  });

  test('of another instrumentation has MLflow’s names too', () => {
    const attributes = [['gen_ai.operation.name', { stringValue: 'chat' }], ['gen_ai.usage.input_tokens', { intValue: '3' }], ['gen_ai.usage.output_tokens', { intValue: '4' }], ['gen_ai.request.model', { stringValue: 'm' }]].map(([key, value]) => ({ key, value }));
    expect(received({ attributes })?.record.attributes).toMatchObject({ 'mlflow.spanType': '"CHAT_MODEL"', 'mlflow.chat.tokenUsage': '{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}', 'mlflow.llm.model': '"m"' });
  });
});

describe('values', () => {
  const value: fc.Arbitrary<OtlpValue> = fc.letrec<{ any: OtlpValue }>((tie) => ({
    any: fc.oneof({ maxDepth: 3 },
      fc.string({ unit: 'grapheme' }).map((stringValue) => ({ stringValue })), fc.boolean().map((boolValue) => ({ boolValue })), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => ({ intValue: String(n) })),
      fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)).map((doubleValue) => ({ doubleValue })), fc.constant({}),
      fc.array(tie('any'), { maxLength: 4 }).map((values) => ({ arrayValue: { values } })),
      fc.uniqueArray(fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__' && !/^\d+$/.test(key)), { maxLength: 4 }).chain((keys) => fc.tuple(...keys.map(() => tie('any'))).map((all) => ({ kvlistValue: { values: keys.map((key, i) => ({ key, value: all[i] ?? {} })) } })))),
  })).any;

  /** Our answer's JSON, read as OpenTelemetry's. */
  const back = (text: string): unknown => readOtlp(Buffer.from(JSON.stringify({ resourceSpans: [{ resource: { attributes: [{ key: 'k', value: wireOfText(text) }] } }] })), 'json')?.[0]?.attributes[0]?.value;

  test('come back as they were, through their text', () => {
    fc.assert(fc.property(value, (one) => { expect(back(textOf(one))).toEqual(one); }));
  });

  test.each([[{ doubleValue: 5 }, '5.0'], [{ doubleValue: -1e16 }, '-1e+16'], [{ doubleValue: NaN }, 'NaN'], [{ doubleValue: -Infinity }, '-Infinity'], [{ intValue: '5' }, '5'], [{ stringValue: 'NaN' }, '"NaN"'], [{}, 'null'], [{ arrayValue: { values: [{ intValue: '1' }, { doubleValue: NaN }] } }, '[1, NaN]']] satisfies [OtlpValue, string][])('%j is %s, and back', (one, text) => {
    expect(textOf(one)).toBe(text);
    expect(back(text)).toEqual(one);
  });

  test('a text that was JSON of a text, list or object is not wrapped again; one of a number is a text', () => {
    expect(attributeText({ stringValue: '{"a": 1}' })).toBe('{"a": 1}');
    expect(attributeText({ stringValue: '"UNKNOWN"' })).toBe('"UNKNOWN"');
    expect(attributeText({ stringValue: '1' })).toBe('"1"');
    expect(attributeText({ stringValue: '[not json' })).toBe('"[not json"');
  });

  test('a text that is no JSON stays a text', () => {
    expect(parseText('nonsense')).toBeUndefined();
    expect(wireOfText('nonsense')).toEqual({ string_value: 'nonsense' });
  });
});
