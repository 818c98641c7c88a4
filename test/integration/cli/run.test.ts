import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { eachLab } from '../engine/support';
import { until } from '../../support/until';
import { start, type Ran } from './support';

const here = eachLab();

const runyard = (...words: string[]): Promise<Ran> => start(here.cli, here.workspace, words).done;
const json = async (...words: string[]): Promise<Record<string, unknown>> => JSON.parse((await runyard(...words, '--json')).out) as Record<string, unknown>;

test("a run's output passes through and its exit status is ours", async () => {
  const { status, out, err } = await runyard('run', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3');
  expect(status).toBe(3);
  expect(out).toBe('out\nerr\n');
  expect(err).toMatch(/^runyard: sh [\w-]+ \([0-9a-f]{8}\)\nrunyard: [\w-]+ failed after \d+\.\d s: exit code 3\n$/);
  expect((await runyard('run', '--quiet', '--', 'true')).err).toBe('');
});

test('output arrives while the run lives, byte for byte', async () => {
  const running = start(here.cli, here.workspace, ['run', '-q', '--', 'sh', '-c', 'printf "first \\360\\237"; while [ ! -e go ]; do sleep 0.05; done; printf "\\230\\200 last"']);
  await until('the first part', () => running.out().startsWith('first '));
  writeFileSync(path.join(here.workspace, 'go'), '');
  expect(await running.done).toEqual({ status: 0, out: 'first \u{1f600} last', err: '' });
});

test('Ctrl-C stops the run, lets it say its last words, and ends with 130', async () => {
  const running = start(here.cli, here.workspace, ['run', '--', 'sh', '-c', 'trap "echo last words; exit 0" INT; echo ready; while true; do sleep 0.05; done']);
  await until('the run to be ready', () => running.out().includes('ready'));
  running.kill('SIGINT');
  const { status, out } = await running.done;
  expect(status).toBe(130);
  expect(out).toBe('ready\nlast words\n');
  expect((await json('show', '@last')).state).toBe('stopped');
});

test('a command ended by a signal is 128 and the signal', async () => {
  expect((await runyard('run', '--', 'sh', '-c', 'kill -9 $$')).status).toBe(137);
});

test('a command that is not there fails with a reason', async () => {
  const { status, err } = await runyard('run', '--', 'no-such-program-here');
  expect(status).not.toBe(0);
  expect(err).toContain('no-such-program-here');
});

test('--detach returns with the id, and the run goes on without us', async () => {
  const { status, out } = await runyard('run', '--detach', '--', 'sh', '-c', 'while [ ! -e go ]; do sleep 0.05; done; echo done');
  expect([status, out]).toEqual([0, expect.stringMatching(/^[0-9a-f]{32}\n$/)]);
  writeFileSync(path.join(here.workspace, 'go'), '');
  expect(await runyard('logs', out.trim(), '--follow')).toEqual({ status: 0, out: 'done\n', err: '' });
});

test('--json ends with the run on standard output and nothing else there', async () => {
  const { status, out, err } = await runyard('run', '--json', '--name', 'first', '--tag', 'who=me', '--param', 'lr=0.1', '--', 'sh', '-c', 'echo acc=0.5; exit 4');
  expect(status).toBe(4);
  expect(JSON.parse(out)).toMatchObject({ name: 'first', state: 'failed', exitCode: 4, tags: { who: 'me' }, metrics: { acc: { value: 0.5 } } });
  expect(err).toContain('acc=0.5\n');
});

test('an experiment of runyard.yaml runs by its name, with other params where they are given', async () => {
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), 'version: 1\nexperiments:\n  quick:\n    command: [sh, -c, "echo $0 $@", x]\n    params: {lr: 0.1}\n');
  expect((await runyard('run', 'quick', '-q', '--param', 'lr=0.5')).out).toBe('x --lr 0.5\n');
  const { status, err } = await runyard('run', 'quik');
  expect([status, err]).toEqual([2, "runyard: runyard.yaml names no experiment 'quik': did you mean 'quick'?\n"]);
});

