/** Imports and exports over real engines: killed in the middle, stopped by a person, from one workspace to another. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundles, lab, type Lab } from '../engine/support';
import { openSource } from '../../../src/core/exchange/open';
import { collect, comparable, mlrunsFixture } from '../../support/exchange';

let bundle: Awaited<ReturnType<typeof bundles>>;
beforeAll(async () => { bundle = await bundles(); });
afterAll(() => bundle.dispose());

let folder = '';
let here: Lab;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-copies-')));
  here = lab(bundle.engine);
});
afterEach(async () => {
  await here.dispose();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const RUNS = 250;
const STEPS = 800;

/** An mlruns folder with many runs. */
function manyRuns(): string {
  const root = path.join(folder, 'mlruns');
  const experiment = path.join(root, '7');
  mkdirSync(experiment, { recursive: true });
  writeFileSync(path.join(experiment, 'meta.yaml'), "artifact_location: ''\nexperiment_id: '7'\nlifecycle_stage: active\nname: many\n");
  const points = Array.from({ length: STEPS }, (_, step) => `${1_700_000_000_000 + step} ${1 / (step + 1)} ${step}\n`).join('');
  for (let i = 0; i < RUNS; i += 1) {
    const id = i.toString(16).padStart(32, '0');
    for (const name of ['metrics', 'params', 'artifacts']) mkdirSync(path.join(experiment, id, name), { recursive: true });
    writeFileSync(path.join(experiment, id, 'meta.yaml'), `run_id: '${id}'\nrun_name: run-${i}\nstatus: 3\nstart_time: 1700000000000\nend_time: 1700000001000\nlifecycle_stage: active\nuser_id: ann\nartifact_uri: ''\n`);
    writeFileSync(path.join(experiment, id, 'metrics', 'loss'), points);
    writeFileSync(path.join(experiment, id, 'params', 'i'), String(i));
    writeFileSync(path.join(experiment, id, 'artifacts', 'a.txt'), `file ${i}`);
  }
  return root;
}

test('an engine that is killed in the middle of an import: the next one goes on, and every point is there once', async () => {
  const from = manyRuns();
  const client = await here.connect();
  let killed = 0;
  const heard = client.on('copying', ({ kind, done }) => {
    if (killed > 0 || kind !== 'runs' || done < 1 || done > RUNS - 10) return;
    killed = here.enginePid();
    process.kill(killed, 'SIGKILL');
  });
  const report = await client.request('mlflow.import', { from, job: 'one' });
  heard.dispose();
  expect(killed).toBeGreaterThan(0);
  expect(here.enginePid()).not.toBe(killed);
  expect(report).toMatchObject({ failed: 0, counts: { runs: { failed: 0 } } });
  expect(report.counts.runs.made).toBeLessThan(RUNS);
  const { rows, total } = await client.request('runs.search', { limit: 1000 });
  expect(total).toBe(RUNS);
  expect(rows.every(({ state, params, metrics }) => state === 'finished' && params['i'] !== undefined && metrics['loss']?.count === STEPS)).toBe(true);
  expect(await client.request('mlflow.import', { from, job: 'two' })).toMatchObject({ points: 0, files: 0, counts: { runs: { made: 0, completed: 0, same: RUNS } } });
}, 120_000);

test('a person who stops an import keeps what came, and the next one brings the rest', async () => {
  const from = manyRuns();
  const client = await here.connect();
  const asked = client.request('mlflow.import', { from, job: 'mine' });
  const ended = expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  await new Promise<void>((resolve) => {
    const heard = client.on('copying', ({ kind, done }) => {
      if (kind !== 'runs' || done < 1) return;
      heard.dispose();
      resolve();
    });
  });
  const [second, none, stopped] = await Promise.allSettled([
    client.request('mlflow.import', { from, job: 'other' }), client.request('mlflow.stopCopy', { job: 'other' }), client.request('mlflow.stopCopy', { job: 'mine' }),
  ]);
  await ended;
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
  expect([none, stopped]).toMatchObject([{ value: { stopped: false } }, { value: { stopped: true } }]);
  expect((await client.request('mlflow.import', { from, job: 'again' })).failed).toBe(0);
  expect((await client.request('runs.search', { limit: 1 })).total).toBe(RUNS);
}, 120_000);

