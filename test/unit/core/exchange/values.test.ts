import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIds, rewrite, rewriteSource, rewriteTag } from '../../../../src/core/exchange/ids';
import { parseJson, printJson } from '../../../../src/core/exchange/json';
import { fromWire, pythonFloat, toWire } from '../../../../src/core/exchange/numbers';
import { fromProto, toOtlp } from '../../../../src/core/exchange/spans';

test('whole numbers of any length go through JSON without losing a digit', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (number) => {
    expect(printJson(parseJson(`{"a":[${number}]}`))).toBe(`{"a":[${number}]}`);
  }));
});

test('any JSON value comes back as it was', () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    expect(JSON.parse(printJson(parseJson(JSON.stringify(value))))).toEqual(JSON.parse(JSON.stringify(value)));
  }));
});

test('where values are somebody\'s own, 1.0 stays 1.0', () => {
  expect(printJson(parseJson('[1.0,1,1e5,0.5,{"a":2.50}]', { exact: true }))).toBe('[1.0,1,1e5,0.5,{"a":2.50}]');
  expect(parseJson('[1.0]')).toEqual([1]);
});

test("Python's bare NaN and Infinity are read as words, and left alone within texts", () => {
  expect(parseJson('{"a": NaN, "b": [-Infinity, "x: NaN, \\" NaN"], "NaN": 1}')).toEqual({ a: 'NaN', b: ['-Infinity', 'x: NaN, " NaN'], NaN: 1 });
  expect(() => parseJson('{"a": nope}')).toThrow(SyntaxError);
});

test('a figure that a server takes and gives back is the same figure', () => {
  fc.assert(fc.property(fc.double(), (value) => { expect(fromWire(JSON.parse(JSON.stringify(toWire(value))))).toBe(Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Infinity : Object.is(value, -0) ? 0 : value); }));
});

test("Python's texts of floats are read, others are none", () => {
  expect(['1', '-0.5', '1e-07', 'nan', 'inf', '-inf', 'Infinity', '.5', '5.'].map(pythonFloat)).toEqual([1, -0.5, 1e-7, NaN, Infinity, -Infinity, Infinity, 0.5, 5]);
  expect(['', 'x', '1,5', '0x10', '1 2', '--1'].map(pythonFloat)).toEqual([null, null, null, null, null, null]);
});

const OLD = '0123456789abcdef0123456789abcdef';
const NEW = 'fedcba9876543210fedcba9876543210';
const ids = { ...createIds(), things: new Map([[OLD, NEW], [`m-${OLD}`, `m-${NEW}`]]), roots: new Map([[NEW, `mlflow-artifacts:/7/${NEW}/artifacts`]]) };

test("what MLflow's tags say of another run is rewritten, a person's words are not", () => {
  expect(rewriteTag(ids, 'mlflow.parentRunId', OLD)).toBe(NEW);
  expect(rewriteTag(ids, 'mlflow.log-model.history', `[{"run_id": "${OLD}"}]`)).toContain(NEW);
  expect(rewriteTag(ids, 'note', OLD)).toBe(OLD);
  expect(rewrite(ids, `x${OLD} ${OLD}0`)).toBe(`x${OLD} ${OLD}0`);
});

test('the source of a version points to where it lies on the other side', () => {
  expect(rewriteSource(ids, `runs:/${OLD}/model`)).toBe(`runs:/${NEW}/model`);
  expect(rewriteSource(ids, `models:/m-${OLD}`)).toBe(`models:/m-${NEW}`);
  expect(rewriteSource(ids, `file:///home/ann/mlruns/3/${OLD}/artifacts/model`)).toBe(`mlflow-artifacts:/7/${NEW}/artifacts/model`);
  expect(rewriteSource(ids, 's3://bucket/model')).toBe('s3://bucket/model');
});

test('attributes of spans go to OpenTelemetry and come back as the same JSON', () => {
  const attributes = { 'mlflow.spanInputs': '{"x": 1, "y": [1.5, 1.0, "a", null, true]}', whole: '12345678901234567890', plain: '"text"' };
  const span = { trace_id: 'l5UvjXQSwOU+SSmlZB6FJg==', span_id: 'UL9+FMiktIQ=', parent_span_id: null, name: 'f', start_time_unix_nano: 1795246290535428881n, end_time_unix_nano: 1795246290536279067n, events: [], status: { code: 'STATUS_CODE_OK', message: '' }, attributes, links: [] };
  const [otlp] = toOtlp([span]) ?? [];
  expect(otlp).toMatchObject({ traceId: '97952f8d7412c0e53e4929a5641e8526', startTimeUnixNano: '1795246290535428881' });
  expect(fromProto({ ...span, attributes: (otlp?.['attributes'] ?? []) as never }).attributes).toEqual(attributes);
  expect(toOtlp([{ ...span, trace_id: 'abc' }])).toBeNull();
});
