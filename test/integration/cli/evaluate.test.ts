import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { eachLab } from '../engine/support';
import { until } from '../../support/until';
import { start, type Ran } from './support';

const CASES = path.resolve(import.meta.dirname, '../../fixtures/reference');
const cancer = (file: string): string => path.join(CASES, 'p1_binary_breast_cancer', file);
const loan = (file: string): string => path.join(CASES, 'p4_large_car_loan', file);
const CANCER = ['--model', cancer('model.onnx'), '--data', cancer('current.csv'), '--label', 'benign', '--positive', '1', '--replicates', '100'];

const here = eachLab();

const runyard = (...words: string[]): Promise<Ran> => start(here.cli, here.workspace, words).done;
type Json = Record<string, unknown> & { id: string; overall: Record<string, unknown>; slices: Record<string, Record<string, unknown>> };
async function json(...words: string[]): Promise<Json & { status: number | null }> {
  const { status, out, err } = await runyard(...words, '--json');
  expect(err).toBe('');
  return { ...(JSON.parse(out) as Json), status };
}
const file = (name: string, text: string): string => {
  writeFileSync(path.join(here.workspace, name), text);
  return name;
};
const keptFolders = (): string[] => {
  const home = path.join(here.workspace, '.runyard', 'evaluations');
  return existsSync(home) ? readdirSync(home) : [];
};