test('a workspace takes in what another one serves, and refuses itself', async () => {
  const client = await here.connect();
  await client.request('mlflow.import', { from: mlrunsFixture(folder), job: 'in' });
  const { uri, token } = await client.request('mlflow.serve', {});
  await expect(client.request('mlflow.import', { from: uri, job: 'self' })).rejects.toThrow(/this workspace itself/);
  const other = lab(bundle.engine);
  try {
    const second = await other.connect();
    const report = await second.request('mlflow.import', { from: uri, job: 'over', credentials: { token } });
    expect(report.failures).toEqual([]);
    expect(report.counts).toMatchObject({ runs: { made: 6 }, models: { made: 2 }, registered: { made: 3 }, traces: { made: 1 } });
    const ids = async (of: typeof client): Promise<string[]> => (await of.request('runs.search', { view: 'all', limit: 100 })).rows.map(({ id }) => id).sort();
    expect(await ids(second)).toEqual(await ids(client));
    await expect(second.request('mlflow.import', { from: uri, job: 'bare' })).rejects.toMatchObject({ code: 'refused', hint: expect.stringContaining('MLFLOW_TRACKING_TOKEN') as string });
  } finally {
    await other.dispose();
  }
}, 120_000);

test("a workspace's own token is not sent to other servers", async () => {
  const heard: (string | undefined)[] = [];
  const server = createServer((request, response) => { heard.push(request.headers.authorization); response.writeHead(404).end('{}'); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const client = await here.connect();
    const { token } = await client.request('mlflow.serve', {});
    const from = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    await client.request('mlflow.import', { from, job: 'a', credentials: { token } }).catch(() => null);
    await client.request('mlflow.import', { from, job: 'b', credentials: { token: 'theirs' } }).catch(() => null);
    expect(heard).toEqual([undefined, 'Bearer theirs']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** Passes requests on; of every n-th that changes something, the answer is lost on the way. */
async function losingProxy(target: string, every: number): Promise<{ uri: string; lost(): number; close(): void }> {
  let changes = 0;
  let lost = 0;
  const server = createServer((request, response) => {
    const onward = httpRequest(`${target}${request.url}`, { method: request.method, headers: { ...request.headers, host: new URL(target).host } }, (answer) => {
      if (request.method === 'POST' && !/search|\/get/.test(request.url ?? '') && ++changes % every === 0) {
        lost += 1;
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { uri: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, lost: () => lost, close: () => { server.closeAllConnections(); server.close(); } };
}

test('an export over a line that loses answers makes nothing twice', async () => {
  const client = await here.connect();
  await client.request('mlflow.import', { from: mlrunsFixture(folder), job: 'in' });
  const other = lab(bundle.engine);
  const second = await other.connect();
  const { uri, token } = await second.request('mlflow.serve', {});
  const line = await losingProxy(uri, 4);
  try {
    const report = await client.request('mlflow.export', { to: line.uri, job: 'out', credentials: { token } });
    expect(report.failures).toEqual([]);
    expect(line.lost()).toBeGreaterThan(5);
    expect((await second.request('runs.search', { view: 'all', limit: 100 })).total).toBe(6);
    const faults: string[] = [];
    const source = openSource(uri, { fault: (where, why) => faults.push(`${where}: ${why}`), env: { MLFLOW_TRACKING_TOKEN: token } });
    const sent = comparable(await collect(source));
    source.dispose();
    const own = await client.request('mlflow.serve', {});
    const from = openSource(own.uri, { fault: (where, why) => faults.push(`${where}: ${why}`), env: { MLFLOW_TRACKING_TOKEN: own.token } });
    // A server that is told no user writes 'unknown'.
    const nobody = (text: string): string => text.replaceAll(',"mlflow.user":"unknown"', '').replaceAll('"user":"unknown"', '"user":""');
    expect(JSON.parse(nobody(JSON.stringify(sent)))).toEqual(comparable(await collect(from)));
    from.dispose();
    expect(faults).toEqual([]);
  } finally {
    line.close();
    await other.dispose();
  }
}, 120_000);

test('a name that the other side refuses is told, and all beside it goes over', async () => {
  const client = await here.connect();
  const from = mlrunsFixture(folder);
  const run = path.join(from, '575721806102202498', '831f6f7b6d074bf8bb6db3bf27fd6e9f');
  writeFileSync(path.join(run, 'metrics', 'we@ird'), '1795246299999 2.5 1\n');
  writeFileSync(path.join(run, 'metrics', 'fine'), '1795246299999 2.5 1\n');
  expect((await client.request('mlflow.import', { from, job: 'in' })).failures).toEqual([]);
  const other = lab(bundle.engine);
  try {
    const second = await other.connect();
    const { uri, token } = await second.request('mlflow.serve', {});
    const report = await client.request('mlflow.export', { to: uri, job: 'out', credentials: { token } });
    expect(report.failures.map(({ where }) => where)).toEqual(['metric we@ird of run running']);
    const { rows } = await second.request('runs.search', { filter: "attributes.run_name = 'running'" });
    expect(Object.keys(rows[0]?.metrics ?? {}).sort()).toEqual(['fine', 'k']);
  } finally {
    await other.dispose();
  }
}, 60_000);
