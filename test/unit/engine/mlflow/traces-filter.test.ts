import { describe, expect, test } from 'vitest';
import { RunyardError } from '../../../../src/core/base/errors';
import { parseTraceFilter, parseTraceOrder } from '../../../../src/engine/mlflow/traces/filter';
import { canonicalUsage, costOf, usageOf } from '../../../../src/engine/mlflow/traces/totals';
import { previewOf } from '../../../../src/engine/mlflow/traces/preview';
import { duration, fromDuration, fromTimestamp, timestamp } from '../../../../src/engine/mlflow/traces/times';
import type { SpanRecord } from '../../../../src/core/domain/trace';

const codeOf = (work: () => unknown): string => {
  try { work(); } catch (error) { return error instanceof RunyardError ? error.code : String(error); }
  return 'nothing thrown';
};

describe('a filter', () => {
  test.each([
    ["name = 'x'", { entity: 'tag', name: 'mlflow.traceName' }], ["trace.name LIKE '%x%'", { entity: 'tag', name: 'mlflow.traceName' }], ['attributes.timestamp > 5', { entity: 'attribute', name: 'timestamp_ms' }],
    ["run_id = 'r'", { entity: 'metadata', name: 'mlflow.sourceRun' }], ["metadata.`mlflow.trace.session` = 's'", { entity: 'metadata', name: 'mlflow.trace.session' }], ["span.attributes.`a.b` ILIKE 'x'", { entity: 'span', name: 'attributes.a.b' }],
    ["trace.text LIKE '%x%'", { entity: 'span', name: 'content' }], ["tags.\"my key\" RLIKE '^a'", { entity: 'tag', name: 'my key' }], ['feedback.score >= 0.5', { entity: 'feedback', name: 'score' }], ["issue.id = 'i'", { entity: 'issue', name: 'id' }],
    ['expectation.answer IS NOT NULL', { entity: 'expectation', name: 'answer' }],
  ])('%s names what it means', (text, key) => {
    expect(parseTraceFilter(text).map((one) => one.key)).toEqual([key]);
  });

  test('joins conditions by AND alone', () => {
    expect(parseTraceFilter("status = 'OK' AND span.name IN ('a', 'b') and execution_time_ms < 3")).toHaveLength(3);
    expect(codeOf(() => parseTraceFilter("name = 'a' OR name = 'b'"))).toBe('bad_input');
  });

  test.each([
    "nme = 'x'", "tags.a > 'b'", 'tags.a = 5', "timestamp_ms = 'x'", 'status IS NULL', 'status IS SILLY', "foo.bar = 'x'", "span.foo = 'x'", "span.name > 'x'", "tags.a IN ('b')", "feedback.x > 'b'", 'feedback.x = 1', "issue.foo = 'x'",
    "prompt = 'a'", "prompt LIKE 'a/1'", "text = 'x'", "metadata.`mlflow.trace.cost` LIKE 'x'", "name RLIKE '('", "span.attributes. = 'x'", "name = 'a' AND", "name",
  ])('that says %s is refused', (text) => {
    expect(codeOf(() => parseTraceFilter(text))).toBe('bad_input');
  });
});

describe('an order', () => {
  test('names attributes, tags and metadata, once each', () => {
    expect(parseTraceOrder(['timestamp DESC', 'tags.a', 'metadata.b ASC', 'name desc'])).toEqual([
      { key: { entity: 'attribute', name: 'timestamp_ms' }, descending: true }, { key: { entity: 'tag', name: 'a' }, descending: false }, { key: { entity: 'metadata', name: 'b' }, descending: false },
      { key: { entity: 'tag', name: 'mlflow.traceName' }, descending: true },
    ]);
    for (const bad of [['foo'], ['timestamp FOO'], ['span.name'], ['timestamp', 'timestamp_ms DESC'], ['timestamp DESC x'], ['']]) expect(codeOf(() => parseTraceOrder(bad)), bad.join()).toBe('bad_input');
  });
});

