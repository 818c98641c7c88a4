// The evaluator's processes: what they answer, and that whatever becomes of one is an error of its jobs and of nothing else.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { carLoan, lab, reference, type Lab } from './support';
import { until } from '../../../../support/until';

let here: Lab;
beforeAll(() => {
  here = lab();
});
afterAll(() => here.dispose());

/** Evaluators of this test: other files run the same bundle at the same time. */
const children = (): number[] => {
  const lines = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(here.script));
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([pid = 0, parent]) => (parent === process.pid ? [pid] : []));
};

test('a job in a process of its own gives its result, tells of rows done, and its process is gone', async () => {
  const seen: { phase: string; done: number; total: number }[] = [];
  const params = here.job(carLoan());
  const doc = await here.evaluator().alone('evaluate', params, { progress: (phase, done, total) => seen.push({ phase, done, total }) });
  expect(doc.overall.figures['accuracy']).toBeCloseTo(0.85662, 10);
  expect(here.left(params).sort()).toEqual(['evaluation.json', 'predictions.parquet']);
  expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['opening', 'scoring', 'figures', 'intervals', 'writing']);
  const scoring = seen.filter(({ phase }) => phase === 'scoring');
  expect(scoring.at(-1)).toEqual({ phase: 'scoring', done: 50_000, total: 50_000 });
  expect(scoring.map(({ done }) => done)).toEqual(scoring.map(({ done }) => done).sort((a, b) => a - b));
  await until('the process to be gone', () => children().length === 0);
});

test('a job that is cancelled while it scores ends as cancelled and leaves nothing behind', async () => {
  const params = here.job(carLoan());
  const stop = new AbortController();
  const job = here.evaluator().alone('evaluate', params, { signal: stop.signal, progress: (phase, done) => { if (phase === 'scoring' && done > 0) stop.abort(); } });
  await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  expect(here.left(params)).toEqual([]);
  await until('the process to be gone', () => children().length === 0);
});

test('a job that is cancelled while intervals are drawn ends as cancelled and leaves nothing behind', async () => {
  const params = here.job(carLoan({ replicates: 100_000 }));
  const stop = new AbortController();
  const job = here.evaluator().alone('evaluate', params, { signal: stop.signal, progress: (phase, done) => { if (phase === 'intervals' && done > 0) stop.abort(); } });
  await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  expect(here.left(params)).toEqual([]);
});

test('one that was cancelled before it began is not started', async () => {
  await expect(here.evaluator().alone('evaluate', here.job(carLoan()), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});

test('a process that is killed is an error of its job; another goes on beside it', async () => {
  const evaluator = here.evaluator();
  const [first, second] = [here.job(carLoan({ replicates: 100_000 })), here.job(carLoan())];
  let victim = 0;
  const doomed = evaluator.alone('evaluate', first, {
    progress: (phase) => {
      if (phase !== 'intervals' || victim) return;
      victim = children()[0] ?? 0;
      process.kill(victim, 'SIGKILL');
    },
  });
  const lost = expect(doomed).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('SIGKILL') as string });
  await until('the first to be killed', () => victim > 0, 60_000);
  const doc = await evaluator.alone('evaluate', second);
  await lost;
  expect(doc.overall.figures.n).toBe(50_000);
  expect(here.left(first)).toEqual([]);
});

test('two jobs at once come to what each comes to alone', async () => {
  const evaluator = here.evaluator();
  const p3 = path.join(reference, 'p3_regression_diabetes');
  const diabetes = { model: { file: path.join(p3, 'model.onnx'), mapping: { inputs: { features: { columns: ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'] } } } }, data: { files: [path.join(p3, 'current.csv')] }, label: 'progression' };
  const [loan, numbers] = await Promise.all([evaluator.alone('evaluate', here.job(carLoan())), evaluator.alone('evaluate', here.job(diabetes))]);
  expect([loan.task, numbers.task]).toEqual(['binary', 'regression']);
  expect(numbers.overall.figures['mae']).toBeCloseTo(47.5, 0);
});

describe('short questions', () => {
  test('share a process, which goes when nobody has asked for a while', async () => {
    const evaluator = here.evaluator({ idleSeconds: 0.3 });
    const { id: _id, created: _created, looks: _looks, folder: _folder, ...place } = here.job(carLoan());
    const first = await evaluator.ask('identify', place);
    const [pid] = children();
    const second = await evaluator.ask('identify', place);
    expect(second).toEqual(first);
    expect(children()).toEqual([pid]);
    await until('the process to be gone', () => children().length === 0);
    expect(await evaluator.ask('identify', place)).toEqual(first);
  });

  test('are answered again after their process was killed', async () => {
    const evaluator = here.evaluator();
    const { id: _id, created: _created, looks: _looks, folder: _folder, ...place } = here.job(carLoan());
    const first = await evaluator.ask('identify', place);
    for (const pid of children()) process.kill(pid, 'SIGKILL');
    await until('the process to be gone', () => children().length === 0);
    expect(await evaluator.ask('identify', place)).toEqual(first);
    evaluator.dispose();
    await until('the process to be gone', () => children().length === 0);
  });
});

test('what is wrong comes back with its code, its message and its hint', async () => {
  const empty = path.join(here.workspace, 'empty.csv');
  writeFileSync(empty, 'repaid,x\n');
  const params = here.job(carLoan({ data: { files: [empty] } }));
  await expect(here.evaluator().alone('evaluate', params)).rejects.toMatchObject({ name: 'RunyardError', code: 'bad_input', message: expect.stringMatching(/empty\.csv.* no rows/) as string, hint: expect.stringMatching(/./) as string });
  expect(here.left(params)).toEqual([]);
});

test('a disposed evaluator ends what it began', async () => {
  const evaluator = here.evaluator();
  const job = evaluator.alone('evaluate', here.job(carLoan({ replicates: 100_000 })), { progress: (phase) => { if (phase === 'intervals') evaluator.dispose(); } });
  await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  await until('the process to be gone', () => children().length === 0);
});