describe('evaluate', () => {
  test('says how good a model is, and answers the same question again from what is kept', async () => {
    const first = await json('evaluate', ...CANCER);
    expect(first).toMatchObject({ status: 0, cached: false, outcome: 'pass', task: 'binary', overall: { n: 269, n_correct: 248, confusion_matrix: [[88, 10], [11, 160]], intervals: { accuracy: { method: 'wilson' }, roc_auc: { method: 'delong' } } } });
    expect(await json('evaluate', ...CANCER)).toMatchObject({ status: 0, cached: true, id: first.id });
    expect(await json('evaluate', ...CANCER, '--fresh')).toMatchObject({ cached: false, id: first.id });
    const { status, out, err } = await runyard('evaluate', ...CANCER);
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^current: model\.onnx on current\.csv\n/);
    expect(out).toMatch(/kept since .*: nothing was computed/);
    expect(out).toMatch(/^accuracy +0\.92193 +0\.8836\d* to 0\.948\d*$/m);
    expect(keptFolders()).toEqual([first.id]);
  });

  test('slices of runyard.yaml and limits decide the outcome: pass, fail, cannot tell', async () => {
    file('runyard.yaml', 'version: 1\nslices:\n  north: {where: "clinic = \'north\'", thresholds: {accuracy: {min: 0.8}}}\n');
    expect(await json('evaluate', ...CANCER)).toMatchObject({ status: 0, outcome: 'pass', slices: { north: { n: 58, outcome: 'pass' } } });
    expect(await json('evaluate', ...CANCER, '--no-slices')).toMatchObject({ slices: {} });
    expect(await json('evaluate', ...CANCER, '--min', 'accuracy=0.99')).toMatchObject({ status: 1, outcome: 'fail', reasons: [expect.stringContaining('accuracy')] });
    expect(await json('evaluate', ...CANCER, '--min', 'accuracy=0.92')).toMatchObject({ status: 3, outcome: 'cannot tell' });
  });

  test('an evaluation of runyard.yaml runs by its name, and what is said besides goes before it', async () => {
    file('runyard.yaml', `version: 1\nevaluations:\n  cancer: {model: ${cancer('model.onnx')}, data: ${cancer('current.parquet')}, label: benign, positive: 1, replicates: 100}\n`);
    expect(await json('evaluate', 'cancer')).toMatchObject({ status: 0, name: 'cancer', overall: { n: 269 } });
    expect(await json('evaluate', 'cancer', '--data', cancer('reference.parquet'))).toMatchObject({ name: 'cancer', overall: { n: 300 } });
    expect((await runyard('evaluate', 'cancr')).err).toMatch(/^runyard: .*cancr.*cancer/);
    const { out, err } = await runyard('evaluate', '--list');
    expect(out.match(/cancer/g)?.length).toBeGreaterThanOrEqual(2);
    expect(err).toContain('runyard.yaml names: cancer');
  });

  test('two models on the same rows: verdict, flips, and the slice that got worse', async () => {
    file('s.yaml', 'slices: {rich: {where: "salary_range = \'60K+ €\'"}}');
    const compared = await json('evaluate', '--model', loan('model_v2.onnx'), '--baseline', loan('model.onnx'), '--data', loan('current.parquet'), '--label', 'repaid', '--positive', '1', '--slices', 's.yaml', '--max-worsening', '0.01', '--replicates', '100');
    expect(compared).toMatchObject({ status: 1, outcome: 'fail', verdict: { word: 'better' }, flips: { broken: 1421, fixed: 3297 }, compare: { verdict: { failing_slices: ['rich'], gate: 'fail' } } });
    const { out } = await runyard('evaluate', '--show', '@last', '--rows', 'broken', '--limit', '3');
    expect(out).toContain('▲ better in accuracy');
    expect(out).toContain('3 of 1421 rows');
  });

  test('predictions that are there already, in a column or in a file joined on an id', async () => {
    file('p.csv', `k,y,called,p\n${Array.from({ length: 60 }, (_, i) => `${i},${i % 2},${i % 3 === 0 ? 1 - (i % 2) : i % 2},${i % 2 === 0 ? 0.2 : 0.7}`).join('\n')}\n`);
    const about = ['--data', 'p.csv', '--label', 'y', '--id', 'k', '--positive', '1', '--replicates', '100'];
    expect(await json('evaluate', ...about, '--predictions', 'called', '--probabilities', 'p')).toMatchObject({ overall: { n: 60, n_correct: 40 } });
    file('called.csv', `k,called\n${Array.from({ length: 50 }, (_, i) => `${49 - i},${(49 - i) % 2}`).join('\n')}\n`);
    expect(await json('evaluate', ...about, '--model', 'called.csv', '--predictions', 'called')).toMatchObject({ overall: { n: 50, accuracy: 1 }, unscored: { count: 10 } });
  });

  test('what cannot be is named: the column, the file, the word', async () => {
    expect(await runyard('evaluate', ...CANCER.map((word) => (word === 'benign' ? 'benin' : word)))).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^runyard: .*benin\b.*benign/) });
    expect(await runyard('evaluate', ...CANCER.map((word) => (word.endsWith('current.csv') ? 'none.csv' : word)))).toMatchObject({ status: 2, err: expect.stringContaining('none.csv') });
    expect(await runyard('evaluate', ...CANCER, '--input', 'Z=clinic')).toMatchObject({ status: 2, err: expect.stringMatching(/^runyard: .*\bZ\b/) });
    const { status, out } = await runyard('evaluate', '--model', 'm.onnx', '--json');
    expect([status, JSON.parse(out)]).toEqual([2, { error: expect.objectContaining({ code: 'bad_input', message: 'an evaluation needs --data FILES and --label COLUMN' }) }]);
    expect(keptFolders()).toEqual([]);
  });

  test('Ctrl-C stops it, ends with 130, and leaves nothing half-written', async () => {
    file('slow.csv', `x,y\n${Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`);
    const running = start(here.cli, here.workspace, ['evaluate', '--data', 'slow.csv', '--label', 'y', '--', 'sh', '-c', 'touch started; while read -r line; do sleep 0.2; done']);
    await until('the command to have its rows', () => existsSync(path.join(here.workspace, 'started')));
    running.kill('SIGINT');
    expect(await running.done).toEqual({ status: 130, out: '', err: 'runyard: stopping (once more leaves at once)\n' });
    await until('the folder to be clean', () => keptFolders().length === 0);
  });

  test('what would be evaluated is shown before it is', async () => {
    const { status, out } = await runyard('evaluate', '--inspect', '--model', loan('model.onnx'), '--data', loan('current.csv'), '--label', 'repaid');
    expect(status).toBe(0);
    expect(out).toContain('50000 rows');
    expect(out).toMatch(/^salary_range +string .* salary_range /m);
    expect(out).toMatch(/^repaid +int .* the label /m);
    expect(await runyard('evaluate', '--inspect', '--model', loan('model.onnx'), '--data', cancer('current.csv'), '--label', 'benign')).toMatchObject({ status: 2, out: expect.stringContaining('salary_range') });
  });

  test('a closer look: a slice, rows, what matters, one row; a rejected row has to come out right from now on', async () => {
    file('runyard.yaml', `version: 1\nevaluations:\n  cancer: {model: ${cancer('model.onnx')}, data: ${cancer('current.parquet')}, label: benign, positive: 1, replicates: 100}\n`);
    const looked = await json('evaluate', 'cancer', '--where', "clinic = 'north'", '--details', '--rows', 'worst', '--limit', '2', '--importance', 'accuracy', '--repeats', '2', '--seed', '1');
    expect(looked).toMatchObject({ details: { rows: 58 }, rows: { total: 58, rows: [{ right: false }, { right: false }] }, permutation_importance: { n_repeats: 2, n: 58, baseline: { accuracy: expect.closeTo(56 / 58) } } });
    const kept = path.join(here.workspace, '.runyard', 'evaluations', String(looked.id), 'importance.json');
    expect(existsSync(kept), 'of some rows only').toBe(false);
    await json('evaluate', '--show', '@last', '--importance', 'accuracy', '--repeats', '2');
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ metric: 'accuracy', repeats: 2 });
    const worst = (looked.rows as unknown as { rows: { id: string; truth: string }[] }).rows[0];
    const id = worst?.id ?? '';
    expect(await json('evaluate', '--show', '@last', '--explain', id)).toMatchObject({ explanation: { id } });
    expect((await runyard('evaluate', '--show', '@last', '--reject', id, '--note', 'plain to see')).out).toContain(`pinned ${id}`);
    expect(readFileSync(path.join(here.workspace, 'pinned-examples.jsonl'), 'utf8')).toContain('plain to see');
    expect(await json('evaluate', 'cancer')).toMatchObject({ status: 1, cached: false, outcome: 'fail', pinned: [{ example: { id, expected: worst?.truth }, outcome: 'fail' }] });
    expect((await runyard('evaluate', '--show', '@last', '--accept', id)).out).toContain('is accepted as it is, and not pinned');
    expect(await json('evaluate', 'cancer')).toMatchObject({ status: 0, pinned: [] });
  }, 120_000);
});

