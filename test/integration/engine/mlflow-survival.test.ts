/** The engine goes and comes while clients log: no point is lost or doubled, and they find it where it was. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import { isAlive, startTimeOf } from '../../../src/core/tracking/process';
import { takePort } from '../../support/ports';
import { until } from '../../support/until';
import { addressOf, ask, B, historyOf, newRun, startClient, type Address } from './mlflow-clients';
import { bundles, lab, type Lab } from './support';

let bundle: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let client: EngineClient;
let address: Address;
beforeAll(async () => { bundle = await bundles(); });
afterAll(() => bundle.dispose());
beforeEach(async () => {
  here = lab(bundle.engine);
  client = await here.connect();
  address = await addressOf(client);
});
afterEach(() => here.dispose());

const restart = async (): Promise<void> => {
  const before = here.enginePid();
  process.kill(before, 'SIGKILL');
  await until('a new engine', async () => client.state === 'connected' && (await client.request('engine.status')).pid !== before);
};
const steps = async (run: string, key = 'loss'): Promise<number[]> => (await historyOf(await addressOf(client), run, key)).map(({ step }) => step);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const kept = (): { port: number; token: string } => JSON.parse(readFileSync(path.join(here.workspace, '.runyard', 'http.json'), 'utf8')) as { port: number; token: string };

test('the engine is killed and started again and again while a client logs: every point is there once', async () => {
  const logging = startClient(here, address, { POINTS: '400', EVERY: '5' });
  const run = await logging.run();
  for (let round = 1; round <= 3; round++) {
    await until('some more points', () => logging.points() > round * 60, 30_000);
    await restart();
  }
  await logging.done();
  expect(await steps(run)).toEqual(upTo(400));
  expect((await client.request('runs.get', { run })).metrics.loss?.count).toBe(400);
});

test('a restarted engine listens at the same port with the same token', async () => {
  await restart();
  expect(await addressOf(client)).toEqual(address);
  expect(statSync(path.join(here.workspace, '.runyard', 'http.json')).mode & 0o077).toBe(0);
});

test('a port that somebody else took meanwhile: another one with another token, written down, and said', async () => {
  const { port, token } = kept();
  client.dispose();
  const id = { pid: here.enginePid(), startTime: startTimeOf(here.enginePid()) };
  process.kill(id.pid, 'SIGKILL');
  await until('it to be gone', () => !isAlive(id));
  const other = await takePort(port);
  try {
    client = await here.connect();
    const now = await addressOf(client);
    expect(now.uri).not.toBe(address.uri);
    expect(`http://127.0.0.1:${kept().port}`).toBe(now.uri);
    // Clients that still run tell the old one to whoever listens at the old port.
    expect(kept().token).toBe(now.token);
    expect(now.token).not.toBe(token);
    expect((await ask({ ...now, token }, { path: '/version' })).status).toBe(401);
    expect(client.hello.notices.join()).toContain(`port ${port} was taken`);
    expect((await ask(now, { path: '/version' })).status).toBe(200);
  } finally {
    other.close();
  }
});

test('eight processes that log at once lose nothing', async () => {
  const run = await newRun(address);
  const all = upTo(8).map((n) => startClient(here, address, { RUN: run, KEY: `m${n}`, POINTS: '150', EVERY: '0' }));
  await Promise.all(all.map((one) => one.done()));
  for (const n of upTo(8)) expect(await steps(run, `m${n}`)).toEqual(upTo(150));
});

test('a client killed in the middle of its batch leaves none of it', async () => {
  const run = await newRun(address);
  const metrics = upTo(1000).map((step) => ({ key: 'loss', value: step, step, timestamp: 1_700_000_000_000 + step }));
  const body = JSON.stringify({ run_id: run, metrics });
  const { port } = new URL(address.uri);
  const script = `const s = require('net').connect(${port}, '127.0.0.1', () => { s.write(${JSON.stringify(
    `POST ${B}/runs/log-batch HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${address.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`)} + require('fs').readFileSync(0, 'utf8'), () => console.log('half')); }); setTimeout(() => {}, 1e8);`;
  const child = spawn(process.execPath, ['-e', script], { cwd: here.workspace, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(body.slice(0, body.length / 2));
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  await until('half of it to be sent', () => out.includes('half'));
  child.kill('SIGKILL');
  await ask(address, { path: `${B}/runs/log-metric`, body: { run_id: run, key: 'other', value: 1, timestamp: 1 } });
  expect(await steps(run)).toEqual([]);
  expect(await steps(run, 'other')).toEqual([0]);
});

test('the same batch sent twice is there once', async () => {
  const run = await newRun(address);
  const body = { run_id: run, metrics: upTo(50).map((step) => ({ key: 'loss', value: step, step, timestamp: step })), params: [{ key: 'lr', value: '0.1' }], tags: [{ key: 'kind', value: 'twice' }] };
  for (const round of [1, 2]) {
    expect((await ask(address, { path: `${B}/runs/log-batch`, body })).status).toBe(200);
    if (round === 1) await restart();
  }
  expect(await steps(run)).toEqual(upTo(50));
});

test('what was acknowledged just before the engine is killed is there', async () => {
  const run = await newRun(address);
  for (let n = 1; n <= 5; n++) {
    await ask(address, { path: `${B}/runs/log-batch`, body: { run_id: run, metrics: [{ key: 'loss', value: n, step: n, timestamp: n }], params: [{ key: `p${n}`, value: 'x' }] } });
    await restart();
  }
  expect(await steps(run)).toEqual(upTo(5));
  expect(Object.keys((await client.request('runs.get', { run })).params).sort()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
});

test('no word of the runs is lost when the store is deleted while no engine is there', async () => {
  const logging = startClient(here, address, { POINTS: '30', EVERY: '0' });
  const run = await logging.run();
  await logging.done();
  client.dispose();
  const id = { pid: here.enginePid(), startTime: startTimeOf(here.enginePid()) };
  process.kill(id.pid, 'SIGKILL');
  await until('it to be gone', () => !isAlive(id));
  const dir = path.join(here.workspace, '.runyard');
  for (const name of readdirSync(dir).filter((one) => /\.db|\.sqlite/.test(one))) rmSync(path.join(dir, name));
  client = await here.connect();
  await until('the run to be taken in again', async () => (await client.request('runs.get', { run }).catch(() => null))?.metrics.loss?.count === 30);
  expect(existsSync(path.join(dir, 'http.json'))).toBe(true);
});
