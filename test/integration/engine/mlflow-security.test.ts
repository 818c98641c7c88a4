/** What a hostile page, another user's program, or a client with nonsense can do to a real engine: nothing, and it is told so in MLflow's words. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import { start } from '../cli/support';
import { until } from '../../support/until';
import { addressOf, ask, B, newRun, type Address, type Answer } from './mlflow-clients';
import { bundles, lab, type Lab } from './support';

let bundle: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let client: EngineClient;
let address: Address;
let run: string;
beforeAll(async () => {
  bundle = await bundles();
  here = lab(bundle.engine);
  client = await here.connect();
  address = await addressOf(client);
  run = await newRun(address);
});
afterAll(async () => {
  await here.dispose();
  bundle.dispose();
});

const A = '/api/2.0/mlflow-artifacts/artifacts';
/** Every kind of endpoint, and what it needs to be found. */
const ENDPOINTS: [method: string, path: string][] = [
  ...['runs/create', 'runs/update', 'runs/delete', 'runs/restore', 'runs/search', 'runs/set-tag', 'runs/delete-tag', 'runs/log-metric', 'runs/log-parameter', 'runs/log-batch', 'runs/log-inputs', 'runs/outputs',
    'experiments/create', 'experiments/update', 'experiments/delete', 'experiments/restore', 'experiments/search', 'experiments/set-experiment-tag',
    'registered-models/create', 'registered-models/alias', 'registered-models/rename', 'model-versions/create', 'model-versions/set-tag', 'logged-models', 'logged-models/search'].map((name): [string, string] => ['POST', `${B}/${name}`]),
  ...['runs/get', 'experiments/get', 'experiments/get-by-name', 'metrics/get-history', 'metrics/get-history-bulk', 'artifacts/list', 'registered-models/get', 'model-versions/get', 'registered-models/search', 'logged-models/x'].map((name): [string, string] => ['GET', `${B}/${name}`]),
  ['GET', A], ['PUT', `${A}/0/${'a'.repeat(32)}/artifacts/x`], ['DELETE', `${A}/0/${'a'.repeat(32)}/artifacts/x`], ['GET', '/version'], ['GET', '/ajax-api/2.0/mlflow/runs/get'], ['GET', '/get-artifact'], ['POST', '/v1/traces'], ['POST', '/api/3.0/mlflow/traces/search'], ['GET', '/nothing'],
];

const spools = (): string[] => readdirSync(path.join(here.workspace, '.runyard', 'runs')).sort();
/** In MLflow's shape, no stack and no path of this machine in it. */
function expectRefusal(answer: Answer, status: number | number[], field = ''): void {
  expect([status].flat(), answer.text).toContain(answer.status);
  expect(answer.json, answer.text).toEqual({ error_code: expect.any(String) as string, message: expect.stringContaining(field) as string });
  expect(answer.text).not.toMatch(/\n\s+at |node:internal|\.ts:\d|engine\.js|RangeError|TypeError|SQLITE/);
  expect(answer.text).not.toContain(here.workspace);
}

test.each(ENDPOINTS)('%s %s: no token 401, a page or a foreign name 403, and nothing is done', async (method, where) => {
  const before = spools();
  const body = method === 'GET' ? {} : { raw: '{}' };
  expectRefusal(await ask({ ...address, token: '' }, { method, path: where, ...body }), 401, 'MLFLOW_TRACKING_TOKEN');
  expectRefusal(await ask({ ...address, token: `${address.token}x` }, { method, path: where, ...body }), 401);
  expectRefusal(await ask(address, { method, path: where, ...body, headers: { origin: 'https://evil.example' } }), 403);
  expectRefusal(await ask(address, { method, path: where, ...body, headers: { host: 'evil.example' } }), 403);
  expectRefusal(await ask(address, { method, path: where, ...body, headers: { 'sec-fetch-site': 'cross-site' } }), 403);
  const preflight = await ask({ ...address, token: '' }, { method: 'OPTIONS', path: where, headers: { origin: 'https://evil.example', 'access-control-request-method': method } });
  expect([preflight.status, Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))]).toEqual([403, []]);
  expect(spools()).toEqual(before);
});

