import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EngineClient } from '../../../../../src/engine/client/client';
import { until } from '../../../../support/until';
import { eachLab } from '../../../engine/support';
import { evaluate, fill, nextJob, YAML } from './support';

const here = eachLab(({ workspace }) => {
  fill(workspace);
});

const folders = (): string[] => readdirSync(path.join(here.workspace, '.runyard', 'evaluations')).filter((name) => name !== 'checked.json' && !name.startsWith('.tmp-data-')).sort();
const at = (file: string): string => path.join(here.workspace, file);

test('an evaluation is made once and kept; asked again it is answered at once, and says so', async () => {
  const client = await here.connect();
  const told: string[][] = [];
  const phases: string[] = [];
  client.on('evaluated', ({ evaluations }) => told.push(evaluations));
  client.on('evaluating', ({ phase }) => phases.push(phase));
  const first = await evaluate(client);
  expect(first).toMatchObject({ cached: false, evaluation: { name: 'clinic', data: { rows: 269, looks: 1 }, slices: [{ name: 'south' }], outcome: 'pass' } });
  expect(folders()).toEqual([first.evaluation.id]);
  expect(readdirSync(at(`.runyard/evaluations/${first.evaluation.id}`)).sort()).toEqual(['evaluation.json', 'predictions.parquet']);
  expect(phases.length).toBeGreaterThan(0);
  const again = await evaluate(client);
  expect(again).toEqual({ cached: true, evaluation: first.evaluation });
  await until('doors to hear', () => told.length > 0);
  expect(told).toEqual([[first.evaluation.id]]);
  const { evaluations, configured } = await client.request('evaluations.list');
  expect(configured).toEqual(['clinic']);
  expect(evaluations).toMatchObject([{ id: first.evaluation.id, name: 'clinic', rows: 269, metric: 'accuracy', outcome: 'pass', slices: 1, failing: 0, run: null }]);
  expect(await client.request('evaluations.get', { evaluation: '@last' })).toEqual(first.evaluation);
  expect((await client.request('evaluations.get', { evaluation: first.evaluation.id.slice(0, 6) })).id).toBe(first.evaluation.id);
});

test('another slice, seed or byte is another evaluation; other names of the same files are not', async () => {
  const client = await here.connect();
  const { evaluation: { id } } = await evaluate(client);
  const ids = [id];
  ids.push((await evaluate(client, { seed: 1 })).evaluation.id);
  writeFileSync(at('runyard.yaml'), YAML.replace("clinic = 'south'", "clinic = 'north'"));
  await until('the slice to be read', async () => (await evaluate(client)).evaluation.slices[0]?.spec.where === "clinic = 'north'");
  ids.push((await evaluate(client)).evaluation.id);
  appendFileSync(at('data/current.csv'), readFileSync(at('data/current.csv'), 'utf8').split('\n')[1] ?? '');
  ids.push((await evaluate(client)).evaluation.id);
  expect(new Set(ids).size).toBe(4);
  fill(here.workspace);
  copyFileSync(at('data/current.csv'), at('data/copy.csv'));
  await until('the file to be read', async () => (await evaluate(client)).evaluation.id === id);
  expect(await evaluate(client, { data: 'data/copy.csv' })).toMatchObject({ cached: true, evaluation: { id } });
  const { evaluation: { request } } = await evaluate(client, { data: at('data/current.csv'), model: at('out/model.onnx'), training: at('data/*.csv') });
  expect([request.data.files, request.model.file, request.training?.files]).toEqual([['data/current.csv'], 'out/model.onnx', ['data/*.csv']]);
  const { points } = await client.request('evaluations.trend', { evaluation: '@last:clinic' });
  expect(points.length).toBeGreaterThanOrEqual(3);
  expect(Object.keys(points[0]?.values ?? {})).toEqual(['', 'south']);
  expect((await client.request('evaluations.list', { name: 'clinic' })).evaluations).toHaveLength(5);
});

test('rows that were looked at are counted; asked afresh it is made again in its place', async () => {
  const client = await here.connect();
  const first = await evaluate(client);
  const fresh = await client.request('evaluations.run', { job: nextJob(), configured: 'clinic', fresh: true });
  expect(fresh).toMatchObject({ cached: false, evaluation: { id: first.evaluation.id, data: { looks: 2 } } });
  expect(folders()).toEqual([first.evaluation.id]);
  expect((await evaluate(client, { replicates: 150 })).evaluation.data.looks).toBe(3);
});