const span = (id: string, parent: string | null, said: Record<string, unknown> | null, key = 'mlflow.chat.tokenUsage'): SpanRecord => ({
  trace_id: 't', span_id: id, parent_span_id: parent, name: id, start_time_unix_nano: '1', end_time_unix_nano: '2', events: [], status: { code: 'STATUS_CODE_OK', message: '' }, attributes: said ? { [key]: JSON.stringify(said) } : {}, links: [],
});
const tokens = (input: number, output: number): Record<string, number> => ({ input_tokens: input, output_tokens: output, total_tokens: input + output });

describe('totals', () => {
  test('sum what spans say, and count nothing that an ancestor has counted', () => {
    expect(usageOf([span('a', null, null), span('b', 'a', tokens(1, 2)), span('c', 'a', tokens(3, 4))])).toBe('{"input_tokens": 4, "output_tokens": 6, "total_tokens": 10}');
    expect(usageOf([span('c', 'b', tokens(3, 4)), span('b', 'a', null), span('a', null, tokens(3, 4))])).toBe('{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}');
    expect(usageOf([span('a', null, null)])).toBeNull();
  });

  test('count a span whose parent is elsewhere, and end in a ring', () => {
    expect(usageOf([span('a', 'gone', tokens(1, 1))])).toBe('{"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}');
    expect(usageOf([span('a', 'b', tokens(1, 1)), span('b', 'a', tokens(1, 1))])).toBe('{"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}');
  });

  test('hold for a trace that is ten thousand deep', () => {
    const deep = Array.from({ length: 10_000 }, (_, n) => span(String(n), n === 0 ? null : String(n - 1), n === 9999 ? tokens(1, 1) : null));
    expect(usageOf(deep)).toContain('"total_tokens": 2');
  });

  test('cost is written as Python writes doubles', () => {
    expect(costOf([span('a', null, { input_cost: 1, output_cost: 0.25, total_cost: 1.25 }, 'mlflow.llm.cost')])).toBe('{"input_cost": 1.0, "output_cost": 0.25, "total_cost": 1.25}');
  });

  test('a client’s own are kept in one form', () => {
    expect(canonicalUsage('{"output_tokens":2,"x":5,"input_tokens":1}')).toBe('{"input_tokens": 1, "output_tokens": 2}');
    expect(canonicalUsage('nonsense')).toBeNull();
    expect(canonicalUsage('{"input_tokens": 1.5}')).toBeNull();
  });
});

describe('a preview', () => {
  test('is the last message of a chat, else the text, and never long', () => {
    expect(previewOf('{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hello"}, {"role": "assistant", "content": "x"}]}', 'user')).toBe('hello');
    expect(previewOf('{"choices": [{"message": {"role": "assistant", "content": [{"type": "text", "text": "hi"}]}}]}', 'assistant')).toBe('hi');
    expect(previewOf('{"q": 1}', 'user')).toBe('{"q": 1}');
    expect(previewOf(`"${'x'.repeat(2000)}"`, 'user')).toHaveLength(1000);
  });
});

describe('times', () => {
  test('are written as proto3 JSON writes them', () => {
    expect([timestamp(1_795_247_463_869), timestamp(1_795_247_463_000), duration(106), duration(1500), duration(0), duration(-5)])
      .toEqual(['2026-11-21T07:51:03.869Z', '2026-11-21T07:51:03Z', '0.106s', '1.500s', '0s', '-0.005s']);
  });

  test('are read with any fraction and offset', () => {
    expect(fromTimestamp.parse('2026-11-21T08:51:03.869999999+01:00')).toBe(1_795_247_463_869);
    expect([fromDuration.parse('0.106s'), fromDuration.parse('3s'), fromDuration.parse('-0.005s'), fromDuration.parse('1.234567s')]).toEqual([106, 3000, -5, 1234]);
    for (const bad of ['bad', '2026-11-21', '5']) expect(fromTimestamp.safeParse(bad).success || fromDuration.safeParse(bad).success, bad).toBe(false);
  });
});