test('it listens on 127.0.0.1 alone', () => {
  const { port } = new URL(address.uri);
  const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
  if (process.platform !== 'linux') return;
  const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'latin1').split('\n')).map((line) => line.trim().split(/\s+/)).filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`));
  expect(listening.map(([, local]) => local)).toEqual([`0100007F:${hex}`]);
});

test('the address lies where only this user reads it, and out of version control', () => {
  expect(statSync(path.join(here.workspace, '.runyard', 'http.json')).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(here.workspace, '.runyard', '.gitignore'), 'utf8')).toContain('*');
});

test('a run that is launched sees the token in its environment, but nobody sees it in a command line', async () => {
  const { runs: [own = ''] } = await client.request('runs.launch', { argv: ['sh', '-c', 'test -n "$MLFLOW_TRACKING_TOKEN" && echo ok=1; sleep 1'] });
  await until('it to run', async () => (await client.request('runs.get', { run: own })).state === 'running');
  expect(spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout).not.toContain(address.token);
  await until('it to end', async () => (await client.request('runs.get', { run: own })).state === 'finished');
});

const post = (name: string, raw: Buffer | string, headers: Record<string, string> = {}): Promise<Answer> => ask(address, { path: `${B}/${name}`, raw, headers });
const deep = (open: string, close: string): string => `{"run_id":"${'a'.repeat(32)}","x":${open.repeat(100_000)}1${close.repeat(100_000)}}`;

test.each<[string, () => Buffer | string]>([
  ['half of JSON', () => '{"run_id":'], ['a list', () => '[1]'], ['a number', () => '1'], ['NUL bytes', () => '\u0000\u0000'], ['invalid UTF-8', () => Buffer.from('{"run_id":"\xff\xfe"}', 'latin1')],
  ['lists nested 100,000 deep', () => deep('[', ']')], ['objects nested 100,000 deep', () => deep('{"a":', '}')], ['a text of JSON nested deep', () => JSON.stringify(deep('[', ']'))], ['a million brackets', () => '['.repeat(1_000_000)],
])('%s as a body is a 400 of every endpoint that reads one', async (_what, body) => {
  for (const [method, where] of ENDPOINTS.filter(([verb, at]) => verb === 'POST' && at.startsWith(B))) expectRefusal(await ask(address, { method, path: where, raw: body() }), 400);
  expect((await ask(address, { path: `${B}/runs/get?run_id=${run}` })).status).toBe(200);
});

test('a gzip bomb is 413 and holds no memory', async () => {
  const bomb = gzipSync(Buffer.alloc(500 * 2 ** 20), { level: 9 });
  expectRefusal(await post('runs/log-batch', bomb, { 'content-encoding': 'gzip' }), 413);
  const rss = Number(/VmHWM:\s+(\d+)/.exec(process.platform === 'linux' ? readFileSync(`/proc/${here.enginePid()}/status`, 'utf8') : '')?.[1] ?? 0);
  expect(rss).toBeLessThan(600 * 1024);
});

test('a batch above 1 MB is a 400 that says so, a body above 64 MB a 413', async () => {
  expectRefusal(await post('runs/log-batch', JSON.stringify({ run_id: run, params: [{ key: 'a', value: 'x'.repeat(1_000_001) }] })), 400, '1000000 bytes');
  expectRefusal(await post('runs/log-batch', Buffer.alloc(64 * 2 ** 20 + 1, ' ')), 413);
  expect((await client.request('runs.get', { run })).params).toEqual({});
});

const metric = { run_id: '', key: 'loss', value: 1, timestamp: 1, step: 0 };
const FIELDS: [name: string, fields: () => Record<string, unknown>, field: string][] = [
  ['runs/log-metric', () => ({ ...metric, run_id: run, value: 'much' }), 'value'], ['runs/log-metric', () => ({ ...metric, run_id: run, value: {} }), 'value'], ['runs/log-metric', () => ({ ...metric, run_id: run, timestamp: 1e300 }), 'timestamp'],
  ['runs/log-metric', () => ({ ...metric, run_id: run, timestamp: -1 }), 'timestamp'], ['runs/log-metric', () => ({ ...metric, run_id: run, step: 1.5 }), 'step'], ['runs/log-metric', () => ({ ...metric, run_id: run, step: '99999999999999999999' }), 'step'],
  ['runs/log-metric', () => ({ ...metric, run_id: run, key: '' }), 'key'], ['runs/log-metric', () => ({ ...metric, run_id: run, key: '../../x' }), 'key'], ['runs/log-metric', () => ({ ...metric, run_id: run, key: '__proto__' }), 'key'], ['runs/log-metric', () => ({ ...metric, run_id: run, key: 'a\u0000b' }), 'key'],
  ['runs/log-metric', () => ({ ...metric, run_id: run, key: 'x'.repeat(251) }), 'key'], ['runs/log-parameter', () => ({ run_id: run, key: ['a'], value: '1' }), 'key'], ['runs/log-parameter', () => ({ run_id: run, key: '__proto__', value: '1' }), 'key'], ['runs/set-tag', () => ({ run_id: run, key: '__proto__', value: '1' }), 'key'],
  ['runs/log-batch', () => ({ run_id: run, metrics: 3 }), 'metrics'], ['runs/log-batch', () => ({ run_id: run, metrics: [{ key: 'fine', value: 1, timestamp: 1 }, { key: 'bad', value: null, timestamp: 1 }] }), 'metrics[1].value'],
  ['runs/log-batch', () => ({ run_id: run, metrics: [{ key: 'fine', value: 1, timestamp: 1 }], params: [{ key: 'fine', value: '1' }], tags: [{ key: '/bad', value: '1' }] }), 'tags[0].key'],
  ['runs/log-batch', () => ({ run_id: run, params: [{ key: 'fine', value: '1' }, { key: 'fine', value: '2' }] }), 'fine'],
  ['runs/create', () => ({ experiment_id: 'x' }), 'x'], ['runs/create', () => ({ experiment_id: '0', start_time: 'now' }), 'start_time'], ['runs/create', () => ({ experiment_id: '0', tags: [{ key: '../x', value: '' }] }), 'tags[0].key'],
  ['runs/update', () => ({ run_id: run, status: 'SLEEPING' }), 'status'], ['runs/search', () => ({ experiment_ids: ['0'], filter: "metrics.x > 'a" }), ''], ['runs/search', () => ({ experiment_ids: ['0'], max_results: 1e9 }), 'max_results'],
  ['runs/search', () => ({ experiment_ids: ['0'], order_by: ['x; DROP TABLE runs'] }), ''], ['runs/search', () => ({ experiment_ids: ['0'], page_token: 'x' }), 'page token'], ['experiments/create', () => ({ name: 'x'.repeat(501) }), 'name'], ['experiments/create', () => ({}), 'name'],
];

test.each(FIELDS.map(([name, fields, field], i) => [i, name, field, fields] as const))('%i: %s with a fault in %j is a 400 that names it, and writes nothing', async (_i, name, field, fields) => {
  const before = [spools(), readFileSync(path.join(here.workspace, '.runyard', 'runs', run, 'events.mlflow.jsonl'), 'utf8')];
  expectRefusal(await post(name, JSON.stringify(fields())), 400, field);
  expect([spools(), readFileSync(path.join(here.workspace, '.runyard', 'runs', run, 'events.mlflow.jsonl'), 'utf8')]).toEqual(before);
});

test("names that mean something in JavaScript are kept and given back like any other", async () => {
  const words = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];
  const own = await newRun(address);
  const of = (value: unknown): unknown[] => words.map((key) => ({ key, value, ...(typeof value === 'number' ? { timestamp: 1, step: 1 } : {}) }));
  expect((await post('runs/log-batch', JSON.stringify({ run_id: own, metrics: of(1), params: of('p'), tags: of('t') }))).status).toBe(200);
  const { data } = (await ask(address, { path: `${B}/runs/get?run_id=${own}` })).json.run as { data: Record<string, { key: string }[]> };
  for (const kind of ['metrics', 'params', 'tags']) expect(data[kind]?.map(({ key }) => key)).toEqual(expect.arrayContaining(words));
  const { params, tags, metrics } = await client.request('runs.get', { run: own });
  for (const word of words) expect([params[word], tags[word], metrics[word]?.value]).toEqual(['p', 't', 1]);
});

test('text of any kind is kept as it is: NUL, emoji, other scripts, what looks like a path or a program', async () => {
  const values = ['a\u0000b', '🦊', 'Größe', '../../etc/passwd', '<script>alert(1)</script>', "'; DROP TABLE runs; --", '\u202e', '${HOME}', '%00'];
  const own = await newRun(address, { run_name: "<b>'\";--" });
  const params = values.map((value, i) => ({ key: `p${i}`, value }));
  expect((await post('runs/log-batch', JSON.stringify({ run_id: own, params, tags: params }))).status).toBe(200);
  const { info, data } = (await ask(address, { path: `${B}/runs/get?run_id=${own}` })).json.run as { info: { run_name: string }; data: { params: unknown[] } };
  expect(info.run_name).toBe("<b>'\";--");
  expect(data.params).toEqual(expect.arrayContaining(params));
});

test.each(['', 'x', '..', '../..', '%2e%2e%2f', 'a'.repeat(32), "' OR 1=1 --", '\u0000', 'a'.repeat(10_000), '__proto__', 'constructor'])('a run named %j is told to be none', async (id) => {
  expectRefusal(await ask(address, { path: `${B}/runs/get?run_id=${encodeURIComponent(id)}` }), [400, 404]);
  for (const name of ['runs/log-metric', 'runs/set-tag', 'runs/delete', 'runs/update', 'runs/log-batch', 'runs/log-inputs', 'runs/outputs', 'runs/log-parameter']) expectRefusal(await post(name, JSON.stringify({ ...metric, run_id: id, value: '1' })), [400, 404]);
});

test.each([`${A}/../../../../etc/passwd`, `${A}/%2e%2e/%2e%2e/x`, `${A}/..%2f..%2fx`, `${A}/%252e%252e/x`, `${A}//etc/passwd`, `${A}/0/x/artifacts/%00`, `${A}?path=../..`, `${A}?path=/etc`, `${B}/../../../x`, '/.runyard/http.json', '/http.json', '/%2e%2e/http.json'])('%s leads nowhere', async (where) => {
  const answer = await ask(address, { path: where });
  expect([400, 403, 404], answer.text).toContain(answer.status);
  expect(answer.text).not.toContain(address.token);
});