test('what is wrong in a predicate is marked at its place in runyard.yaml, until it is mended', async () => {
  writeFileSync(at('runyard.yaml'), YAML.replace("clinic = 'south'", "clinc = 'south'"));
  const client = await here.connect();
  const problems = async () => (await client.request('config.get')).problems;
  const [problem] = await until('the problem', async () => { const found = await problems(); return found.length > 0 && found; });
  expect(problem).toMatchObject({ file: 'runyard.yaml', line: 13, column: 12, endColumn: 17, severity: 'error' });
  expect(problem?.message).toContain('clinc');
  await expect(client.request('evaluations.saveSlice', { name: 'x', where: 'nothing > 3' })).rejects.toMatchObject({ code: 'bad_input' });
  await expect(client.request('evaluations.saveSlice', { name: 'x', where: "clinic = (select 'x')" })).rejects.toMatchObject({ code: 'bad_input' });
  let changed = 0;
  client.on('changed', ({ config }) => { if (config) changed++; });
  writeFileSync(at('runyard.yaml'), YAML);
  await until('it to be gone', async () => (await problems()).length === 0);
  expect(changed).toBeGreaterThan(0);
  writeFileSync(at('pinned-examples.jsonl'), '{"id": 1\n');
  await until('the bad line', async () => (await problems())[0]?.file === 'pinned-examples.jsonl');
});

test('slices are tests of the evaluations whose data have their columns, and a problem where none has', async () => {
  writeFileSync(at('runyard.yaml'), `${YAML}  large: kind = 'x'\n`);
  const client = await here.connect();
  let told = 0;
  client.on('evaluated', ({ evaluations }) => { if (evaluations.length === 0) told++; });
  const names = async () => (await client.request('evaluations.tests')).tests.filter(({ kind }) => kind === 'slice').map(({ name }) => name);
  await until('the slice that fits not to be left out', async () => (await names()).join() === 'south');
  expect((await client.request('config.get')).problems).toMatchObject([{ line: 16, column: 10 }]);
  const { evaluation } = await evaluate(client);
  expect(evaluation.warnings.filter(({ code }) => code === 'slice_left_out')).toHaveLength(1);
  // The data come to have the column.
  const [head = '', ...rows] = readFileSync(at('data/current.csv'), 'utf8').trimEnd().split('\n');
  writeFileSync(at('data/current.csv'), [`${head},kind`, ...rows.map((row) => `${row},x`)].join('\n'));
  expect((await evaluate(client)).evaluation.slices.map(({ name }) => name)).toEqual(['south', 'large']);
  await until('the problem to be gone', async () => (await client.request('config.get')).problems.length === 0);
  expect(await names()).toEqual(['south', 'large']);
  expect(told).toBeGreaterThan(0);
});

test('a slice that was found is saved, and is a test from then on', async () => {
  const client = await here.connect();
  await expect(client.request('evaluations.saveSlice', { name: 'south', where: "clinic = 'south'" })).rejects.toMatchObject({ code: 'already_exists' });
  expect(await client.request('evaluations.saveSlice', { name: 'large', where: '"mean area" > 800', owner: 'bo', thresholds: { accuracy: { min: 0.99 } } })).toEqual({ file: 'runyard.yaml', line: 16 });
  expect(readFileSync(at('runyard.yaml'), 'utf8')).toBe(`${YAML}  large:\n    where: '"mean area" > 800'\n    owner: bo\n    thresholds: { accuracy: { min: 0.99 } }\n`);
  const outcomes = async () => Object.fromEntries((await client.request('evaluations.tests')).tests.map(({ id, outcome, line }) => [id, [outcome, line]]));
  expect(await outcomes()).toEqual({ 'clinic/overall': [null, 4], 'clinic/slice/south': [null, 12], 'clinic/slice/large': [null, 16] });
  const { evaluation } = await evaluate(client);
  expect(evaluation.slices.map(({ name, outcome }) => [name, outcome])).toEqual([['south', 'pass'], ['large', evaluation.slices[1]?.outcome]]);
  expect(await outcomes()).toEqual({ 'clinic/overall': ['pass', 4], 'clinic/slice/south': ['pass', 12], 'clinic/slice/large': [evaluation.slices[1]?.outcome, 16] });
});

test('an example that was rejected is checked by every later evaluation, until it is accepted', async () => {
  const client = await here.connect();
  await evaluate(client);
  const { rows: [worst] } = await client.request('evaluations.rows', { evaluation: '@last', sort: 'worst', limit: 1 });
  const example = worst?.id ?? '';
  expect(worst?.pinned).toBe(false);
  expect(await client.request('evaluations.judge', { evaluation: '@last', example, judgement: 'rejected', note: 'a clear case', by: 'ana' })).toEqual({ pinned: true, file: 'pinned-examples.jsonl' });
  expect(JSON.parse(readFileSync(at('pinned-examples.jsonl'), 'utf8'))).toMatchObject({ evaluation: 'clinic', id: example, expected: worst?.truth, note: 'a clear case', by: 'ana' });
  expect((await client.request('evaluations.rows', { evaluation: '@last', sort: 'worst', limit: 1 })).rows[0]?.pinned).toBe(true);
  const { evaluation, cached } = await evaluate(client);
  expect([cached, evaluation.pinned[0]?.outcome, evaluation.outcome]).toEqual([false, 'fail', 'fail']);
  const pinned = (await client.request('evaluations.tests')).tests.find(({ kind }) => kind === 'pinned');
  expect(pinned).toMatchObject({ outcome: 'fail', line: 1, file: 'pinned-examples.jsonl', evaluation: 'clinic' });
  expect(await client.request('evaluations.judge', { evaluation: '@last', example, judgement: 'accepted' })).toEqual({ pinned: false, file: 'pinned-examples.jsonl' });
  expect(await evaluate(client)).toMatchObject({ cached: true, evaluation: { pinned: [] } });
  await expect(client.request('evaluations.judge', { evaluation: '@last', example: 'nobody', judgement: 'rejected' })).rejects.toMatchObject({ code: 'not_found' });
});

