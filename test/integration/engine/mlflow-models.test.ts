/** Logged models, the registry, evaluation datasets and webhooks over the wire, as a client asks for them. */
import { appendFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import { until } from '../../support/until';
import { restOf, type Rest } from './mlflow-rest';
import { bundles, lab, type Lab } from './support';

let built: Awaited<ReturnType<typeof bundles>>;
let at: Lab;
let client: EngineClient;
let rest: Rest;
let experiment: string;
let run: string;
beforeAll(async () => {
  built = await bundles();
  at = lab(built.engine);
  client = await at.connect();
  rest = await restOf(client);
  experiment = (await rest.get<{ experiment_id: string }>('POST experiments/create', { name: 'models' })).experiment_id;
  run = (await rest.get<{ run: { info: { run_id: string } } }>('POST runs/create', { experiment_id: experiment })).run.info.run_id;
});
afterAll(async () => {
  await at.dispose();
  built.dispose();
});

interface Info { model_id: string; name: string; status: string; artifact_uri: string; source_run_id: string; tags?: { key: string; value: string }[] }
interface Model { info: Info; data: { params?: { key: string; value: string }[]; metrics?: Record<string, unknown>[] } }
interface Version { version: string; current_stage: string; aliases?: string[]; run_id: string; source: string; description?: string; status: string }
const logged = async (fields: Record<string, unknown> = {}): Promise<Model> => (await rest.get<{ model: Model }>('POST logged-models', { experiment_id: experiment, ...fields })).model;
const read = async (id: string, by = rest): Promise<Model> => (await by.get<{ model: Model }>(`GET logged-models/${id}`)).model;
const fault = async (on: string, fields: Record<string, unknown> = {}): Promise<[number, unknown]> => {
  const { status, body } = await rest.ask(on, fields);
  return [status, body['error_code']];
};
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST'];
const INVALID = [400, 'INVALID_PARAMETER_VALUE'];

describe('a logged model', () => {
  it('is made, filled, linked and finished, and its run\'s details name it', async () => {
    const { info } = await logged({ name: 'net', source_run_id: run, params: [{ key: 'depth', value: '3' }], tags: [{ key: 't', value: 'x' }] });
    expect(info).toMatchObject({ name: 'net', status: 'LOGGED_MODEL_PENDING', source_run_id: run, artifact_uri: `mlflow-artifacts:/${experiment}/models/${info.model_id}/artifacts` });
    await rest.get('POST runs/outputs', { run_id: run, models: [{ model_id: info.model_id, step: 2 }] });
    await rest.get('POST runs/log-metric', { run_id: run, key: 'acc', value: 0.5, timestamp: 5, step: 1, model_id: info.model_id, dataset_name: 'set', dataset_digest: 'd' });
    await rest.get('POST runs/log-metric', { run_id: run, key: 'acc', value: 'NaN', timestamp: 6, step: 2, model_id: info.model_id });
    await rest.get(`PATCH logged-models/${info.model_id}/tags`, { tags: [{ key: 't', value: 'y' }, { key: 'u', value: 'z' }] });
    await rest.get(`DELETE logged-models/${info.model_id}/tags/u`);
    await rest.get(`POST logged-models/${info.model_id}/params`, { params: [{ key: 'width', value: '9' }] });
    expect((await rest.get<{ model: Model }>(`PATCH logged-models/${info.model_id}`, { status: 'LOGGED_MODEL_READY' })).model.info.status).toBe('LOGGED_MODEL_READY');
    const { info: now, data } = await read(info.model_id);
    expect(now.tags).toEqual([{ key: 't', value: 'y' }]);
    expect(data.params).toEqual([{ key: 'depth', value: '3' }, { key: 'width', value: '9' }]);
    expect(data.metrics).toEqual([
      { key: 'acc', value: 0.5, timestamp: 5, step: 1, dataset_name: 'set', dataset_digest: 'd', model_id: info.model_id, run_id: run }, { key: 'acc', value: 'NaN', timestamp: 6, step: 2, model_id: info.model_id, run_id: run },
    ]);
    expect((await client.request('runs.get', { run })).models).toEqual([{ io: 'output', id: info.model_id, name: 'net', status: 'LOGGED_MODEL_READY', step: 2 }]);
  });

  it('is refused and missed with the codes that clients know', async () => {
    const { info: { model_id: id } } = await logged({ params: [{ key: 'a', value: '1' }] });
    expect(await Promise.all([
      fault('POST logged-models', { experiment_id: '4242' }), fault('POST logged-models'), fault('POST logged-models', { experiment_id: experiment, name: 'a.b' }), fault('GET logged-models/m-nothing'),
      fault(`PATCH logged-models/${id}`, { status: 'DONE' }), fault(`PATCH logged-models/${id}`), fault(`POST logged-models/${id}/params`, { params: [{ key: 'a', value: '2' }] }),
      fault(`DELETE logged-models/${id}/tags/nothing`), fault('POST logged-models/search'), fault('POST logged-models/search', { experiment_ids: [experiment], page_token: 'zz' }),
    ])).toEqual([MISSING, INVALID, INVALID, MISSING, INVALID, INVALID, INVALID, MISSING, INVALID, INVALID]);
    await rest.get(`DELETE logged-models/${id}`);
    expect(await fault(`GET logged-models/${id}`)).toEqual(MISSING);
    expect((await rest.get<{ model: Model }>(`GET logged-models/${id}`, { allow_deleted: true })).model.info.model_id).toBe(id);
  });

  it('that was logged while no engine was there is taken in from its run\'s spool', async () => {
    const id = `m-${'ab'.repeat(16)}`;
    const own = await restOf(client, run);
    const told = { info: { model_id: id, experiment_id: '123456789012345678', name: 'offline', creation_timestamp_ms: 10, last_updated_timestamp_ms: 10, artifact_uri: `mlflow-artifacts:/7/models/${id}/artifacts`, status: 'LOGGED_MODEL_READY', tags: [{ key: 'a', value: '1' }] }, data: { params: [] } };
    const lines = [{ e: 'experiment', t: 1, name: 'made offline', tags: { team: 'x' } }, { e: 'logged_model', t: 1, experiment: 'made offline', model: told }, { e: 'model', t: 1, io: 'output', model: id, step: 0 }];
    appendFileSync(path.join(at.workspace, '.runyard', 'runs', run, 'events.py.host.1.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect((await read(id, own)).info).toMatchObject({ name: 'offline', status: 'LOGGED_MODEL_READY', artifact_uri: told.info.artifact_uri });
    const { experiment: made } = await rest.get<{ experiment: { experiment_id: string; tags: unknown } }>('GET experiments/get-by-name', { experiment_name: 'made offline' });
    expect(made.tags).toEqual([{ key: 'team', value: 'x' }]);
    const { models } = await rest.get<{ models: Model[] }>('POST logged-models/search', { experiment_ids: [made.experiment_id] });
    expect(models.map(({ info }) => info.model_id)).toEqual([id]);
  });

  it('of an old client is told in a tag of its run', async () => {
    const model = { artifact_path: 'm', flavors: { sklearn: { config: 1, code: null } }, utc_time_created: 'now', run_id: run };
    for (let i = 0; i < 2; i += 1) await rest.get('POST runs/log-model', { run_id: run, model_json: JSON.stringify(model) });
    const tags = (await rest.get<{ run: { data: { tags: { key: string; value: string }[] } } }>('GET runs/get', { run_id: run })).run.data.tags;
    const entry = { run_id: run, artifact_path: 'm', utc_time_created: 'now', model_uuid: null, flavors: { sklearn: { code: null } } };
    expect(JSON.parse(tags.find(({ key }) => key === 'mlflow.log-model.history')?.value ?? '')).toEqual([entry, entry]);
    expect(await fault('POST runs/log-model', { run_id: run, model_json: '{"run_id": 1}' })).toEqual(INVALID);
    expect(await fault('POST runs/log-model', { run_id: 'f'.repeat(32), model_json: JSON.stringify(model) })).toEqual(MISSING);
  });
});

describe('the registry', () => {
  const register = async (name: string, source: Record<string, unknown>): Promise<Version> => (await rest.get<{ model_version: Version }>('POST model-versions/create', { name, ...source })).model_version;

  it('makes versions of logged models, and tells the model of them', async () => {
    const { info } = await logged({ source_run_id: run });
    await rest.get('POST registered-models/create', { name: 'loan', tags: [{ key: 'a', value: 'b' }] });
    const first = await register('loan', { source: `models:/${info.model_id}`, model_id: info.model_id });
    expect(first).toMatchObject({ version: '1', run_id: run, status: 'READY', current_stage: 'None', source: `models:/${info.model_id}` });
    expect(await rest.get('GET model-versions/get-download-uri', { name: 'loan', version: '1' })).toEqual({ artifact_uri: info.artifact_uri });
    expect(JSON.parse((await read(info.model_id)).info.tags?.find(({ key }) => key === 'mlflow.modelVersions')?.value ?? '')).toEqual([{ name: 'loan', version: 1 }]);
    await rest.get('POST registered-models/create', { name: 'copy' });
    expect(await register('copy', { source: 'models:/loan/latest', run_id: run })).toMatchObject({ version: '1', run_id: run, source: 'models:/loan/1' });
    expect(await rest.get('GET model-versions/get-download-uri', { name: 'copy', version: '1' })).toEqual({ artifact_uri: info.artifact_uri });
    expect(await fault('POST model-versions/create', { name: 'copy', source: 'models:/loan/1', run_id: 'other' })).toEqual(INVALID);
    expect(await fault('POST model-versions/create', { name: 'copy', source: `models:/${info.model_id}`, model_id: 'm-other' })).toEqual(INVALID);
    expect(await fault('POST model-versions/create', { name: 'copy', source: `runs:/${run}/model` })).toEqual(INVALID);
    expect(await fault('POST model-versions/create', { name: 'copy', source: '/etc/passwd', run_id: run })).toEqual(INVALID);
  });

  it('answers a name that is taken, an alias that is not there and a stage that is none as clients expect', async () => {
    await rest.get('POST registered-models/create', { name: 'codes' });
    await register('codes', { source: 's3://b/x' });
    expect(await Promise.all([
      fault('POST registered-models/create', { name: 'codes' }), fault('GET registered-models/alias', { name: 'codes', alias: 'nobody' }), fault('GET registered-models/alias', { name: 'nobody', alias: 'x' }),
      fault('POST registered-models/alias', { name: 'codes', alias: 'latest', version: '1' }), fault('POST registered-models/alias', { name: 'codes', alias: 'x', version: '2' }), fault('POST registered-models/alias', { name: 'codes', alias: 'x' }),
      fault('POST model-versions/transition-stage', { name: 'codes', version: '1', stage: 'Live' }), fault('POST model-versions/transition-stage', { name: 'codes', version: '1', stage: 'None', archive_existing_versions: true }),
      fault('GET model-versions/get', { name: 'codes', version: 'x' }), fault('GET registered-models/get', { name: 'nobody' }), fault('GET registered-models/search', { max_results: 1001 }), fault('GET registered-models/search', { filter: "nme = 'x'" }),
      fault('GET model-versions/search', { filter: 'version_number = 1.5' }), fault('GET model-versions/search', { order_by: 'source' }), fault('POST registered-models/set-tag', { name: 'codes', key: 'a//b' }),
    ])).toEqual([[400, 'RESOURCE_ALREADY_EXISTS'], INVALID, MISSING, INVALID, MISSING, INVALID, INVALID, INVALID, INVALID, MISSING, INVALID, INVALID, INVALID, INVALID, INVALID]);
  });

  it('moves aliases and stages, and drops what is deleted', async () => {
    await rest.get('POST registered-models/create', { name: 'moving' });
    for (let i = 0; i < 3; i += 1) await register('moving', { source: 's3://b/x' });
    for (const version of ['1', '2']) await rest.get('POST registered-models/alias', { name: 'moving', alias: 'live', version });
    await rest.get('POST model-versions/transition-stage', { name: 'moving', version: '1', stage: 'production' });
    await rest.get('POST model-versions/transition-stage', { name: 'moving', version: '2', stage: 'Production', archive_existing_versions: true });
    const { model_versions: latest } = await rest.get<{ model_versions: Version[] }>('GET registered-models/get-latest-versions', { name: 'moving' });
    expect(latest.map((one) => [one.version, one.current_stage, one.aliases])).toEqual([['1', 'Archived', undefined], ['2', 'Production', ['live']], ['3', 'None', undefined]]);
    await rest.get('DELETE model-versions/delete', { name: 'moving', version: '2' });
    expect(await fault('GET registered-models/alias', { name: 'moving', alias: 'live' })).toEqual(INVALID);
    expect((await register('moving', { source: 's3://b/x' })).version).toBe('4');
    await rest.get('POST registered-models/rename', { name: 'moving', new_name: 'moved' });
    expect((await rest.get<{ registered_model: { latest_versions: Version[] } }>('GET registered-models/get', { name: 'moved' })).registered_model.latest_versions).toHaveLength(2);
    expect((await rest.get<{ model_version: Version }>('PATCH model-versions/update', { name: 'moved', version: '4' })).model_version.description).toBeUndefined();
  });

  it('finds by name, tag, number and run, in order and in pages, and prompts only where they are asked for', async () => {
    const prompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
    for (const name of ['shelf-a', 'shelf-b', 'shelf-c']) {
      await rest.get('POST registered-models/create', { name, tags: [{ key: 'kind', value: name === 'shelf-b' ? 'x' : 'y' }] });
      await register(name, { source: 's3://b/x', run_id: name });
    }
    await rest.get('POST registered-models/create', { name: 'shelf-prompt', tags: prompt });
    await register('shelf-prompt', { source: 'dummy-source', tags: prompt });
    expect(await fault('POST model-versions/create', { name: 'shelf-prompt', source: 's3://b/x', tags: prompt })).toEqual(INVALID);
    expect(await fault('POST model-versions/create', { name: 'shelf-a', source: 'models:/shelf-prompt/1' })).toEqual(INVALID);
    const models = async (filter: string, more: Record<string, unknown> = {}): Promise<string[]> =>
      (await rest.get<{ registered_models: { name: string }[] }>('GET registered-models/search', { filter, ...more })).registered_models.map(({ name }) => name);
    expect(await models("name LIKE 'shelf-%'")).toEqual(['shelf-a', 'shelf-b', 'shelf-c']);
    expect(await models("name ILIKE 'SHELF-%' and tags.kind != 'x'", { order_by: 'name DESC' })).toEqual(['shelf-c', 'shelf-a']);
    expect(await models("name LIKE 'shelf-%' and tags.`mlflow.prompt.is_prompt` = 'true'")).toEqual(['shelf-prompt']);
    expect(await models("name LIKE 'shelf-%' and tags.`mlflow.prompt.is_prompt` = 'false'")).toHaveLength(3);
    const versions = async (fields: Record<string, unknown>): Promise<{ model_versions: { name: string }[]; next_page_token?: string }> => rest.get('GET model-versions/search', fields);
    expect((await versions({ filter: "run_id = 'shelf-b'" })).model_versions.map(({ name }) => name)).toEqual(['shelf-b']);
    const asked = { filter: "name LIKE 'shelf-%' AND version_number = 1", max_results: 2, order_by: 'name ASC' };
    const first = await versions(asked);
    const second = await versions({ ...asked, page_token: first.next_page_token });
    expect([...first.model_versions, ...second.model_versions].map(({ name }) => name)).toEqual(['shelf-a', 'shelf-b', 'shelf-c']);
    expect(second.next_page_token).toBeUndefined();
  });
});

it('evaluation datasets hold their rows, in pages, and belong to experiments', async () => {
  const D = '/api/3.0/mlflow/datasets';
  const { dataset } = await rest.get<{ dataset: { dataset_id: string; experiment_ids: string[] } }>(`POST ${D}/create`, { name: 'golden', experiment_ids: [experiment], tags: '{"a": "b"}' });
  const here = `${D}/${dataset.dataset_id}`;
  expect(await rest.get(`POST ${here}/records`, { records: '[{"inputs": {"q": 1.0}}, {"inputs": {"q": 2}}, {"inputs": {"q": 1.0}, "expectations": {"e": NaN}}]' })).toEqual({ inserted_count: 2, updated_count: 1 });
  const page = await rest.get<{ records: string; next_page_token: string }>(`GET ${here}/records`, { max_results: 1 });
  expect(page.records).toContain('"inputs":{"q":1.0},"expectations":{"e":NaN}');
  const last = await rest.get<{ records: string; next_page_token?: string }>(`GET ${here}/records`, { max_results: 1, page_token: page.next_page_token });
  expect([(JSON.parse(last.records) as { inputs: unknown }[]).map(({ inputs }) => inputs), last.next_page_token]).toEqual([[{ q: 2 }], undefined]);
  await rest.get(`POST ${here}/add-experiments`, { experiment_ids: ['0'] });
  expect(await fault(`POST ${here}/add-experiments`, { experiment_ids: ['4242'] })).toEqual(MISSING);
  await rest.get(`POST ${here}/remove-experiments`, { experiment_ids: [experiment] });
  expect(await rest.get(`GET ${here}/experiment-ids`)).toEqual({ experiment_ids: ['0'] });
  await rest.get(`PATCH ${here}/tags`, { tags: '{"c": "d", "e": null}' });
  const found = async (fields: Record<string, unknown>): Promise<number> => (await rest.get<{ datasets: unknown[] }>(`POST ${D}/search`, fields)).datasets.length;
  expect([await found({ filter_string: "tags.c = 'd' AND name LIKE 'gold%'" }), await found({ experiment_ids: [experiment] }), await found({ experiment_ids: ['0'] })]).toEqual([1, 0, 1]);
  expect(await fault(`POST ${D}/search`, { order_by: ['created_by'] })).toEqual(INVALID);
  await rest.get(`DELETE ${here}`);
  expect(await fault(`GET ${here}`)).toEqual(MISSING);
});

it('the datasets of an experiment\'s runs are told with what they were for', async () => {
  const { experiment_id: id } = await rest.get<{ experiment_id: string }>('POST experiments/create', { name: 'summaries' });
  const input = (digest: string, tags: unknown[] = []): unknown => ({ dataset: { name: 'set', digest, source_type: 'local', source: '{}' }, tags });
  for (const digest of ['1', '2']) {
    const { run: made } = await rest.get<{ run: { info: { run_id: string } } }>('POST runs/create', { experiment_id: id });
    await rest.get('POST runs/log-inputs', { run_id: made.info.run_id, datasets: [input(digest, [{ key: 'mlflow.data.context', value: 'train' }]), input('3')] });
  }
  const { dataset_summaries: all } = await rest.get<{ dataset_summaries: Record<string, string>[] }>('POST /ajax-api/2.0/mlflow/experiments/search-datasets', { experiment_ids: [id] });
  expect(all.sort((a, b) => ((a['digest'] ?? '') < (b['digest'] ?? '') ? -1 : 1))).toEqual([
    { experiment_id: id, name: 'set', digest: '1', context: 'train' }, { experiment_id: id, name: 'set', digest: '2', context: 'train' }, { experiment_id: id, name: 'set', digest: '3' },
  ]);
  expect(await fault('POST experiments/search-datasets')).toEqual(INVALID);
});

it('webhooks can be kept and are never sent', async () => {
  const hook = { name: 'mine', url: 'https://h.example/x', events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }], secret: 's' };
  expect(await rest.get('GET webhooks')).toEqual({ webhooks: [] });
  const { webhook } = await rest.get<{ webhook: { webhook_id: string; status: string } }>('POST webhooks', hook);
  expect(webhook).toMatchObject({ name: 'mine', url: hook.url, events: hook.events, status: 'DISABLED' });
  expect(JSON.stringify(webhook)).not.toContain('secret');
  expect(await rest.get(`POST webhooks/${webhook.webhook_id}/test`)).toMatchObject({ result: { success: false } });
  expect((await rest.get<{ webhook: { name: string } }>(`PATCH webhooks/${webhook.webhook_id}`, { name: 'other' })).webhook.name).toBe('other');
  expect(await Promise.all([
    fault('POST webhooks', { ...hook, url: 'http://h/x' }), fault('POST webhooks', { ...hook, name: 'a b' }), fault('POST webhooks', { ...hook, events: [{ entity: 'MODEL_VERSION', action: 'SET' }] }), fault('POST webhooks', { ...hook, status: 'ACTIVE' }),
    fault('POST webhooks', { ...hook, events: [] }), fault('POST webhooks', {}), fault('GET webhooks/nothing'),
  ])).toEqual([INVALID, INVALID, INVALID, INVALID, INVALID, INVALID, MISSING]);
  await rest.get(`DELETE webhooks/${webhook.webhook_id}`);
  expect(await fault(`DELETE webhooks/${webhook.webhook_id}`)).toEqual(MISSING);
});

it('is all there again when the database is lost', async () => {
  const { info } = await logged({ name: 'survivor' });
  await rest.get('POST registered-models/create', { name: 'survivor' });
  await rest.get('POST model-versions/create', { name: 'survivor', source: `models:/${info.model_id}`, model_id: info.model_id });
  await rest.get('POST registered-models/alias', { name: 'survivor', alias: 'live', version: '1' });
  const pid = at.enginePid();
  process.kill(pid, 'SIGKILL');
  await until('the engine to be gone', () => { try { process.kill(pid, 0); return false; } catch { return true; } });
  for (const end of ['', '-wal', '-shm']) rmSync(path.join(at.workspace, '.runyard', `runyard.db${end}`), { force: true });
  client = await at.connect();
  rest = await restOf(client);
  expect((await read(info.model_id)).info).toMatchObject({ name: 'survivor', tags: [{ key: 'mlflow.modelVersions', value: '[{"name":"survivor","version":1}]' }] });
  expect((await rest.get<{ model_version: Version }>('GET registered-models/alias', { name: 'survivor', alias: 'live' })).model_version).toMatchObject({ version: '1', aliases: ['live'] });
});
