/** Traces over the wire, on a real engine: in any order, in any number of pieces, and there after it was killed. */
import { gzipSync, deflateSync } from 'node:zlib';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import { otlpRequest, otlpSpan, START, startRequest, traceId, type SpanOptions } from '../../support/traces';
import { until } from '../../support/until';
import { raw, restOf, type Answer, type Rest } from './mlflow-rest';
import { bundles, lab, type Lab } from './support';

let bundle: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let client: EngineClient;
let rest: Rest;

beforeAll(async () => {
  bundle = await bundles();
  here = lab(bundle.engine);
  client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '60' } });
  rest = await restOf(client);
});

afterAll(async () => {
  await here?.dispose();
  bundle?.dispose();
});

const V3 = '/api/3.0/mlflow/traces';
let next = 100;
const fresh = (): number => { next += 1; return next; };
const send = (spans: readonly SpanOptions[], headers: Record<string, string> = {}, resource: Record<string, string> = {}): Promise<Answer> =>
  rest.ask('POST /v1/traces', otlpRequest(spans.map(otlpSpan), resource), { 'x-mlflow-experiment-id': '0', ...headers });

interface Info { trace_id: string; state: string; request_time: string; execution_duration: string; tags: Record<string, string>; trace_metadata?: Record<string, string>; request_preview?: string; assessments?: { assessment_id: string; valid: boolean; feedback: { value: unknown } }[] }
const infoOf = async (trace: number): Promise<Info> => (await rest.get<{ trace: { trace_info: Info } }>(`GET ${V3}/${traceId(trace)}`)).trace.trace_info;
const spansOf = async (trace: number): Promise<{ name: string }[]> => (await rest.get<{ trace: { spans?: { name: string }[] } }>(`GET ${V3}/get`, { trace_id: traceId(trace), allow_partial: true })).trace.spans ?? [];
const search = async (fields: Record<string, unknown>, experiment = '0'): Promise<{ traces?: Info[]; next_page_token?: string }> =>
  rest.get(`POST ${V3}/search`, { locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } }], ...fields });
const newExperiment = async (name: string): Promise<string> => (await rest.get<{ experiment_id: string }>('POST experiments/create', { name })).experiment_id;

