import { writeFileSync } from 'node:fs';
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
beforeAll(async () => {
  built = await bundles();
  at = lab(built.engine);
  client = await at.connect();
  rest = await restOf(client);
});
afterAll(async () => {
  await at.dispose();
  built.dispose();
});

interface RunBody { run: { info: Record<string, unknown> & { run_id: string; experiment_id: string }; data: { metrics?: unknown[]; params?: { key: string; value: string }[]; tags: { key: string; value: string }[] }; inputs: { dataset_inputs: unknown[] } } }
const experiment = async (name: string): Promise<string> => (await rest.get<{ experiment_id: string }>('POST experiments/create', { name })).experiment_id;
const run = async (fields: Record<string, unknown> = {}, by = rest): Promise<RunBody['run']> => (await by.get<RunBody>('POST runs/create', fields)).run;
const read = async (id: string): Promise<RunBody['run']> => (await rest.get<RunBody>('GET runs/get', { run_id: id })).run;
const fault = async (on: string, fields: Record<string, unknown> = {}): Promise<[number, unknown, unknown]> => {
  const { status, body } = await rest.ask(on, fields);
  return [status, body['error_code'], body['message']];
};

describe('experiments', () => {
  it('are 404 until they are made, and then the same by name and number', async () => {
    expect((await fault('GET experiments/get-by-name', { experiment_name: 'loan' })).slice(0, 2)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    const id = await experiment('loan');
    const { experiment: byName } = await rest.get<{ experiment: unknown }>('GET experiments/get-by-name', { experiment_name: 'loan' });
    expect(byName).toMatchObject({ experiment_id: id, name: 'loan', artifact_location: `mlflow-artifacts:/${id}`, lifecycle_stage: 'active' });
    expect(await rest.get('GET experiments/get', { experiment_id: id })).toEqual({ experiment: byName });
    expect((await fault('POST experiments/create', { name: 'loan' })).slice(0, 2)).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
    expect(await rest.get('GET experiments/get', { experiment_id: '0' })).toMatchObject({ experiment: { name: 'Default' } });
  });

  it('take their runs with them when they are thrown away, and bring them back', async () => {
    const id = await experiment('short-lived');
    const { info } = await run({ experiment_id: id });
    await rest.get('POST experiments/delete', { experiment_id: id });
    expect((await read(info.run_id)).info['lifecycle_stage']).toBe('deleted');
    expect((await fault('POST runs/create', { experiment_id: id })).slice(0, 2)).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect((await fault('POST experiments/create', { name: 'short-lived' }))[1]).toBe('RESOURCE_ALREADY_EXISTS');
    await rest.get('POST experiments/restore', { experiment_id: id });
    expect((await read(info.run_id)).info['lifecycle_stage']).toBe('active');
  });

  it('are found by name, tag and view, in pages', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await rest.get('POST experiments/create', { name, tags: [{ key: 'kind', value: name === 'page-b' ? 'x' : 'y' }] });
    const search = async (fields: Record<string, unknown>): Promise<{ names: string[]; token?: string }> => {
      const { experiments, next_page_token: token } = await rest.get<{ experiments: { name: string }[]; next_page_token?: string }>('POST experiments/search', fields);
      return { names: experiments.map((one) => one.name), ...(token === undefined ? {} : { token }) };
    };
    const first = await search({ filter: "name LIKE 'page-%'", order_by: ['name DESC'], max_results: 2 });
    expect(first.names).toEqual(['page-c', 'page-b']);
    expect(await search({ filter: "name LIKE 'page-%'", order_by: ['name DESC'], max_results: 2, page_token: first.token })).toEqual({ names: ['page-a'] });
    expect(await search({ filter: "name LIKE 'page-%' AND tags.kind = 'y'", order_by: ['name'], max_results: 9 })).toEqual({ names: ['page-a', 'page-c'] });
    expect((await fault('POST experiments/search', { filter: 'nonsense = 1' })).slice(0, 2)).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });
});

