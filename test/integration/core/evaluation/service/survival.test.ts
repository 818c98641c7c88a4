import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EngineClient } from '../../../../../src/engine/client/client';
import { until } from '../../../../support/until';
import { eachLab } from '../../../engine/support';
import { evaluate, fill, nextJob } from './support';

const here = eachLab(({ workspace }) => {
  fill(workspace);
  writeFileSync(at('slow.py'), SLOW);
});

/** A model that answers once a file is there, and says that it was asked. */
const SLOW = `import json, os, sys, time
rows = [json.loads(line) for line in sys.stdin]
open("asked", "a").write(f"{os.getpid()}\\n")
while not os.path.exists("go"):
    time.sleep(0.02)
for row in rows:
    print(json.dumps({"prediction": int(row["mean area"] < 700)}))
`;
const at = (file: string): string => path.join(here.workspace, file);
const asked = (): number => (existsSync(at('asked')) ? readFileSync(at('asked'), 'utf8').trim().split('\n').length : 0);
const folders = (): string[] => readdirSync(at('.runyard/evaluations')).filter((name) => name !== 'checked.json' && !name.startsWith('.tmp-data-'));
const slow = { command: ['python3', 'slow.py'] };
/** The engine's children that evaluate. */
const evaluators = (pid: number): number[] => execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n').map((line) => line.trim().split(/\s+/))
  .filter(([, parent, ...args]) => Number(parent) === pid && args.join(' ').includes('evaluator')).map(([child]) => Number(child));
const gone = (pid: number): boolean => { try { process.kill(pid, 0); return false; } catch { return true; } };
const settled = <T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown }> => promise.then((value) => ({ value }), (error: unknown) => ({ error }));

test('kill -9 of the engine in the middle leaves nothing half-written; the next engine answers what was asked', async () => {
  const client = await here.connect();
  const told: string[][] = [];
  client.on('evaluated', ({ evaluations }) => told.push(evaluations));
  const answer = settled(evaluate(client, { model: slow }));
  await until('the model to be asked', () => asked() === 1);
  const children = evaluators(client.hello.pid);
  expect(children.length).toBeGreaterThan(0);
  process.kill(client.hello.pid, 'SIGKILL');
  await until('the evaluators to end with it', () => children.every(gone));
  writeFileSync(at('go'), '');
  const { value } = await answer;
  expect(value).toMatchObject({ cached: false, evaluation: { data: { rows: 269, looks: 1 } } });
  await until('what was left to be taken away', () => folders().length === 1);
  expect(folders()).toEqual([value?.evaluation.id]);
  // That it is another engine, and what it made.
  expect(told).toEqual([[], [value?.evaluation.id]]);
  expect((await evaluate(client, { model: slow })).cached).toBe(true);
});

test('kill -9 of the evaluator is an error of that question and of nothing else', async () => {
  const client = await here.connect();
  const answer = settled(evaluate(client, { model: slow }));
  await until('the model to be asked', () => asked() === 1);
  for (const pid of evaluators(client.hello.pid)) process.kill(pid, 'SIGKILL');
  expect((await answer).error).toMatchObject({ code: 'internal', message: expect.stringContaining('SIGKILL') as string });
  await until('nothing to be left', () => folders().length === 0);
  expect((await client.request('engine.status')).pid).toBe(client.hello.pid);
  expect((await evaluate(client)).evaluation.outcome).toBe('pass');
});

test('kill -9 of the evaluator ends the program that it had asked, also one that reads nothing from it', async () => {
  const client = await here.connect();
  writeFileSync(at('deaf.py'), 'import os, time\nif os.fork() == 0:\n    open("grandchild", "w").write(str(os.getpid()))\nelse:\n    open("child", "w").write(str(os.getpid()))\ntime.sleep(600)\n');
  const answer = settled(evaluate(client, { model: { command: ['python3', 'deaf.py', '{rows}', '{predictions}'] } }));
  const written = (name: string): Promise<string> => until(`${name} to start`, () => existsSync(at(name)) && readFileSync(at(name), 'utf8'));
  const pids = [Number(await written('child')), Number(await written('grandchild'))];
  for (const pid of evaluators(client.hello.pid)) process.kill(pid, 'SIGKILL');
  expect((await answer).error).toMatchObject({ code: 'internal' });
  await until('the program to end with it', () => pids.every(gone));
});

test('evaluations wait for one another, are told so, and are stopped by their name', async () => {
  const client = await here.connect();
  const phases = new Map<string, Set<string>>();
  client.on('evaluating', ({ job, phase }) => phases.set(job, (phases.get(job) ?? new Set()).add(phase)));
  const run = (job: string, seed: number) => settled(client.request('evaluations.run', { job, configured: 'clinic', request: { model: slow, seed } }));
  const first = run('first', 1);
  await until('the model to be asked', () => asked() === 1);
  const [second, third] = [run('second', 2), run('third', 3)];
  await until('the others to wait', () => phases.get('second')?.has('waiting') && phases.get('third')?.has('waiting'));
  await expect(client.request('evaluations.run', { job: 'third', configured: 'clinic' })).rejects.toMatchObject({ code: 'conflict' });
  expect(await client.request('evaluations.cancel', { job: 'second' })).toEqual({ stopped: true });
  expect((await second).error).toMatchObject({ code: 'cancelled' });
  expect(await client.request('evaluations.cancel', { job: 'first' })).toEqual({ stopped: true });
  expect((await first).error).toMatchObject({ code: 'cancelled' });
  await until('the third to be asked', () => asked() === 2);
  writeFileSync(at('go'), '');
  expect((await third).value?.evaluation.request.seed).toBe(3);
  expect(await client.request('evaluations.cancel', { job: 'third' })).toEqual({ stopped: false });
  await until('one to be left', () => folders().length === 1);
});

test('the same question twice at once is computed once', async () => {
  const client = await here.connect();
  const run = () => client.request('evaluations.run', { job: nextJob(), configured: 'clinic', request: { model: slow } });
  const both = Promise.all([run(), run()]);
  await until('the model to be asked', () => asked() === 1);
  writeFileSync(at('go'), '');
  const [one, other] = await both;
  expect([one.cached, other.cached].sort()).toEqual([false, true]);
  expect(other.evaluation.id).toBe(one.evaluation.id);
  expect(asked()).toBe(1);
});

test('what somebody asked who is gone is stopped, and the engine goes on', async () => {
  const [stays, goes] = [await here.connect(), await here.connect()];
  const answer = settled(evaluate(goes, { model: slow }));
  await until('the model to be asked', () => asked() === 1);
  const children = evaluators(stays.hello.pid);
  goes.dispose();
  await answer;
  await until('their evaluation to be stopped', () => folders().length === 0);
  await until('its process to end', () => children.some(gone));
  expect((await evaluate(stays)).evaluation.outcome).toBe('pass');
});

test('the engine answers others at once while an evaluation goes on', async () => {
  const client = await here.connect();
  writeFileSync(at('go'), '');
  const answer = settled(evaluate(client, { replicates: 3000 }));
  const waits = await whileGoing(client, answer);
  expect((await answer).error).toBeUndefined();
  waits.sort((a, b) => a - b);
  // Of a machine that others use too: nearly all at once, none for long.
  expect(waits[Math.floor(waits.length * 0.9)]).toBeLessThan(100);
});

async function whileGoing(client: EngineClient, answer: Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  let over = false;
  void answer.then(() => { over = true; });
  while (!over) {
    const before = performance.now();
    await client.request('engine.status');
    waits.push(performance.now() - before);
  }
  return waits;
}
