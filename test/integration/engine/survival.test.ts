import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newAddress } from '../../../src/engine/client/address';
import { lockPath, readLock, type LockRecord } from '../../../src/engine/client/lock-record';
import { isAlive, startTimeOf } from '../../../src/core/tracking/process';
import { until } from '../../support/until';
import { eachLab } from './support';

const here = eachLab();

const record = (): LockRecord => {
  const found = readLock(lockPath(here.workspace));
  if (!found) throw new Error('no engine holds the lock');
  return found;
};
const LOOP = 'i=0; while [ ! -e go ]; do i=$((i+1)); echo "step=$i loss=0.$i"; sleep 0.05; done';

test('after kill -9 of the engine clients come back to a new one, and the run goes on and is taken up', async () => {
  const client = await here.connect();
  const states: string[] = [];
  client.onState((state) => states.push(state));
  const { runs: [run = ''] } = await client.request('runs.launch', { argv: ['sh', '-c', LOOP] });
  await until('the run to log', async () => ((await client.request('runs.get', { run })).metrics.loss?.count ?? 0) > 2);
  const before = record();
  process.kill(before.pid, 'SIGKILL');
  await until('a new engine', () => client.state === 'connected' && client.hello.pid !== before.pid);
  expect(states).toEqual(['reconnecting', 'connected']);
  const { state, metrics } = await client.request('runs.get', { run });
  expect(state).toBe('running');
  await until('more points', async () => ((await client.request('runs.get', { run })).metrics.loss?.count ?? 0) > (metrics.loss?.count ?? 0) + 2);
  writeFileSync(path.join(here.workspace, 'go'), '');
  await until('the run to finish', async () => (await client.request('runs.get', { run })).state === 'finished');
  const printed = readFileSync(path.join(here.workspace, '.runyard', 'runs', run, 'stdout.log'), 'utf8').trim().split('\n').length;
  await until('every printed point to be in the store', async () => (await client.request('runs.get', { run })).metrics.loss?.count === printed);
});

test('a question asked when the engine was just killed is answered by the next one', async () => {
  const client = await here.connect();
  const before = record();
  process.kill(before.pid, 'SIGKILL');
  expect((await client.request('engine.status')).pid).not.toBe(before.pid);
});

test('an engine killed again and again loses nothing, with two clients on it', async () => {
  const [first, second] = [await here.connect(), await here.connect()];
  const { runs: [run = ''] } = await first.request('runs.launch', { argv: ['sh', '-c', LOOP] });
  for (let round = 0; round < 3; round++) {
    const before = record();
    process.kill(before.pid, 'SIGKILL');
    const [a, b] = await Promise.all([first.request('engine.status'), second.request('engine.status')]);
    expect(a.pid).toBe(b.pid);
    expect(a.pid).not.toBe(before.pid);
  }
  writeFileSync(path.join(here.workspace, 'go'), '');
  await until('the run to finish', async () => (await first.request('runs.get', { run })).state === 'finished');
});

test('a socket and a lock that a killed engine left behind are taken over', async () => {
  const client = await here.connect();
  const before = record();
  client.dispose();
  process.kill(before.pid, 'SIGKILL');
  await until('it to be gone', () => !isAlive(before));
  expect(existsSync(before.address)).toBe(true);
  const again = await here.connect();
  expect(again.hello.pid).not.toBe(before.pid);
});

test('eight starts at once with a stale lock give one engine', async () => {
  const client = await here.connect();
  const before = record();
  client.dispose();
  process.kill(before.pid, 'SIGKILL');
  await until('it to be gone', () => !isAlive(before));
  const clients = await Promise.all(Array.from({ length: 8 }, () => here.connect()));
  expect(new Set(clients.map(({ hello }) => hello.pid)).size).toBe(1);
});

test('a lock of a process whose pid is another\'s by now is stale', async () => {
  mkdirSync(path.dirname(lockPath(here.workspace)), { recursive: true });
  const stale: LockRecord = { pid: process.pid, startTime: `${startTimeOf(process.pid)}0`, host: os.hostname(), workspace: here.workspace, address: newAddress(here.workspace) };
  writeFileSync(lockPath(here.workspace), JSON.stringify(stale));
  expect((await here.connect()).hello.pid).not.toBe(process.pid);
});

test('half a lock file is stale', async () => {
  mkdirSync(path.dirname(lockPath(here.workspace)), { recursive: true });
  writeFileSync(lockPath(here.workspace), '{"pid": 12');
  expect((await here.connect()).hello.workspace).toBe(here.workspace);
});

test('an engine on another machine is not pushed aside', async () => {
  mkdirSync(path.dirname(lockPath(here.workspace)), { recursive: true });
  writeFileSync(lockPath(here.workspace), JSON.stringify({ pid: 1, startTime: '5', host: 'other-machine', workspace: here.workspace, address: newAddress(here.workspace) }));
  await expect(here.connect()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('other-machine') as string });
});

test('a socket that is open to others is not talked to', async () => {
  const address = path.join(here.workspace, 'open.sock');
  const impostor = net.createServer((socket) => socket.destroy()).listen(address);
  await until('the impostor to listen', () => existsSync(address));
  mkdirSync(path.dirname(lockPath(here.workspace)), { recursive: true });
  writeFileSync(lockPath(here.workspace), JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid), host: os.hostname(), workspace: here.workspace, address }));
  const open = statSync(here.workspace).mode & 0o077;
  try {
    if (open === 0) (await import('node:fs')).chmodSync(here.workspace, 0o755);
    await expect(here.connect()).rejects.toMatchObject({ code: 'refused' });
  } finally {
    impostor.close();
    (await import('node:fs')).rmSync(lockPath(here.workspace));
  }
});

test('a workspace that was moved gets an engine at its new place, with its runs', async () => {
  const client = await here.connect();
  const { runs: [run = ''] } = await client.request('runs.launch', { argv: ['sh', '-c', 'echo acc=0.5'] });
  await until('the run to finish', async () => (await client.request('runs.get', { run })).state === 'finished');
  client.dispose();
  const before = record();
  const moved = `${here.workspace}-moved`;
  renameSync(here.workspace, moved);
  try {
    const there = await here.connect({ workspace: moved });
    expect(there.hello.workspace).toBe(moved);
    expect(await there.request('runs.get', { run })).toMatchObject({ state: 'finished', folder: path.join(moved, '.runyard', 'runs', run) });
    there.dispose();
    await until('the old engine to notice', () => !isAlive(before));
    const after = readLock(lockPath(moved));
    await until('the new engine to end', () => !after || !isAlive(after));
  } finally {
    renameSync(moved, here.workspace);
  }
});
