/** A run whose client vanished without ending it is lost, soon where the process can be seen, and not before. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import type { RunState } from '../../../src/protocol/model';
import { startTimeOf } from '../../../src/core/tracking/process';
import { until } from '../../support/until';
import { addressOf, ask, B, newRun, startClient, type Address } from './mlflow-clients';
import { bundles, lab, type Lab } from './support';

let bundle: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let client: EngineClient;
let address: Address;
beforeAll(async () => { bundle = await bundles(); });
afterAll(() => bundle.dispose());
const open = async (lease = 600): Promise<void> => {
  client = await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '2', RUNYARD_CLIENT_LEASE_SECONDS: String(lease) } });
  address = await addressOf(client);
};
beforeEach(() => { here = lab(bundle.engine); });
afterEach(() => here.dispose());

const stateOf = async (run: string): Promise<RunState> => (await client.request('runs.get', { run })).state;
const reasonOf = async (run: string): Promise<string> => (await client.request('runs.get', { run })).reason;
/** The engine is killed; the client of the socket starts the next one. */
const restart = async (): Promise<void> => {
  const before = here.enginePid();
  process.kill(before, 'SIGKILL');
  await until('a new engine', async () => client.state === 'connected' && (await client.request('engine.status')).pid !== before);
};
/** Looks at it for that long: the state has to stay. */
const staysRunning = async (run: string, ms: number): Promise<void> => {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    expect(await stateOf(run)).toBe('running');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
const linux = process.platform === 'linux';

test.runIf(linux)('kill -9 of a client makes its run lost within seconds, with the process named', async () => {
  await open();
  const killed = startClient(here, address, { MODE: 'silent' });
  const run = await killed.run();
  await until('it to be known', () => existsSync(path.join(here.workspace, '.runyard', 'runs', run, 'client.json')));
  killed.kill();
  await until('the run to be lost', async () => (await stateOf(run)) === 'lost', 12_000);
  expect(await reasonOf(run)).toBe(`its client ended without ending the run (pid ${killed.child.pid})`);
  expect(readFileSync(path.join(here.workspace, '.runyard', 'runs', run, 'events.mlflow.jsonl'), 'utf8')).toContain('"state":"lost"');
});

test.runIf(linux)('a client that keeps no connection and says nothing keeps its run while its process lives', async () => {
  await open(1);
  const quiet = startClient(here, address, { MODE: 'closing', POINTS: '1', EVERY: '100000000' });
  const run = await quiet.run();
  await until('its point', () => quiet.points() === 1);
  await staysRunning(run, 8000);
  quiet.kill();
  await until('the run to be lost', async () => (await stateOf(run)) === 'lost', 12_000);
});

test.runIf(linux)('after kill -9 of the engine a client that says nothing keeps its run, and one that is gone too loses it', async () => {
  await open();
  const [stays, goes] = [startClient(here, address, { MODE: 'silent' }), startClient(here, address, { MODE: 'silent' })];
  const [kept, lost] = [await stays.run(), await goes.run()];
  for (const run of [kept, lost]) await until('it to be known', () => existsSync(path.join(here.workspace, '.runyard', 'runs', run, 'client.json')));
  goes.kill();
  await restart();
  await until('the run to be lost', async () => (await stateOf(lost)) === 'lost', 12_000);
  expect(await stateOf(kept)).toBe('running');
  stays.kill();
  await until('the other one to be lost', async () => (await stateOf(kept)) === 'lost', 12_000);
});

test('a run of whose client nothing can be told is lost after its lease without a call', async () => {
  await open(2);
  // This process lives, and is known. Of a folder that was copied here nothing is.
  const agent = new http.Agent({ keepAlive: true });
  const run = await newRun(address, {}, agent);
  await until('it to be known', () => existsSync(path.join(here.workspace, '.runyard', 'runs', run, 'client.json')));
  const folder = path.join(here.workspace, '.runyard', 'runs', 'e'.repeat(32));
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'events.mlflow.jsonl'), `${JSON.stringify({ e: 'state', t: Date.now() / 1000, state: 'running', client: true })}\n`);
  writeFileSync(path.join(folder, 'spec.json'), JSON.stringify({ format: 1, runId: 'e'.repeat(32), experiment: 'Default', name: 'elsewhere', created: Date.now() / 1000, argv: [], source: 'mlflow', runner: 'mlflow' }));
  await until('it to be lost', async () => (await stateOf('e'.repeat(32)).catch(() => '')) === 'lost', 12_000);
  expect(await reasonOf('e'.repeat(32))).toBe('nothing was heard of its client for 2 s');
  expect(await stateOf(run)).toBe('running');
  agent.destroy();
});

