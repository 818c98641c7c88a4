/** A client's run in every door: what is changed on either side is seen on the other, and what can't be done is said. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import { isAlive, startTimeOf } from '../../../src/core/tracking/process';
import { until } from '../../support/until';
import { addressOf, ask, B, newRun, startClient, type Address } from './mlflow-clients';
import { bundles, lab, type Lab } from './support';

let bundle: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let client: EngineClient;
let address: Address;
beforeAll(async () => {
  bundle = await bundles();
  here = lab(bundle.engine);
  client = await here.connect();
  address = await addressOf(client);
});
afterAll(async () => {
  await here.dispose();
  bundle.dispose();
});

interface Seen { info: { run_name: string; lifecycle_stage: string; status: string }; data: { tags: { key: string; value: string }[] } }
const seen = async (run: string): Promise<Seen> => (await ask(address, { path: `${B}/runs/get?run_id=${run}` })).json.run as Seen;
const tagsOf = async (run: string): Promise<Record<string, string>> => Object.fromEntries((await seen(run)).data.tags.map(({ key, value }) => [key, value]));
const post = async (name: string, body: Record<string, unknown>): Promise<number> => (await ask(address, { path: `${B}/${name}`, body })).status;
const finish = (run: string): Promise<number> => post('runs/update', { run_id: run, status: 'FINISHED', end_time: Date.now() });
const found = async (filter: string): Promise<string[]> => ((await ask(address, { path: `${B}/runs/search`, body: { experiment_ids: ['0'], filter } })).json as { runs: { info: { run_id: string } }[] }).runs.map(({ info }) => info.run_id);

test('its source is named, with the script', async () => {
  const run = await newRun(address, { tags: [{ key: 'mlflow.source.name', value: path.join(here.workspace, 'train.py') }] });
  expect(await client.request('runs.get', { run })).toMatchObject({ source: 'mlflow', script: 'train.py', argv: [] });
});

test('a live one can be neither stopped nor run again nor deleted from here, and each says why at once', async () => {
  const live = startClient(here, address, { MODE: 'silent' });
  const run = await live.run();
  await until('its process to be known', () => existsSync(path.join(here.workspace, '.runyard', 'runs', run, 'client.json')));
  await expect(client.request('runs.stop', { run })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining("can't be stopped from here") as string, hint: `end its script (process ${live.child.pid})` });
  await expect(client.request('runs.rerun', { run })).rejects.toMatchObject({ code: 'refused', hint: 'run its script: runyard run train.py' });
  await expect(client.request('runs.delete', { runs: [run] })).rejects.toMatchObject({ code: 'conflict', hint: expect.stringContaining('client') as string });
  expect((await client.request('runs.get', { run })).state).toBe('running');
  live.kill();
});

test('a new name and notes are seen by the client and found by its filters, whoever gave them last', async () => {
  const run = await newRun(address, { run_name: 'first', tags: [{ key: 'mlflow.note.content', value: 'said by the client' }] });
  expect(await client.request('runs.get', { run })).toMatchObject({ name: 'first', notes: 'said by the client' });
  await client.request('runs.edit', { run, name: 'second', notes: 'said by a person' });
  expect((await seen(run)).info.run_name).toBe('second');
  expect(await tagsOf(run)).toMatchObject({ 'mlflow.runName': 'second', 'mlflow.note.content': 'said by a person' });
  expect(await found("tags.`mlflow.runName` = 'second'")).toEqual([run]);
  expect(await found("attributes.run_name = 'first'")).toEqual([]);
  await post('runs/update', { run_id: run, run_name: 'third' });
  await post('runs/set-tag', { run_id: run, key: 'mlflow.note.content', value: 'said again' });
  await until('both to be seen', async () => { const { name, notes } = await client.request('runs.get', { run }); return name === 'third' && notes === 'said again'; });
  await client.request('runs.edit', { run, notes: '' });
  expect((await tagsOf(run))['mlflow.note.content']).toBe('');
});

test('notes that only a person wrote are a tag for the client, which it can delete', async () => {
  const run = await newRun(address);
  await client.request('runs.edit', { run, notes: 'by hand' });
  expect((await tagsOf(run))['mlflow.note.content']).toBe('by hand');
  expect(await post('runs/delete-tag', { run_id: run, key: 'mlflow.note.content' })).toBe(200);
  expect((await tagsOf(run))['mlflow.note.content']).toBeUndefined();
  expect((await client.request('runs.get', { run })).notes).toBe('');
});

test('tags are changed on either side', async () => {
  const run = await newRun(address, { tags: [{ key: 'kind', value: 'a' }, { key: 'old', value: '1' }] });
  await client.request('runs.edit', { run, setTags: { kind: 'b', more: '2' }, deleteTags: ['old'] });
  expect(await tagsOf(run)).toMatchObject({ kind: 'b', more: '2' });
  expect((await tagsOf(run))['old']).toBeUndefined();
  await post('runs/set-tag', { run_id: run, key: 'kind', value: 'c' });
  await until('it to be seen', async () => (await client.request('runs.get', { run })).tags['kind'] === 'c');
});

test('what is deleted here is deleted for the client, and restored again on either side', async () => {
  const run = await newRun(address);
  await finish(run);
  await client.request('runs.delete', { runs: [run] });
  expect((await seen(run)).info.lifecycle_stage).toBe('deleted');
  expect(await post('runs/log-metric', { run_id: run, key: 'a', value: 1, timestamp: 1 })).toBe(400);
  expect(await found('')).not.toContain(run);
  await post('runs/restore', { run_id: run });
  expect((await client.request('runs.get', { run })).trashed).toBe(false);
  await post('runs/delete', { run_id: run });
  expect((await client.request('runs.get', { run })).trashed).toBe(true);
  await client.request('runs.restore', { runs: [run] });
  expect((await seen(run)).info.lifecycle_stage).toBe('active');
});

test('nested runs know their parent, and it knows them', async () => {
  const parent = await newRun(address);
  const child = await newRun(address, { tags: [{ key: 'mlflow.parentRunId', value: parent }] });
  expect((await client.request('runs.get', { run: child })).parent).toBe(parent);
  expect((await client.request('runs.get', { run: parent })).children).toEqual([child]);
});

test('the last word stays the last when the store is made anew from the folders', async () => {
  const run = await newRun(address, { run_name: 'by the client' });
  await client.request('runs.edit', { run, name: 'by a person', notes: 'n', setTags: { kind: 'b' } });
  await finish(run);
  client.dispose();
  const id = { pid: here.enginePid(), startTime: startTimeOf(here.enginePid()) };
  process.kill(id.pid, 'SIGKILL');
  await until('it to be gone', () => !isAlive(id));
  const dir = path.join(here.workspace, '.runyard');
  for (const name of readdirSync(dir).filter((one) => /\.db|\.sqlite/.test(one))) rmSync(path.join(dir, name));
  client = await here.connect();
  await until('the run to be taken in again', async () => (await client.request('runs.get', { run }).catch(() => null))?.state === 'finished');
  expect(await client.request('runs.get', { run })).toMatchObject({ name: 'by a person', notes: 'n', tags: { kind: 'b' } });
});