describe('spans', () => {
  test('make their trace, in several pieces, children first', async () => {
    const trace = fresh();
    await send([{ trace, id: 2, parent: 1, name: 'child', at: 5, took: 10, attributes: { 'mlflow.chat.tokenUsage': { input_tokens: 1, output_tokens: 2, total_tokens: 3 } } }]);
    expect(await infoOf(trace)).toMatchObject({ state: 'IN_PROGRESS', execution_duration: '0.010s' });
    await send([{ trace, id: 1, name: 'root', took: 40, error: 'boom', inputs: { q: 1 } }, { trace, id: 3, parent: 1, name: 'other', at: 20, attributes: { 'mlflow.chat.tokenUsage': { input_tokens: 5, output_tokens: 5, total_tokens: 10 } } }], {}, { 'service.name': 'svc', 'telemetry.sdk.name': 'x' });
    const info = await infoOf(trace);
    expect(info).toMatchObject({ state: 'ERROR', execution_duration: '0.040s', request_time: new Date(START).toISOString().replace('.000Z', 'Z'), request_preview: '{"q": 1}' });
    expect(info.trace_metadata?.['mlflow.trace.tokenUsage']).toBe('{"input_tokens": 6, "output_tokens": 7, "total_tokens": 13}');
    expect(info.tags).toEqual({ 'service.name': 'svc', 'mlflow.trace.spansLocation': 'TRACKING_STORE', 'mlflow.artifactLocation': `mlflow-artifacts:/0/traces/${traceId(trace)}/artifacts` });
    expect((await spansOf(trace)).map(({ name }) => name)).toEqual(['root', 'child', 'other']);
  });

  test('sent again change nothing', async () => {
    const trace = fresh();
    const spans = [{ trace, id: 1, name: 'root', took: 40 }, { trace, id: 2, parent: 1, name: 'child', attributes: { 'mlflow.chat.tokenUsage': { input_tokens: 1, output_tokens: 2, total_tokens: 3 } } }];
    await send(spans);
    const before = [await infoOf(trace), await spansOf(trace)];
    await send(spans);
    await send(spans.slice(1));
    expect([await infoOf(trace), await spansOf(trace)]).toEqual(before);
  });

  test.each(['before', 'after'])('that come %s what their client says of the trace do not take it back', async (when) => {
    const trace = fresh();
    const start = (): Promise<unknown> => rest.get(`POST ${V3}`, startRequest({ trace, name: 'said', took: 1234, at: 7, metadata: { 'mlflow.trace.tokenUsage': '{"input_tokens":1}' } }));
    if (when === 'after') await start();
    await send([{ trace, id: 1, name: 'root', took: 9000, error: 'boom', attributes: { 'mlflow.chat.tokenUsage': { input_tokens: 100 } } }]);
    if (when === 'before') await start();
    const info = await infoOf(trace);
    expect(info).toMatchObject({ state: 'OK', execution_duration: '1.234s' });
    expect(info.trace_metadata?.['mlflow.trace.tokenUsage']).toBe('{"input_tokens": 1}');
    expect(info.tags).toMatchObject({ 'mlflow.traceName': 'said', 'mlflow.trace.spansLocation': 'TRACKING_STORE' });
    expect(await spansOf(trace)).toHaveLength(1);
  });

  test('are waited for as long as their client counted more of them', async () => {
    const trace = fresh();
    await rest.get(`POST ${V3}`, startRequest({ trace, metadata: { 'mlflow.trace.sizeStats': '{"num_spans": 2}' } }));
    await send([{ trace, id: 1, name: 'root' }]);
    const asked = rest.get<{ trace: { spans: unknown[] } }>(`GET ${V3}/get`, { trace_id: traceId(trace) });
    await send([{ trace, id: 2, parent: 1, name: 'late' }]);
    expect((await asked).trace.spans).toHaveLength(2);
  });

  test('come packed as gzip and deflate too', async () => {
    for (const [coding, pack] of [['gzip', gzipSync], ['deflate', deflateSync]] as const) {
      const trace = fresh();
      const body = pack(JSON.stringify(otlpRequest([otlpSpan({ trace, id: 1, name: coding })])));
      const { status } = await raw(rest.uri, { method: 'POST', path: '/v1/traces', body, headers: { Authorization: `Bearer ${rest.token}`, 'Content-Type': 'application/json; charset=utf-8', 'Content-Encoding': coding, 'x-mlflow-experiment-id': '0' } });
      expect(status).toBe(200);
      expect(await spansOf(trace)).toMatchObject([{ name: coding }]);
    }
  });

  test.each([
    ['no experiment', {}, 'x', 422], ['no content type', { 'x-mlflow-experiment-id': '0', 'Content-Type': 'text/plain' }, 'x', 400], ['no protobuf', { 'x-mlflow-experiment-id': '0', 'Content-Type': 'application/x-protobuf' }, 'xyzzy', 400],
    ['nothing', { 'x-mlflow-experiment-id': '0', 'Content-Type': 'application/x-protobuf' }, '', 400], ['a coding that is unknown', { 'x-mlflow-experiment-id': '0', 'Content-Type': 'application/json', 'Content-Encoding': 'br' }, '{}', 400],
    ['gzip that is none', { 'x-mlflow-experiment-id': '0', 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, '{}', 400], ['a span without ids', { 'x-mlflow-experiment-id': '0', 'Content-Type': 'application/json' }, '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}', 422],
  ] as [string, Record<string, string>, string, number][])('with %s are refused as OpenTelemetry’s exporters expect it', async (_what, headers, body, status) => {
    const answer = await raw(rest.uri, { method: 'POST', path: '/v1/traces', body, headers: { Authorization: `Bearer ${rest.token}`, ...headers } });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toHaveProperty('detail');
  });

  test('of an experiment that is none are refused in MLflow’s words, and nobody’s without a token', async () => {
    expect(await send([{ trace: fresh(), id: 1, name: 'x' }], { 'x-mlflow-experiment-id': '4711' })).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
    expect(await send([{ trace: fresh(), id: 1, name: 'x' }], { 'x-mlflow-experiment-id': 'abc' })).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    expect((await send([{ trace: fresh(), id: 1, name: 'x' }], { Authorization: 'Bearer wrong' })).status).toBe(401);
  });

  test('of one bad among good ones leave nothing behind', async () => {
    const trace = fresh();
    const body = otlpRequest([otlpSpan({ trace, id: 1, name: 'good' }), { ...otlpSpan({ trace, id: 2, name: 'bad' }), spanId: '' }]);
    expect((await rest.ask('POST /v1/traces', body, { 'x-mlflow-experiment-id': '0' })).status).toBe(422);
    expect((await rest.ask(`GET ${V3}/${traceId(trace)}`)).status).toBe(404);
  });
});

describe('a search', () => {
  let experiment: string;
  const id = (letter: string): number => 5000 + letter.charCodeAt(0);
  beforeAll(async () => {
    experiment = await newExperiment('searched');
    for (const [n, letter] of ['a', 'b', 'c', 'd'].entries()) {
      const trace = id(letter);
      await send([{ trace, id: 1, name: 'root', inputs: { letter } }, { trace, id: 2, parent: 1, name: `step ${letter}`, type: n % 2 === 0 ? 'LLM' : 'TOOL', ...(letter === 'd' ? { error: 'boom' } : {}), attributes: { n, model: `gpt-${n}` } }], { 'x-mlflow-experiment-id': experiment });
      await rest.get(`POST ${V3}`, startRequest({ trace, experiment, name: `trace-${letter}`, state: letter === 'd' ? 'ERROR' : 'OK', at: n * 1000, took: 10 * n, tags: n < 2 ? { side: 'left' } : {}, metadata: { 'mlflow.trace.session': n === 3 ? 's2' : 's1' } }));
    }
    await rest.get(`POST ${V3}/${traceId(id('a'))}/assessments`, { assessment: { assessment_name: 'score', feedback: { value: 0.75 }, source: { source_type: 'HUMAN' } } });
    await rest.get(`POST ${V3}/${traceId(id('b'))}/assessments`, { assessment: { assessment_name: 'good', feedback: { value: 'yes' }, source: { source_type: 'CODE' }, metadata: { 'mlflow.trace.session': 's1' } } });
  });
  const letters = (found: { traces?: Info[] }): string => (found.traces ?? []).map(({ trace_id: one }) => 'abcd'.split('').find((letter) => traceId(id(letter)) === one) ?? '?').join('');

  test.each([
    ['', 'dcba'], ["name = 'trace-a'", 'a'], ["trace.status = 'ERROR'", 'd'], ["tags.side = 'left'", 'ba'], ["tags.side != 'left'", ''], ['tags.side IS NULL', 'dc'], ['execution_time_ms >= 20', 'dc'], [`timestamp_ms < ${START + 1500}`, 'ba'], [`end_time > ${START + 2000}`, 'dc'],
    ["span.name = 'step b'", 'b'], ["span.type = 'LLM'", 'ca'], ["span.status = 'ERROR'", 'd'], ["span.type = 'LLM' AND span.name = 'root'", ''], ["span.attributes.model LIKE 'gpt-%'", 'dcba'], ["span.attributes.model IN ('gpt-0', 'gpt-3')", 'da'], ["span.attributes.n = '2'", 'c'],
    ["trace.text LIKE '%step c%'", 'c'], ["name RLIKE 'trace-[ab]'", 'ba'], ["metadata.`mlflow.trace.session` = 's2'", 'd'], ['feedback.score > 0.5', 'a'], ['feedback.score > 0.8', ''], ["feedback.good = 'yes'", 'cba'], ['feedback.good IS NULL', 'd'], ["request_id IN ('x')", ''],
    ["name ILIKE 'TRACE-D' AND status = 'ERROR'", 'd'],
  ])('for %s finds %s', async (filter, expected) => {
    expect(letters(await search({ filter }, experiment))).toBe(expected);
  });

  test.each([[['timestamp_ms'], 'abcd'], [['name DESC'], 'dcba'], [['status', 'timestamp ASC'], 'dabc'], [['tags.side DESC', 'execution_time ASC'], 'abcd'], [['experiment_id', 'end_time ASC'], 'abcd']])('ordered by %s gives %s', async (order_by, expected) => {
    expect(letters(await search({ order_by }, experiment))).toBe(expected);
  });

  test('gives everything once, in pages', async () => {
    const first = await search({ max_results: 3, order_by: ['timestamp_ms'] }, experiment);
    const second = await search({ max_results: 3, order_by: ['timestamp_ms'], page_token: first.next_page_token }, experiment);
    expect(letters(first) + letters(second)).toBe('abcd');
    expect(second.next_page_token).toBeUndefined();
    expect((await search({ max_results: 3, filter: "tags.side = 'left'" }, experiment)).next_page_token).toBeUndefined();
  });

  test.each([{ filter: "nme = 'x'" }, { order_by: ['foo'] }, { max_results: 501 }, { max_results: 0 }, { page_token: 'zz' }, { locations: [] }])('refuses %j', async (fields) => {
    expect(await rest.ask(`POST ${V3}/search`, { locations: [{ mlflow_experiment: { experiment_id: experiment } }], ...fields })).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  });
});

describe('a trace', () => {
  test('of a run is among the run’s, and so is one that is linked to it', async () => {
    const { run } = await rest.get<{ run: { info: { run_id: string } } }>('POST runs/create', { experiment_id: '0', run_name: 'traced' });
    const [own, linked, header] = [fresh(), fresh(), fresh()];
    await rest.get(`POST ${V3}`, startRequest({ trace: own, name: 'own', run: run.info.run_id, at: 1 }));
    await send([{ trace: linked, id: 1, name: 'by hand', at: 2 }]);
    await rest.get('POST traces/link-to-run', { trace_ids: [traceId(linked)], run_id: run.info.run_id });
    await send([{ trace: header, id: 1, name: 'by header', at: 3 }], { 'x-mlflow-run-id': run.info.run_id });
    const { traces, total } = await client.request('runs.traces', { run: run.info.run_id });
    expect([traces.map(({ name }) => name), total]).toEqual([['by header', 'by hand', 'own'], 3]);
    expect((await search({ filter: `run_id = '${run.info.run_id}'` })).traces).toHaveLength(3);
    await rest.get('POST traces/delete-traces', { experiment_id: '0', request_ids: [traceId(linked)] });
    expect((await client.request('runs.traces', { run: run.info.run_id })).total).toBe(2);
  });

  test('of a script that Runyard started belongs to its run, as long as it names no other', async () => {
    const { runs: [run = ''] } = await client.request('runs.launch', { experiment: 'scripts', argv: [process.execPath, '-e', '0'] });
    const within = await restOf(client, run);
    const [plain, other] = [fresh(), fresh()];
    const spans = (trace: number): Record<string, unknown> => otlpRequest([otlpSpan({ trace, id: 1, name: 'x' })]);
    await within.ask('POST /v1/traces', spans(plain), { 'x-mlflow-experiment-id': '0' });
    await within.ask('POST /v1/traces', spans(other), { 'x-mlflow-experiment-id': '0' });
    await within.get(`POST ${V3}`, startRequest({ trace: other, run: 'f'.repeat(32) }));
    expect((await client.request('runs.traces', { run })).traces.map(({ id }) => id)).toEqual([traceId(plain)]);
  });

  test('comes to doors with its spans, and what is known of each', async () => {
    const trace = fresh();
    await send([{ trace, id: 1, name: 'root', took: 1.5, type: 'AGENT', inputs: { q: 'ü' }, attributes: { k: 1 }, events: [{ name: 'e', attributes: { a: 1 } }] }, { trace, id: 2, parent: 1, name: 'bad', error: 'boom' }]);
    const got = await client.request('traces.get', { trace: traceId(trace), facts: true });
    expect(got.trace).toMatchObject({ id: traceId(trace), name: 'root', state: 'OK', started: START / 1000 });
    expect(got.spans).toMatchObject([
      { name: 'root', parent: null, type: 'AGENT', state: 'OK', took: 0.0015, facts: { inputs: '{"q": "ü"}', attributes: { k: '1' }, events: [{ name: 'e', attributes: '{"a":1}' }] } },
      { name: 'bad', parent: '0000000000000001', state: 'ERROR', message: 'boom' },
    ]);
    expect((await client.request('traces.get', { trace: traceId(trace), span: '0000000000000002' })).spans).toHaveLength(1);
    await expect(client.request('traces.get', { trace: 'tr-nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('can be tagged, assessed and thrown away', async () => {
    const trace = fresh();
    await send([{ trace, id: 1, name: 'root' }]);
    const at = `${V3}/${traceId(trace)}`;
    await rest.get(`PATCH ${at}/tags`, { key: 'a', value: 'b' });
    expect((await infoOf(trace)).tags['a']).toBe('b');
    await rest.get(`DELETE traces/${traceId(trace)}/tags`, { key: 'a' });
    expect(await rest.ask(`DELETE ${at}/tags`, { key: 'a' })).toMatchObject({ status: 404 });
    expect(await rest.ask(`PATCH ${at}/tags`, { key: 'mlflow.trace.spansLocation', value: 'x' })).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    const { assessment } = await rest.get<{ assessment: { assessment_id: string } }>(`POST ${at}/assessments`, { assessment: { assessment_name: 'ok', feedback: { value: { a: null, b: [1, null] } }, source: { source_type: 'HUMAN' } } });
    await rest.get(`POST ${at}/assessments`, { assessment: { assessment_name: 'ok', feedback: { value: false }, source: { source_type: 'HUMAN' }, overrides: assessment.assessment_id } });
    const [first, second] = (await infoOf(trace)).assessments ?? [];
    expect([first?.valid, first?.feedback.value, second?.valid]).toEqual([false, { a: null, b: [1, null] }, true]);
    await rest.get(`DELETE ${at}/assessments/${second?.assessment_id ?? ''}`);
    expect((await infoOf(trace)).assessments).toMatchObject([{ valid: true }]);
    expect((await rest.get<{ traces_deleted: number }>(`POST ${V3}/delete-traces`, { experiment_id: '0', request_ids: [traceId(trace), 'tr-nobody'] })).traces_deleted).toBe(1);
    expect((await rest.ask(`GET ${at}`)).status).toBe(404);
  });

  test('is thrown away oldest first, up to a time', async () => {
    const experiment = await newExperiment('aged');
    const all = [fresh(), fresh(), fresh()];
    for (const [n, trace] of all.entries()) await rest.get(`POST ${V3}`, startRequest({ trace, experiment, at: n * 1000 }));
    expect((await rest.get<{ traces_deleted: number }>('POST traces/delete-traces', { experiment_id: experiment, max_timestamp_millis: START + 1000, max_traces: 1 })).traces_deleted).toBe(1);
    expect((await search({}, experiment)).traces?.map(({ trace_id }) => trace_id)).toEqual([traceId(all[2] ?? 0), traceId(all[1] ?? 0)]);
  });
});

describe('clients before MLflow 3', () => {
  test('start, end, find and read their traces', async () => {
    const { trace_info: started } = await rest.get<{ trace_info: { request_id: string } }>('POST traces', { experiment_id: '0', timestamp_ms: 1000, request_metadata: [{ key: 'a', value: 'b' }], tags: [{ key: 'mlflow.traceName', value: 'old' }] });
    await rest.get(`PATCH traces/${started.request_id}`, { timestamp_ms: 1500, status: 'OK', tags: [{ key: 't', value: 'u' }] });
    expect(await rest.get(`GET traces/${started.request_id}/info`)).toMatchObject({ trace_info: { request_id: started.request_id, timestamp_ms: 1000, execution_time_ms: 500, status: 'OK', request_metadata: [{ key: 'a', value: 'b' }] } });
    expect(await rest.get('GET traces', { experiment_ids: '0', filter: "tags.t = 'u'", max_results: 5 })).toMatchObject({ traces: [{ request_id: started.request_id }] });
  });
});

test('traces are there after the engine was killed, and after the database was lost', async () => {
  const trace = fresh();
  await send([{ trace, id: 1, name: 'kept' }]);
  await rest.get(`POST ${V3}`, startRequest({ trace, name: 'kept', run: 'e'.repeat(32) }));
  const before = [await infoOf(trace), await spansOf(trace)];
  for (const lost of [false, true]) {
    const pid = here.enginePid();
    process.kill(pid, 'SIGKILL');
    await until('the engine to be gone', () => { try { process.kill(pid, 0); return false; } catch { return true; } });
    if (lost) for (const file of ['runyard.db', 'runyard.db-wal', 'runyard.db-shm']) if (existsSync(path.join(here.workspace, '.runyard', file))) rmSync(path.join(here.workspace, '.runyard', file));
    client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '60' } });
    rest = await restOf(client);
    expect([await infoOf(trace), await spansOf(trace)]).toEqual(before);
    expect((await search({ filter: `run_id = '${'e'.repeat(32)}'` })).traces).toHaveLength(1);
  }
});