test.runIf(linux)('a run that was begun while no engine was there is judged by the process that its folder names', async () => {
  await open();
  const folderOf = (run: string, pid: number, startTime: string): void => {
    const folder = path.join(here.workspace, '.runyard', 'runs', run);
    mkdirSync(folder);
    const t = Date.now() / 1000;
    writeFileSync(path.join(folder, 'events.py.1.jsonl'), [{ e: 'started', t, started: { pid, startTime } }, { e: 'state', t, state: 'running', client: true }].map((line) => `${JSON.stringify(line)}\n`).join(''));
    writeFileSync(path.join(folder, 'spec.json'), JSON.stringify({ format: 1, runId: run, experiment: 'Default', name: 'offline', created: t, argv: [], source: 'mlflow', runner: 'mlflow' }));
  };
  const [lives, gone] = ['1'.repeat(32), '2'.repeat(32)];
  folderOf(lives, process.pid, startTimeOf(process.pid));
  folderOf(gone, process.pid, '1');
  await until('the one of the ended process to be lost', async () => (await stateOf(gone).catch(() => '')) === 'lost', 15_000);
  expect(await stateOf(lives)).toBe('running');
});

test.runIf(linux)('a client that speaks again revives its run', async () => {
  await open();
  const first = startClient(here, address, { MODE: 'silent' });
  const run = await first.run();
  first.kill();
  await until('the run to be lost', async () => (await stateOf(run)) === 'lost', 15_000);
  const again = startClient(here, address, { RUN: run, KEY: 'more' });
  await until('a point', () => again.points() > 0);
  await until('the run to be running again', async () => (await stateOf(run)) === 'running');
  expect(await reasonOf(run)).toBe('');
  again.kill();
  await until('the run to be lost once more', async () => (await stateOf(run)) === 'lost', 15_000);
});

test.runIf(linux)('of several processes that write to a run any that lives counts', async () => {
  await open();
  const first = startClient(here, address, { MODE: 'silent' });
  const run = await first.run();
  const second = startClient(here, address, { RUN: run, MODE: 'silent', KEY: 'other' });
  await until('both to speak', () => first.points() > 0 && second.points() > 0);
  const record = path.join(here.workspace, '.runyard', 'runs', run, 'client.json');
  await until('both to be known', () => existsSync(record) && (JSON.parse(readFileSync(record, 'utf8')) as { processes: unknown[] }).processes.length === 2);
  first.kill();
  await staysRunning(run, 7000);
  second.kill();
  await until('the run to be lost', async () => (await stateOf(run)) === 'lost', 12_000);
});

test('a run that its client ended stays as it was ended', async () => {
  await open(1);
  const run = await newRun(address);
  await ask(address, { path: `${B}/runs/update`, body: { run_id: run, status: 'FINISHED', end_time: Date.now() } });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await stateOf(run)).toBe('finished');
});

test.runIf(linux)('the engine stays while a client lives, and ends once the runs of vanished ones are lost', async () => {
  await open();
  const one = startClient(here, address, { MODE: 'silent' });
  await one.run();
  await until('its point', () => one.points() > 0);
  client.dispose();
  const pid = here.enginePid();
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(() => process.kill(pid, 0)).not.toThrow();
  one.kill();
  await until('the engine to end', () => here.enginePid() === 0 || !alive(pid), 20_000);
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // gone is what is waited for
  }
}