test('an evaluation that is deleted is gone, folder and all; gc takes none', async () => {
  const client = await here.connect();
  const one = (await evaluate(client)).evaluation.id;
  const other = (await evaluate(client, { seed: 5 })).evaluation.id;
  await client.request('gc.run', { dryRun: false });
  expect(folders()).toEqual([one, other].sort());
  expect(await client.request('evaluations.delete', { evaluations: [one.slice(0, 10)] })).toEqual({ evaluations: [one] });
  expect(folders()).toEqual([other]);
  await expect(client.request('evaluations.get', { evaluation: one })).rejects.toMatchObject({ code: 'not_found' });
  await expect(client.request('evaluations.get', { evaluation: '@last:clinc' })).rejects.toMatchObject({ code: 'not_found', hint: "did you mean 'clinic'?" });
});

/** Waits until a client has no more to say and its engine has ended by itself. */
async function ended(client: EngineClient): Promise<void> {
  const { pid } = client.hello;
  client.dispose();
  await until('the engine to end', () => { try { process.kill(pid, 0); return false; } catch { return true; } });
}

test('a database that is lost is made again from the folders, with how often data were looked at', async () => {
  const client = await here.connect();
  const { evaluation } = await evaluate(client);
  const before = await client.request('evaluations.list');
  await ended(client);
  for (const name of readdirSync(at('.runyard'))) if (name.startsWith('runyard.db')) rmSync(at(`.runyard/${name}`));
  const again = await here.connect();
  expect(await again.request('evaluations.list')).toEqual(before);
  expect(await evaluate(again)).toEqual({ cached: true, evaluation });
  expect((await evaluate(again, { seed: 3 })).evaluation.data.looks).toBe(2);
});

test('a model belongs to the run that made it, and is found through the run', async () => {
  const client = await here.connect();
  writeFileSync(at('train.py'), 'import runyard, shutil\nrunyard.log_artifact("out/model.onnx")\n');
  const { runs: [run = ''] } = await client.request('runs.launch', { argv: ['python3', 'train.py'] });
  const { artifacts: [artifact] } = await until('the run to keep its model', async () => {
    const detail = await client.request('runs.get', { run });
    return detail.artifacts.some(({ digest }) => digest !== '') && detail;
  });
  const { evaluation } = await evaluate(client);
  expect((await client.request('evaluations.list')).evaluations[0]).toMatchObject({ run });
  expect(evaluation.model.digest).toBe(artifact?.digest);
  expect(await evaluate(client, { model: `runs:/${run}/${artifact?.path ?? ''}` })).toMatchObject({ cached: true, evaluation: { id: evaluation.id } });
  await expect(evaluate(client, { run: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(evaluate(client, { model: 'clinic/1' })).rejects.toMatchObject({ code: 'not_found', message: "there is no registered model 'clinic'" });
});

test('data and a model are looked at before anything is evaluated', async () => {
  const client = await here.connect();
  const found = await client.request('evaluations.inspect', { data: { files: ['data/current.csv'] }, model: { file: 'out/model.onnx' }, label: 'benign' });
  expect(found).toMatchObject({ data: { rows: 269 }, model: { kind: 'onnx' }, label: 'benign', problems: [] });
  await until('nothing to be left', () => folders().length === 0);
  expect(statSync(at('.runyard/.gitignore')).size).toBeGreaterThan(0);
});

test('an evaluation that is kept answers questions: details, slices nobody thought of, what columns matter, and of one row', async () => {
  const client = await here.connect();
  const { evaluation } = await evaluate(client);
  const details = await client.request('evaluations.details', { evaluation: '@last', selection: { slice: 'south' } });
  expect(details.figures.n).toBe(evaluation.slices[0]?.figures.n);
  const found = await client.request('evaluations.discover', { evaluation: '@last', job: nextJob(), settings: { minSupport: 20, check: false } });
  expect(found).toMatchObject({ evaluation: evaluation.id, mode: 'loss' });
  expect(found.slices.length).toBeGreaterThan(0);
  const importance = await client.request('evaluations.importance', { evaluation: '@last', job: nextJob(), repeats: 3 });
  expect(importance.columns.map(({ column }) => column)).toContain('mean area');
  const { rows: [row] } = await client.request('evaluations.rows', { evaluation: '@last', selection: { slice: 'south' }, limit: 1 });
  const explained = await client.request('evaluations.explain', { evaluation: '@last', example: row?.id ?? '' });
  expect(explained).toMatchObject({ id: row?.id, row: row?.row });
  await until('nothing to be left', () => folders().length === 1);
});