test('doctor says whether data can be read and models run here', async () => {
  const { checks } = JSON.parse((await runyard('doctor', '--json')).out) as { checks: { name: string; ok: boolean }[] };
  expect(checks).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'DuckDB', ok: true }), expect.objectContaining({ name: 'ONNX Runtime', ok: true })]));
});

describe('slices', () => {
  const about = ['--model', loan('model.onnx'), '--data', loan('current.parquet'), '--label', 'repaid', '--positive', '1', '--replicates', '100'];

  test('finds where a model is bad, checks it on rows unseen, and saves what was picked as a slice that stays', async () => {
    file('runyard.yaml', '# ours\nversion: 1\n');
    const { status, out, err } = await runyard('slices', ...about, '--top', '3', '--depth', '1', '--columns', "'loan_length=10;17;20',salary_range".replaceAll("'", ''), '--save', 'short', '--pick', '1', '--owner', 'ana');
    expect(status).toBe(0);
    expect(out).toMatch(/searched on 25000 rows, checked on 25000 others/);
    expect(out).toMatch(/ holds$/m);
    expect(err).toMatch(/^runyard: short is in .*runyard\.yaml, line \d+\n$/);
    expect(readFileSync(path.join(here.workspace, 'runyard.yaml'), 'utf8')).toMatch(/^# ours\nversion: 1\n[^]*slices:\n +short:/);
    expect(await json('evaluate', ...about)).toMatchObject({ slices: { short: { owner: 'ana' } } });
  });

  test('where the candidate got worse is a no, and every rule of SliceLine as it is can be asked for', async () => {
    const worse = await json('slices', '--model', loan('model_v2.onnx'), '--baseline', loan('model.onnx'), ...about.slice(2), '--mode', 'worsening', '--depth', '1');
    expect(worse).toMatchObject({ status: 1, mode: 'worsening' });
    expect((worse.slices as unknown as { label: string; holds: boolean }[])[0]).toMatchObject({ label: expect.stringContaining('60K+'), holds: true });
    expect(await json('slices', '--show', '@last', '--no-check', '--depth', '1', '--top', '2')).toMatchObject({ status: 0, sliceline: { n: 50_000, found: 2 }, rows: { searched: 50_000, checked: 0 } });
  });
});
