import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderSource } from '../../../../src/core/exchange/folder/source';
import { collect, mlrunsFixture } from '../../../support/exchange';

let folder = '';
let faults: string[] = [];
const fault = (where: string, why: string): void => { faults.push(`${path.relative(folder, where)}: ${why}`); };
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-mlruns-')); faults = []; });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const EXPERIMENT = '575721806102202498';
const FIRST = '45fa5b32083544668d30da19bd180442';

test('an mlruns folder is read whole: experiments, runs, histories, models, registry, traces and files', async () => {
  const held = await collect(folderSource({ root: mlrunsFixture(folder), fault }));
  expect(faults).toEqual([]);
  expect(Object.entries(held).map(([kind, things]) => [kind, Object.keys(things as object).length])).toEqual([
    ['experiments', 3], ['runs', 6], ['models', 2], ['registered', 3], ['traces', 1], ['datasets', 0],
  ]);
  const first = held.runs[FIRST] as Record<string, unknown>;
  expect(first).toMatchObject({
    name: 'first', user: 'ann', status: 'FINISHED', start: 1795246249598, end: 1795246257218, lifecycle: 'active', params: { lr: '0.1', 'opt/kind': 'adam' },
    tags: { note: 'héllo\nworld', 'mlflow.note.content': '# a note' }, modelOutputs: [{ model: 'm-44f8fc2080884ee99fcddae8777cb290', step: 0 }],
    datasets: [{ name: 'toy', digest: 'b2892d90', sourceType: 'code', profile: '{"num_rows": 2, "num_elements": 4}', tags: { k: 'v', 'mlflow.data.context': 'train' } }],
  });
  expect(first['points']).toEqual(expect.arrayContaining(['odd 1 1795246249651 NaN', 'odd 2 1795246249652 Infinity', 'odd 3 1795246249652 -Infinity', 'val/acc -1 1795246249650 0.75']));
  expect(first['points']).toHaveLength(56);
  expect(Object.keys(first['files'] as object)).toEqual(['a/b/hello wörld.txt', 'd.json', 'empty.txt']);
  expect(held.experiments['iris']).toMatchObject({ tags: { team: 'née ☃\nline2' } });
});

test('the trash, aliases, stages, prompts and the numbers of versions after a deleted one are there', async () => {
  const held = await collect(folderSource({ root: mlrunsFixture(folder), fault }));
  expect(held.experiments['gone']).toMatchObject({ lifecycle: 'deleted', tags: { a: 'b' } });
  expect(held.runs['abaeef17281344278b119569b3d2b203']).toMatchObject({ lifecycle: 'deleted', status: 'RUNNING', end: null });
  expect(held.registered['clf']).toMatchObject({ aliases: { production: 1 }, description: 'the descr', tags: { task: 'cls' } });
  const { versions } = held.registered['clf'] as { versions: { version: number; stage: string }[] };
  expect(versions.map(({ version, stage }) => [version, stage])).toEqual([[1, 'Production'], [2, 'None'], [4, 'None']]);
  expect(held.registered['greet']).toMatchObject({ versions: [{ tags: { 'mlflow.prompt.text': 'Hello {{name}}' } }] });
});

test('spans keep every digit of their times, and assessments the kinds of their values', async () => {
  const { traces } = await collect(folderSource({ root: mlrunsFixture(folder), fault }));
  const [trace] = Object.values(traces) as { spans: { start_time_unix_nano: string }[]; info: { assessments: unknown[] } }[];
  expect(trace?.spans.map((span) => span.start_time_unix_nano)).toEqual(['1795246256206779191n', '1795246256207333554n']);
  expect(trace?.info.assessments).toEqual(expect.arrayContaining([expect.objectContaining({ assessment_name: 'good', feedback: { value: true } })]));
});

test('half a meta.yaml is told with its path, and the rest is read', async () => {
  const root = mlrunsFixture(folder);
  truncateSync(path.join(root, EXPERIMENT, FIRST, 'meta.yaml'), 40);
  writeFileSync(path.join(root, EXPERIMENT, 'c3e0334456d74840b7776f27acb3c734', 'meta.yaml'), 'run_id: "unclosed\nstatus: [');
  const held = await collect(folderSource({ root, fault }));
  expect(Object.keys(held.runs)).toHaveLength(4);
  expect(faults.map((one) => one.split(':')[0])).toEqual([`mlruns/${EXPERIMENT}/${FIRST}/meta.yaml`, `mlruns/${EXPERIMENT}/c3e0334456d74840b7776f27acb3c734/meta.yaml`]);
});

test('a line of a metric that is none is told with its number, and its neighbours are read', async () => {
  const root = mlrunsFixture(folder);
  writeFileSync(path.join(root, EXPERIMENT, FIRST, 'metrics', 'odd'), '1795246249651 0.5 1\n1795 zero 2\n\n1795246249653 0.25 3');
  const held = await collect(folderSource({ root, fault }));
  const { points } = held.runs[FIRST] as { points: string[] };
  expect(points.filter((one) => one.startsWith('odd'))).toEqual(['odd 1 1795246249651 0.5', 'odd 3 1795246249653 0.25']);
  expect(faults).toHaveLength(1);
});

test('a link among the files is told, not followed', async () => {
  const root = mlrunsFixture(folder);
  symlinkSync('/etc/hostname', path.join(root, EXPERIMENT, FIRST, 'artifacts', 'leak'));
  const held = await collect(folderSource({ root, fault }));
  expect(Object.keys((held.runs[FIRST] as { files: object }).files)).not.toContain('leak');
  expect(faults.join()).toContain('artifacts/leak: is a link');
});

test('files outside of the folder are not copied, however its meta.yaml names them, unless the person names their folder', async () => {
  const root = mlrunsFixture(folder);
  const outside = path.join(folder, 'secrets');
  const { mkdirSync, readFileSync } = await import('node:fs');
  mkdirSync(outside);
  writeFileSync(path.join(outside, 'key'), 'secret');
  const meta = path.join(root, EXPERIMENT, FIRST, 'meta.yaml');
  writeFileSync(meta, readFileSync(meta, 'utf8').replace(/^artifact_uri: .*$/m, `artifact_uri: file://${outside}`));
  const files = async (artifacts: string[]): Promise<string[]> => Object.keys(((await collect(folderSource({ root, artifacts, fault }))).runs[FIRST] as { files: object }).files);
  expect(await files([])).toEqual([]);
  expect(faults.join()).toContain('--artifacts');
  expect(await files([outside])).toEqual(['key']);
});

test('what looks like a number or a truth in a name stays the text it is', async () => {
  const root = mlrunsFixture(folder);
  const { readFileSync } = await import('node:fs');
  const meta = path.join(root, '0', 'meta.yaml');
  writeFileSync(meta, readFileSync(meta, 'utf8').replace('name: Default', 'name: 1e5'));
  const held = await collect(folderSource({ root, fault }));
  expect(Object.keys(held.experiments)).toContain('1e5');
});

test('a folder without experiments says what is expected', () => {
  expect(() => folderSource({ root: folder, fault })).toThrow(/holds no MLflow experiments/);
  expect(() => folderSource({ root: path.join(folder, 'none'), fault })).toThrow(/there is no folder/);
});