describe('a run', () => {
  it('keeps what is logged, and every read shows it at once', async () => {
    const { info } = await run({ experiment_id: '0', run_name: 'hello', start_time: 1_700_000_000_000, tags: [{ key: 'mlflow.user', value: 'ann' }] });
    const id = info.run_id;
    expect(info).toMatchObject({ run_name: 'hello', status: 'RUNNING', start_time: 1_700_000_000_000, user_id: 'ann', artifact_uri: `mlflow-artifacts:/0/${id}/artifacts` });
    await rest.get('POST runs/log-parameter', { run_id: id, key: 'lr', value: '0.1' });
    await rest.get('POST runs/log-batch', {
      run_id: id, metrics: [{ key: 'loss', value: 0.5, timestamp: 1, step: 1 }, { key: 'loss', value: 'NaN', timestamp: 2, step: 2 }, { key: 'big', value: 'Infinity', timestamp: '5' }],
      params: [{ key: 'depth', value: '3' }], tags: [{ key: 'mlflow.note.content', value: 'a note' }],
    });
    const { data } = await read(id);
    expect(new Set(data.metrics)).toEqual(new Set([{ key: 'big', value: Number.MAX_VALUE, timestamp: 5, step: 0 }, { key: 'loss', value: 'NaN', timestamp: 2, step: 2 }]));
    expect(new Set(data.params)).toEqual(new Set([{ key: 'depth', value: '3' }, { key: 'lr', value: '0.1' }]));
    expect(await rest.get('GET metrics/get-history', { run_id: id, metric_key: 'loss' })).toEqual({ metrics: [{ key: 'loss', value: 0.5, timestamp: 1, step: 1, run_id: id }, { key: 'loss', value: 'NaN', timestamp: 2, step: 2, run_id: id }] });
    const ours = await client.request('runs.get', { run: id });
    expect([ours.notes, ours.source, ours.state, ours.metrics['big']?.value]).toEqual(['a note', 'mlflow', 'running', 'Infinity']);
    expect((await rest.get<{ run_info: unknown }>('POST runs/update', { run_id: id, status: 'FINISHED', end_time: 1_700_000_005_000 })).run_info).toMatchObject({ status: 'FINISHED', end_time: 1_700_000_005_000 });
    expect(await client.request('runs.get', { run: id })).toMatchObject({ state: 'finished', ended: 1_700_000_005 });
  });

  it('says a param once: another value is refused with the whole batch, the same one is fine', async () => {
    const { info: { run_id: id } } = await run();
    await rest.get('POST runs/log-parameter', { run_id: id, key: 'lr', value: '1' });
    await rest.get('POST runs/log-parameter', { run_id: id, key: 'lr', value: '1' });
    const [status, code, message] = await fault('POST runs/log-batch', { run_id: id, params: [{ key: 'new', value: 'x' }, { key: 'lr', value: '2' }], metrics: [{ key: 'm', value: 1, timestamp: 1 }] });
    expect([status, code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(message).toMatch(/Changing param values is not allowed.*'lr'/);
    expect((await read(id)).data).toMatchObject({ params: [{ key: 'lr', value: '1' }], metrics: [] });
  });

  it('takes a param from one of those who say it at once, and tells the others', async () => {
    const { info: { run_id: id } } = await run();
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => rest.ask('POST runs/log-parameter', { run_id: id, key: 'lr', value: String(i) })));
    const taken = answers.flatMap(({ status }, i) => (status === 200 ? [String(i)] : []));
    expect(taken).toHaveLength(1);
    expect((await read(id)).data.params).toEqual([{ key: 'lr', value: taken[0] }]);
  });

  it('keeps one copy of a point that is sent again', async () => {
    const { info: { run_id: id } } = await run();
    const batch = { run_id: id, metrics: [{ key: 'm', value: 1, timestamp: 1000, step: 3 }] };
    for (let i = 0; i < 3; i += 1) await rest.get('POST runs/log-batch', batch);
    expect((await rest.get<{ metrics: unknown[] }>('GET metrics/get-history', { run_id: id, metric_key: 'm' })).metrics).toHaveLength(1);
  });

  it('that was thrown away takes nothing until it is back', async () => {
    const { info: { run_id: id } } = await run();
    await rest.get('POST runs/delete', { run_id: id });
    for (const [on, fields] of [['POST runs/log-metric', { key: 'a', value: 1, timestamp: 1 }], ['POST runs/set-tag', { key: 'a', value: 'b' }], ['POST runs/update', { status: 'FINISHED' }]] as const) {
      const [status, code, message] = await fault(on, { run_id: id, ...fields });
      expect([status, code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
      expect(message).toMatch(/must be in the 'active' state/);
    }
    await rest.get('POST runs/restore', { run_id: id });
    await rest.get('POST runs/set-tag', { run_id: id, key: 'a', value: 'b' });
    await rest.get('POST runs/delete-tag', { run_id: id, key: 'a' });
    expect((await fault('POST runs/delete-tag', { run_id: id, key: 'a' })).slice(0, 2)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('goes on after it ended, when its client takes it up again', async () => {
    const { info: { run_id: id } } = await run();
    await rest.get('POST runs/update', { run_id: id, status: 'FAILED' });
    await rest.get('POST runs/update', { run_id: id, status: 'RUNNING' });
    expect(await client.request('runs.get', { run: id })).toMatchObject({ state: 'running', ended: null });
  });

  it.each([
    ['POST runs/log-metric', { key: 'a', value: 1, timestamp: 1 }, /required parameter 'run_id'/], ['POST runs/log-metric', { run_id: 'x', value: 1, timestamp: 1 }, /required parameter 'key'/],
    ['POST runs/log-metric', { run_id: 'x', key: 'a', value: 'much', timestamp: 1 }, /Invalid value "much" for parameter 'value'/], ['POST runs/log-metric', { run_id: 'x', key: '../a', value: 1, timestamp: 1 }, /must not resolve to other names/],
    ['POST runs/log-metric', { run_id: 'x', key: 'a?', value: 1, timestamp: 1 }, /Names may only contain/], ['POST runs/log-metric', { run_id: 'x', key: 'a', value: 1, timestamp: -1 }, /nonnegative/],
    ['POST runs/log-batch', { run_id: 'x', metrics: [{ key: 'a', value: 1 }] }, /required parameter 'metrics\[0\]\.timestamp'/],
    ['POST runs/log-batch', { run_id: 'x', params: Array.from({ length: 101 }, (_, i) => ({ key: `p${i}`, value: '' })) }, /at most 100 params/],
    ['POST runs/search', { experiment_ids: ['0'], max_results: 50_001 }, /at most 50000/], ['POST runs/search', { experiment_ids: ['0'], filter: 'metrics.a >' }, /value is missing/],
    ['POST runs/create', { experiment_id: 5 }, /'experiment_id'/], ['POST experiments/create', {}, /required parameter 'name'/],
  ])('%s with %j is told what is wrong', async (on, fields, what) => {
    const [status, code, message] = await fault(on, fields);
    expect([status, code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(message).toMatch(what);
  });

  it('that nobody knows is 404', async () => {
    expect((await fault('GET runs/get', { run_id: 'a'.repeat(32) })).slice(0, 2)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    expect((await fault('POST runs/log-metric', { run_id: 'a'.repeat(32), key: 'a', value: 1, timestamp: 1 }))[0]).toBe(404);
    expect((await fault('GET /api/2.0/mlflow/nothing/here')).slice(0, 2)).toEqual([404, 'ENDPOINT_NOT_FOUND']);
  });

  it('is found by MLflow\'s grammar, ordered and in pages', async () => {
    const id = await experiment('search');
    for (const [i, loss] of [0.3, 0.1, 0.2].entries()) {
      const { info } = await run({ experiment_id: id, run_name: `r${i}`, start_time: 1000 + i });
      await rest.get('POST runs/log-batch', { run_id: info.run_id, metrics: [{ key: 'loss', value: loss, timestamp: 1 }], params: [{ key: 'i', value: String(i) }] });
      if (i > 0) await rest.get('POST runs/update', { run_id: info.run_id, status: 'FINISHED' });
    }
    const search = async (fields: Record<string, unknown>): Promise<[names: unknown[], token: string | undefined]> => {
      const { runs, next_page_token: token } = await rest.get<{ runs: RunBody['run'][]; next_page_token?: string }>('POST runs/search', { experiment_ids: [id], ...fields });
      return [runs.map((one) => one.info['run_name']), token];
    };
    expect(await search({})).toEqual([['r2', 'r1', 'r0'], undefined]);
    expect(await search({ filter: "status = 'FINISHED' and metrics.loss < 0.25", order_by: ['metrics.loss ASC'] })).toEqual([['r1', 'r2'], undefined]);
    const [names, token] = await search({ order_by: ['params.i'], max_results: 2 });
    expect([names, await search({ order_by: ['params.i'], max_results: 2, page_token: token })]).toEqual([['r0', 'r1'], [['r2'], undefined]]);
    expect(await search({ experiment_ids: [] })).toEqual([[], undefined]);
  });
});

describe('histories for charts', () => {
  it('of several runs are thinned, each to its first, its last and what lies evenly between', async () => {
    const ids: string[] = [];
    for (const offset of [0, 5]) {
      const { info } = await run();
      ids.push(info.run_id);
      for (let at = 0; at < 3; at += 1) {
        await rest.get('POST runs/log-batch', { run_id: info.run_id, metrics: Array.from({ length: 100 }, (_, i) => ({ key: 'm', value: i, timestamp: at * 100 + i, step: at * 100 + i + offset })) });
      }
    }
    const { metrics } = await rest.get<{ metrics: { run_id: string; step: number }[] }>('GET /ajax-api/2.0/mlflow/metrics/get-history-bulk-interval', { run_ids: ids, metric_key: 'm', max_results: 10 });
    const steps = (id: string | undefined): number[] => metrics.filter((one) => one.run_id === id).map((one) => one.step);
    expect([steps(ids[0]).length, steps(ids[0])[0], steps(ids[1]).at(-1)]).toEqual([10, 0, 304]);
    const bulk = await rest.get<{ metrics: unknown[] }>('GET /ajax-api/2.0/mlflow/metrics/get-history-bulk', { run_id: ids, metric_key: 'm' });
    expect(bulk.metrics).toHaveLength(600);
  });
});

describe('a run that Runyard started', () => {
  it('has MLflow\'s words, and is the run that its script logs to; what the script starts besides are its children', async () => {
    writeFileSync(path.join(at.workspace, 'show.py'), 'import os, json, sys, time\nprint(json.dumps({k: v for k, v in os.environ.items() if k.startswith("MLFLOW_")}), flush=True)\nopen("go","w").close()\nwhile not os.path.exists("end"): time.sleep(0.02)\n');
    const { runs: [id = ''] } = await client.request('runs.launch', { script: 'show.py', experiment: 'own', params: { lr: '0.10' } });
    const words = await until('its words', async () => {
      const { text } = await client.request('runs.log', { run: id });
      return text.includes('\n') ? JSON.parse(text.split('\n')[0] ?? '') as Record<string, string> : undefined;
    });
    const own = await restOf(client, id);
    expect(words).toMatchObject({ MLFLOW_TRACKING_URI: own.uri, MLFLOW_TRACKING_TOKEN: own.token });
    const { experiment: { experiment_id: number } } = await rest.get<{ experiment: { experiment_id: string } }>('GET experiments/get-by-name', { experiment_name: 'own' });
    expect(words?.['MLFLOW_EXPERIMENT_ID']).toBe(number);
    const first = await run({ experiment_id: number, run_name: 'fit' }, own);
    expect([first.info.run_id, first.info.experiment_id, first.info['run_name']]).toEqual([id, number, 'fit']);
    // Its flag was 0.10; the script says what it made of it, once.
    await own.get('POST runs/log-parameter', { run_id: id, key: 'lr', value: '0.1' });
    expect((await own.ask('POST runs/log-parameter', { run_id: id, key: 'lr', value: '0.2' })).status).toBe(400);
    await own.get('POST runs/update', { run_id: id, status: 'FINISHED' });
    expect((await read(id)).info['status']).toBe('FINISHED');
    expect((await client.request('runs.get', { run: id })).state).toBe('running');
    const second = await run({ experiment_id: number }, own);
    expect((await client.request('runs.get', { run: id })).children).toEqual([second.info.run_id]);
    writeFileSync(path.join(at.workspace, 'end'), '');
    await until('its end', async () => (await client.request('runs.get', { run: id })).state === 'finished');
  });
});
