import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLock, lockPath } from '../../../src/engine/client/lock-record';
import { isAlive } from '../../../src/core/tracking/process';
import { until } from '../../support/until';
import { eachLab } from './support';

const here = eachLab();

test('two clients at once share one engine, and each hears what the other does', async () => {
  const [first, second] = await Promise.all([here.connect(), here.connect()]);
  expect(first.hello.pid).toBe(second.hello.pid);
  expect(first.hello.pid).toBe(here.enginePid());
  const heard: string[] = [];
  second.on('changed', (event) => heard.push(...event.runs));
  const { runs } = await first.request('runs.launch', { argv: ['sh', '-c', 'echo loss=0.5'], experiment: 'shared' });
  await until('the other client to hear of the run', () => heard.includes(runs[0] ?? ''));
  await until('the run to finish', async () => (await second.request('runs.get', { run: runs[0] ?? '' })).state === 'finished');
  const { experiments } = await second.request('experiments.list');
  expect(experiments.map(({ name, runs: count }) => [name, count])).toEqual([['shared', 1]]);
  expect((await first.request('runs.log', { run: '@last' })).text).toBe('loss=0.5\n');
});

test('the socket is this user\'s alone, in a folder of this user\'s alone', async () => {
  await here.connect();
  const address = readLock(lockPath(here.workspace))?.address ?? '';
  expect(statSync(address).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(address)).mode & 0o777).toBe(0o700);
});

test('an engine ends once nobody is connected and nothing runs, and leaves neither socket nor lock', async () => {
  const client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '0.3' } });
  const record = readLock(lockPath(here.workspace));
  client.dispose();
  await until('the engine to end', () => record && !isAlive(record));
  expect(existsSync(record?.address ?? '')).toBe(false);
  expect(existsSync(lockPath(here.workspace))).toBe(false);
  expect(here.log()).toContain('engine ends: idle');
});

test('a live run keeps the engine up, and its end is in the store before the engine ends', async () => {
  const client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '0.3' } });
  const { runs } = await client.request('runs.launch', { argv: ['sh', '-c', 'while [ ! -e go ]; do sleep 0.05; done'] });
  const record = readLock(lockPath(here.workspace));
  client.dispose();
  const later = performance.now() + 1200;
  await until('several times the idle time', () => performance.now() > later);
  expect(record && isAlive(record)).toBe(true);
  writeFileSync(path.join(here.workspace, 'go'), '');
  await until('the engine to end', () => record && !isAlive(record));
  expect((await (await here.connect()).request('runs.get', { run: runs[0] ?? '' })).state).toBe('finished');
});

test('an engine outlives a monitor that runs, and waits for one that is due within the time it would wait anyway', async () => {
  const waits = ['sh', '-c', 'echo x >> ran; while [ ! -e go ]; do sleep 0.05; done'];
  writeFileSync(path.join(here.workspace, 'a.csv'), 't,x\n2026-11-20,1\n');
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), `monitors: { a: { log: { data: a.csv, time: t }, schedule: 1.5s, checks: [{ command: ${JSON.stringify(waits)} }] } }\n`);
  const client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '0.2' } });
  const record = readLock(lockPath(here.workspace));
  client.dispose();
  const ran = (times: number): Promise<boolean> => until(`it to have begun ${times} times`, () => existsSync(path.join(here.workspace, 'ran')) && readFileSync(path.join(here.workspace, 'ran'), 'utf8').length >= 2 * times);
  await ran(1);
  const later = performance.now() + 600;
  await until('more than the idle time', () => performance.now() > later);
  expect(record && isAlive(record)).toBe(true);
  writeFileSync(path.join(here.workspace, 'go'), '');
  await ran(2);
  // A retraining's schedule counts as well. What comes of this one is another matter: nothing was promoted.
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), 'version: 1\nexperiments: { e: { command: [sh, -c, "true"] } }\nretraining: { again: { model: m@production, experiment: e, triggers: [{ on: schedule, every: 0.8s }] } }\n');
  await until('it to be due', () => here.log().includes('the retraining again begins: it was due'), 20_000);
  expect(record && isAlive(record)).toBe(true);
  // Nobody asks for a schedule any more.
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), '');
  await until('the engine to end', () => record && !isAlive(record));
  expect(here.log()).toContain('engine ends: idle');
});

test('a bad request names the field, and an unknown run says so', async () => {
  const client = await here.connect();
  await expect(client.request('runs.search', { limit: 0 })).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('limit') as string });
  await expect(client.request('runs.get', { run: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
});