test('fifty clients that each send nonsense leave the engine as it was', async () => {
  const pid = here.enginePid();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
  const bodies = ['', '{', 'null', '[]', deep('[', ']'), '\u0000', '{"run_id":{}}', '{"metrics":[[[]]]}', `{"run_id":"${run}","metrics":[{"key":"a","value":1e999,"timestamp":"x"}]}`];
  const answers = await Promise.all(Array.from({ length: 450 }, (_, i) => ask(address, { path: `${B}/runs/log-batch`, raw: bodies[i % bodies.length] ?? '', agent })));
  agent.destroy();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  expect(here.enginePid()).toBe(pid);
});

test('with --no-token whoever reaches the port may ask, no page may, and it is said', async () => {
  const running = start(bundle.cli, here.workspace, ['serve', '--no-token', '--workspace', here.workspace]);
  try {
    await until('its address', () => /MLFLOW_TRACKING_URI=\S+\n/.test(running.out()));
    const uri = /MLFLOW_TRACKING_URI=(\S+)/.exec(running.out())?.[1] ?? '';
    expect(running.out()).not.toContain('TOKEN');
    expect(running.err()).toContain('No token is asked for');
    expect((await ask({ uri, token: '' }, { path: '/version' })).status).toBe(200);
    expect((await ask({ uri, token: '' }, { path: '/version', headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await ask({ uri, token: '' }, { path: '/version', headers: { host: 'evil.example' } })).status).toBe(403);
    // The address that everybody else has still asks for it.
    expect((await ask({ ...address, token: '' }, { path: '/version' })).status).toBe(401);
  } finally {
    running.kill('SIGTERM');
    await running.done;
  }
  const open = /MLFLOW_TRACKING_URI=(\S+)/.exec(running.out())?.[1] ?? '';
  await until('it to be closed, some seconds after nobody wants it any more', () => ask({ uri: open, token: '' }, { path: '/version' }).then(() => false, () => true), 30_000, 500);
});

test("none of all that was an error of the engine's own", () => {
  expect(here.log()).not.toMatch(/ error /);
});
