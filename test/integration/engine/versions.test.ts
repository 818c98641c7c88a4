import { DatabaseSync } from 'node:sqlite';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { lockPath, readLock } from '../../../src/engine/client/lock-record';
import { isAlive } from '../../../src/core/tracking/process';
import { openWire } from '../../../src/engine/client/wire';
import { until } from '../../support/until';
import { eachLab } from './support';

const here = eachLab();

test('a newer client gets an engine of its version; the older client follows, the run goes on', async () => {
  const older = await here.connect({ version: '1.0.0' });
  const reasons: string[] = [];
  older.on('closing', ({ reason }) => reasons.push(reason));
  const { runs: [run = ''] } = await older.request('runs.launch', { argv: ['sh', '-c', 'while [ ! -e go ]; do sleep 0.05; done'] });
  await until('the run to start', async () => (await older.request('runs.get', { run })).state === 'running');
  const before = readLock(lockPath(here.workspace));
  const newer = await here.connect({ version: '1.1.0' });
  expect(newer.hello.version).toBe('1.1.0');
  expect(before && isAlive(before)).toBe(false);
  expect((await newer.request('runs.get', { run })).state).toBe('running');
  await until('the older client to be on the new engine', () => older.state === 'connected' && older.hello.version === '1.1.0');
  expect(older.hello.pid).toBe(newer.hello.pid);
  expect(reasons).toEqual(['upgrade']);
  writeFileSync(path.join(here.workspace, 'go'), '');
  await until('the run to finish', async () => (await older.request('runs.get', { run })).state === 'finished');
});

test('an older client uses a newer engine of the same protocol', async () => {
  const newer = await here.connect({ version: '2.0.0-rc.1' });
  const older = await here.connect({ version: '1.9.0' });
  expect(older.hello).toMatchObject({ version: '2.0.0-rc.1', pid: newer.hello.pid });
});

test('an older client of another protocol is told to update, and the engine stays', async () => {
  await here.connect();
  const record = readLock(lockPath(here.workspace));
  if (!record) throw new Error('no engine holds the lock');
  // An engine from the future: it answers hello with another protocol.
  const address = `${record.address}.future`;
  const future = net.createServer((socket) => {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.onRequest('engine.hello', () => ({ version: '9.0.0', protocol: 99, pid: 1, workspace: here.workspace, store: '', notices: [] }));
    connection.listen();
  });
  await new Promise<void>((resolve) => void future.listen(address, resolve));
  const kept = readFileSync(lockPath(here.workspace));
  writeFileSync(lockPath(here.workspace), JSON.stringify({ ...record, address }));
  try {
    await expect(here.connect()).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('9.0.0') as string });
  } finally {
    writeFileSync(lockPath(here.workspace), kept);
    future.close();
  }
});

test('a store of a newer Runyard is refused with a message that says what to do, and left as it is', async () => {
  const folder = path.join(here.workspace, '.runyard');
  mkdirSync(folder);
  const database = new DatabaseSync(path.join(folder, 'runyard.db'));
  database.exec('PRAGMA user_version = 999; CREATE TABLE later (a)');
  database.close();
  const bytes = readFileSync(path.join(folder, 'runyard.db'));
  const failure = await here.connect().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store_newer', message: expect.stringMatching(/newer/) as string, hint: expect.stringMatching(/update/i) as string });
  expect(readFileSync(path.join(folder, 'runyard.db'))).toEqual(bytes);
  expect(readLock(lockPath(here.workspace))).toBeNull();
});

test('a method that this engine does not know is unsupported, not a crash', async () => {
  await here.connect();
  const wire = await openWire(readLock(lockPath(here.workspace))?.address ?? '');
  await expect(wire.request('runs.teleport' as 'runs.get', { run: 'x' })).rejects.toMatchObject({ code: 'unsupported' });
  wire.close();
});

test('bytes that are no message end that connection and no other', async () => {
  const client = await here.connect();
  const socket = net.connect(readLock(lockPath(here.workspace))?.address ?? '');
  socket.write('GET / HTTP/1.1\r\n\r\n{"broken');
  socket.on('error', () => socket.destroy());
  socket.end();
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await client.request('engine.status')).live).toBe(0);
});

test('what the engine is started with holds no environment: neither its command line nor its log', async () => {
  const secret = 'hunter2-in-the-environment';
  const client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '2', MY_API_TOKEN: secret } });
  const { runs: [run = ''] } = await client.request('runs.launch', { argv: ['sh', '-c', 'true'], env: { OTHER_TOKEN: secret } });
  await until('the run to finish', async () => (await client.request('runs.get', { run })).state === 'finished');
  expect(here.log()).not.toContain(secret);
  if (process.platform === 'linux') expect(readFileSync(`/proc/${here.enginePid()}/cmdline`, 'utf8')).not.toContain(secret);
});

test('runyard.yaml is read again when it changes', async () => {
  const client = await here.connect();
  const changes: boolean[] = [];
  client.on('changed', ({ config }) => changes.push(config));
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), 'version: 1\nexperiments:\n  quick:\n    command: [sh, -c, "echo acc=1"]\n');
  await until('word of it', () => changes.includes(true));
  expect((await client.request('config.get')).experiments.map(({ name }) => name)).toEqual(['quick']);
  expect((await client.request('experiments.list')).experiments).toEqual([{ name: 'quick', runs: 0, live: 0, lastActivity: 0, configured: true, mainMetric: null }]);
});