test('--seeds makes runs that differ in the seed, and compare tells them apart from others', async () => {
  const script = 'acc() { echo "acc=0.$1$2"; }; acc "$BASE" "$4"';
  const train = (base: string, name: string): Promise<Ran> =>
    runyard('run', '-q', '-e', 'toy', '--name', name, '--seeds', '3', '--param', `base=${base}`, '--env', `BASE=${base}`, '--', 'sh', '-c', script, 'x');
  expect((await train('5', 'low')).out).toBe('acc=0.50\nacc=0.51\nacc=0.52\n');
  await train('8', 'high');
  const alone = await runyard('compare', 'low-seed0', 'high-seed0');
  expect([alone.status, alone.out]).toEqual([3, expect.stringContaining('cannot tell')]);
  const better = await json('compare', 'low-seed0', 'high-seed0', '--repeats');
  expect(better).toMatchObject({ metric: 'acc', verdicts: [{ word: 'better', baseline: { n: 3 }, candidate: { n: 3, label: 'base=8' } }] });
  const worse = await runyard('compare', 'low-seed0', 'high-seed0', '--repeats', '--baseline', 'high-seed1');
  expect([worse.status, worse.out]).toEqual([1, expect.stringContaining('\u25bc worse')]);
});

test('a variable that is named goes to the run, and one that is not stays out of the run folder', async () => {
  const { out } = await start(here.cli, here.workspace, ['run', '-q', '--env', 'MY_DATA', '--', 'sh', '-c', 'echo $MY_DATA'], { MY_DATA: '/data', A_SECRET: 'hunter2' }).done;
  expect(out).toBe('/data\n');
  const { folder } = await json('show', '@last') as { folder: string };
  expect(readFileSync(path.join(folder, 'spec.json'), 'utf8')).not.toContain('hunter2');
});

test('delete puts a run into the trash, restore takes it back, gc frees what is left there and nothing else', async () => {
  await runyard('run', '-q', '--name', 'keep', '--', 'true');
  await runyard('run', '-q', '--name', 'drop', '--', 'true');
  expect((await runyard('delete', 'drop')).status).toBe(0);
  expect((await runyard('runs', '--columns', 'name')).out).toBe('name\nkeep\n');
  const { runs: [{ id }] } = await json('gc', '--dry-run') as { runs: [{ id: string }] };
  expect((await runyard('restore', id)).status).toBe(0);
  expect((await runyard('runs', '--columns', 'name')).out).toBe('name\ndrop\nkeep\n');
  await runyard('delete', 'drop');
  expect((await runyard('gc')).out).toMatch(/^[0-9a-f]{8} {2}drop {2}[\d.]+ K?B\nFreed [\d.]+ K?B: 1 run, 0 stored files\n$/);
  expect(existsSync(path.join(here.workspace, '.runyard', 'runs', id))).toBe(false);
  expect((await runyard('runs', '--columns', 'name')).out).toBe('name\nkeep\n');
  expect((await runyard('restore', 'drop')).status).toBe(2);
});

test('init makes the folder and a runyard.yaml that is right, once', async () => {
  const first = await runyard('init');
  expect(first.out).toBe('made .runyard/.gitignore\nmade runyard.yaml\n');
  expect(await json('doctor')).toMatchObject({ checks: expect.arrayContaining([expect.objectContaining({ name: 'runyard.yaml', ok: true })]) as unknown });
  expect((await runyard('init')).out).toBe('');
});

test('a reader that leaves early is no error', async () => {
  await runyard('run', '-q', '--', 'sh', '-c', 'i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done');
  const pipe = '("$0" "$1" logs @last; echo "status $?" >&2) | head -1';
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', pipe, process.execPath, here.cli], { cwd: here.workspace });
  expect([stdout, stderr]).toEqual(['line 0\n', 'status 0\n']);
});
