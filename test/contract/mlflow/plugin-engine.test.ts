/** MLflow's own client in runs that Runyard starts, with the engine there, gone, and back: nothing is lost and nothing waits. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { venvPython } from '../../../scripts/lib/paths.mjs';
import { mlflowVenvDir } from '../../../scripts/lib/venv.mjs';
import type { EngineClient } from '../../../src/engine/client/client';
import { isAlive, startTimeOf } from '../../../src/core/tracking/process';
import { eachLab } from '../../integration/engine/support';
import { until } from '../../support/until';

const python = venvPython(mlflowVenvDir);
const here = eachLab();

const file = (name: string): string => path.join(here.workspace, name);
const runFile = (run: string, name: string): string => path.join(here.workspace, '.runyard', 'runs', run, name);
const printed = (run: string): string => readFileSync(runFile(run, 'stdout.log'), 'utf8');

/** What the engine's REST API tells, asked with a query or a body. */
async function rest<T>(client: EngineClient, on: string, fields: Record<string, unknown> = {}): Promise<T> {
  const { uri, token } = await client.request('mlflow.serve', { token: true });
  const [method = 'GET', where = ''] = on.split(' ');
  const query = method === 'GET' ? `?${new URLSearchParams(fields as Record<string, string>).toString()}` : '';
  const response = await fetch(`${uri}/api/2.0/mlflow/${where}${query}`, {
    method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, ...(method === 'GET' ? {} : { body: JSON.stringify(fields) }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${on}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

const START = `
import os, sys, time, json
def gate(name):
    open(name + '.reached', 'w').close()
    while not os.path.exists(name): time.sleep(0.02)
`;

async function launch(client: EngineClient, script: string): Promise<string> {
  writeFileSync(file('train.py'), START + script);
  const { runs: [run = ''] } = await client.request('runs.launch', { argv: [python, 'train.py'] });
  return run;
}

/** The script has come to a gate. */
const reached = (run: string, name: string): Promise<unknown> => until(`the script to come to ${name}`, () => {
  if (existsSync(runFile(run, 'exit.json'))) throw new Error(printed(run));
  return existsSync(file(`${name}.reached`));
}, 60_000);
const open = (name: string): void => writeFileSync(file(name), '');

/** Ends the engine with no way to say goodbye, and nobody who would start another. */
async function killEngine(client: EngineClient): Promise<void> {
  const pid = here.enginePid();
  const engine = { pid, startTime: startTimeOf(pid) };
  client.dispose();
  process.kill(pid, 'SIGKILL');
  await until('the engine to be gone', () => !isAlive(engine));
}

const ended = async (run: string): Promise<void> => {
  await until('the script to end', () => existsSync(runFile(run, 'exit.json')), 100_000);
  expect(JSON.parse(readFileSync(runFile(run, 'exit.json'), 'utf8')), printed(run)).toMatchObject({ state: 'finished' });
};
const finished = (client: EngineClient, run: string): Promise<unknown> =>
  until('the run to be over in the store', async () => (await client.request('runs.get', { run })).state === 'finished', 30_000);

const CLASSIC = `
import mlflow
from sklearn.linear_model import LogisticRegression
from mlflow.models import infer_signature
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
gate('begin')
begun = time.time()
with mlflow.start_run(run_name='classic') as run:
    mlflow.log_params({'depth': 3, 'kind': 'x'})
    client = mlflow.MlflowClient()
    for i in range(10_000): client.log_metric(run.info.run_id, 'loss', 1 / (i + 1), step=i)
    mlflow.log_metrics({'nan': float('nan'), 'inf': float('inf')}, step=1)
    mlflow.set_tag('stage', 'dev')
    mlflow.log_text('hello', 'notes/a.txt')
    info = mlflow.sklearn.log_model(model, name='model', input_example=None, pip_requirements=['scikit-learn'])
    with mlflow.start_run(nested=True, run_name='child') as child: mlflow.log_metric('inner', 2.5, step=4)
    seen = mlflow.get_run(run.info.run_id)
    history = client.get_metric_history(run.info.run_id, 'loss')
print(json.dumps({'run': run.info.run_id, 'child': child.info.run_id, 'model': info.model_id, 'params': dict(seen.data.params), 'tags': seen.data.tags['stage'],
    'loss': seen.data.metrics['loss'], 'points': len(history), 'parent': child.data.tags.get('mlflow.parentRunId'), 'predicts': [int(one) for one in mlflow.pyfunc.load_model(info.model_uri).predict([[1.0]])],
    'seconds': time.time() - begun}))
`;

interface Classic { run: string; child: string; model: string; params: Record<string, string>; tags: string; loss: number; points: number; parent: string; predicts: number[]; seconds: number }
const said = (run: string): Classic => JSON.parse(printed(run).split('\n').find((line) => line.startsWith('{"run"')) ?? printed(run)) as Classic;

async function isWhole(client: EngineClient, run: string): Promise<void> {
  const told = said(run);
  expect(told).toMatchObject({ run, params: { depth: '3', kind: 'x' }, tags: 'dev', loss: 1e-4, points: 10_000, parent: run, predicts: [1] });
  await finished(client, run);
  const found = await client.request('runs.get', { run });
  expect(found).toMatchObject({ name: 'classic', params: { depth: '3', kind: 'x' }, tags: { stage: 'dev' } });
  expect(found.metrics['loss']).toMatchObject({ count: 10_000 });
  const history = await rest<{ metrics: { step: number }[] }>(client, 'GET metrics/get-history', { run_id: run, metric_key: 'loss' });
  expect(history.metrics.map(({ step }) => step)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  expect(readFileSync(runFile(run, 'artifacts/notes/a.txt'), 'utf8')).toBe('hello');
  const child = await until('the nested run', () => client.request('runs.get', { run: told.child }).catch(() => null));
  expect(child).toMatchObject({ name: 'child', parent: run, state: 'finished', metrics: { inner: { count: 1 } } });
  const model = await rest<{ model: { info: { status: string; source_run_id: string } } }>(client, `GET logged-models/${told.model}`);
  expect(model.model.info).toMatchObject({ status: 'LOGGED_MODEL_READY', source_run_id: run });
}

test('with the engine there a script logs into its own run, whole', async () => {
  const client = await here.connect();
  const run = await launch(client, CLASSIC);
  open('begin');
  await ended(run);
  await isWhole(client, run);
});

test('with the engine gone from before the first call to after the last, a script is not held up and all is in the store afterwards', async () => {
  const client = await here.connect();
  const run = await launch(client, CLASSIC);
  await reached(run, 'begin');
  await killEngine(client);
  open('begin');
  await ended(run);
  expect(printed(run)).not.toContain('Traceback');
  // Some 4 s of them are scikit-learn's and MLflow's own; one call that waited for the engine would take more than the rest.
  expect(said(run).seconds).toBeLessThan(25);
  await isWhole(await here.connect(), run);
});

const HALVES = `
import mlflow
def part(name, k):
    for i in range(2000): mlflow.log_metric('loss', k, step=k * 2000 + i)
    mlflow.log_param(name, k); mlflow.log_text(name, name + '.txt'); mlflow.set_tag(name, k)
    with mlflow.start_run(nested=True, run_name=name): mlflow.log_metric('inner', k)
mlflow.set_experiment('halves')
with mlflow.start_run() as run:
    part('first', 0)
    gate('gone'); part('second', 1)
    gate('back'); part('third', 2)
    gate('again'); part('fourth', 3)
    print(len(mlflow.search_runs(experiment_names=['halves'])))
`;

test('with the engine killed in the middle, and back in the middle, every point, file and nested run is there once', async () => {
  const client = await here.connect();
  const run = await launch(client, HALVES);
  await reached(run, 'gone');
  await killEngine(client);
  open('gone');
  await reached(run, 'back');
  const next = await here.connect();
  open('back');
  await reached(run, 'again');
  await until('the first three parts', async () => (await next.request('runs.get', { run })).params['third'] === '2');
  open('again');
  await ended(run);
  await finished(next, run);
  const { metrics } = await rest<{ metrics: { step: number }[] }>(next, 'GET metrics/get-history', { run_id: run, metric_key: 'loss' });
  expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 8000 }, (_, i) => i));
  const { experiment } = await rest<{ experiment: { experiment_id: string } }>(next, 'GET experiments/get-by-name', { experiment_name: 'halves' });
  const found = await until('the nested runs', async () => {
    const { runs } = await rest<{ runs: { info: { run_name: string; status: string } }[] }>(next, 'POST runs/search', { experiment_ids: [experiment.experiment_id] });
    return runs.length === 5 && runs.every(({ info }) => info.status === 'FINISHED') ? runs : null;
  });
  expect(found.map(({ info }) => info.run_name).filter((name) => ['first', 'second', 'third', 'fourth'].includes(name)).sort()).toEqual(['first', 'fourth', 'second', 'third']);
  const { tags, params } = await next.request('runs.get', { run });
  expect(tags).toMatchObject({ first: '0', second: '1', third: '2', fourth: '3' });
  expect(params).toMatchObject({ first: '0', second: '1', third: '2', fourth: '3' });
  for (const name of ['first', 'second', 'third', 'fourth']) expect(readFileSync(runFile(run, `artifacts/${name}.txt`), 'utf8')).toBe(name);
});

const MANY = `
import mlflow
client = mlflow.MlflowClient()
gate('begin')
with mlflow.start_run() as run:
    for k in range(40):
        with mlflow.start_run(nested=True, run_name=f'part {k}') as inner:
            for i in range(50): client.log_metric(inner.info.run_id, 'm', i, step=i)
            mlflow.log_text(str(k), 'k.txt')
            client.log_metric(run.info.run_id, 'done', k, step=k)
            with mlflow.start_span(f's{k}') as span: span.set_inputs({'k': k})
        time.sleep(0.1)
mlflow.flush_trace_async_logging()
`;

test('with the engine killed again and again under a script, each of its runs, points, files and traces is there once', async () => {
  let client = await here.connect();
  const run = await launch(client, MANY);
  await reached(run, 'begin');
  open('begin');
  for (let round = 0; !existsSync(runFile(run, 'exit.json')); round++) {
    await killEngine(client);
    await pause(40 * (round % 8));
    client = await here.connect();
    await pause(90 * (round % 7));
  }
  await ended(run);
  await finished(client, run);
  const parts = await until('the nested runs', async () => {
    const { runs } = await rest<{ runs: { info: { run_id: string; run_name: string; status: string } }[] }>(client, 'POST runs/search', { experiment_ids: ['0', '1'] });
    return runs.filter(({ info }) => info.run_name.startsWith('part') && info.status === 'FINISHED').length >= 40 ? runs.filter(({ info }) => info.run_name.startsWith('part')) : null;
  });
  expect(parts.map(({ info }) => info.run_name).sort()).toEqual(Array.from({ length: 40 }, (_, k) => `part ${k}`).sort());
  for (const { info } of parts) {
    const { metrics } = await rest<{ metrics: { step: number }[] }>(client, 'GET metrics/get-history', { run_id: info.run_id, metric_key: 'm' });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(readFileSync(runFile(info.run_id, 'artifacts/k.txt'), 'utf8')).toBe(info.run_name.slice(5));
  }
  const { metrics } = await rest<{ metrics: { step: number }[] }>(client, 'GET metrics/get-history', { run_id: run, metric_key: 'done' });
  expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, k) => k));
  const { traces } = await rest<{ traces: { tags: Record<string, string> }[] }>(client, 'POST ../../3.0/mlflow/traces/search', { locations: ['0', '1'].map((id) => ({ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: id } })), max_results: 500 });
  expect(traces.map(({ tags }) => tags['mlflow.traceName']).sort()).toEqual(Array.from({ length: 40 }, (_, k) => `s${k}`).sort());
});
