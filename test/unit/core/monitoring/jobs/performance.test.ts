// How good a model is on windows of its log: estimated from a reference with labels, realised where labels came, and a plain answer where nobody can tell.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { performance } from '../../../../../src/core/monitoring/jobs/performance';
import type { JobParams } from '../../../../../src/core/evaluation/process/jobs';
import { writeLabels } from '../../../../../src/core/monitoring/feedback/label-files';
import { SERVING_COLUMNS } from '../../../../../src/core/monitoring/log/place';
import { sliceSpec } from '../../../../../src/protocol/evaluation/request';
import type { LogPlace } from '../../../../../src/core/domain/log-place';
import type { PerformanceDoc, PerformanceFigure, PerformanceWindow } from '../../../../../src/protocol/performance';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp, file } = bench();
const DAY = 86_400_000;
const monday = Date.parse('2026-11-02T00:00:00Z');
const watch = { signal: new AbortController().signal, progress: () => undefined };
const folder = path.join(dir, '.runyard', 'serving', 'loan', 'production');
const labels = path.join(dir, '.runyard', 'feedback', 'loan', 'production');
const serving: LogPlace = { kind: 'serving', folder, labels, model: 'loan@production', columns: SERVING_COLUMNS };
const data = (name: string): { files: string[]; types: Record<string, never> } => ({ files: [name], types: {} });
const day = (at: number): { from: number; to: number } => ({ from: monday + at * DAY, to: monday + (at + 1) * DAY });
const run = (rest: Partial<JobParams<'performance'>>): Promise<PerformanceDoc> => {
  mkdirSync(temp, { recursive: true });
  return performance({ workspace: dir, temp, python: null, log: serving, windows: [day(0)], reference: { data: data('train.parquet'), label: 'repaid' }, metrics: ['accuracy', 'roc_auc'], slices: [], seed: 0, ...rest }, watch);
};
const figure = (window: PerformanceWindow | undefined, name: string): PerformanceFigure => {
  const found = window?.figures[name];
  if (!found) throw new Error(`no ${name}`);
  return found;
};

/** A chance of yes, and whether it came true: the model says what it is. In the north it is never sure. */
const CHANCES = (at: number): string => `SELECT range AS n, CASE WHEN range % 4 = 0 THEN 'north' ELSE 'south' END AS region, CASE WHEN range % 4 = 0 THEN 0.4 + (hash(range, ${at}) % 200) / 1000.0 ELSE (hash(range, ${at}) % 200) / 1000.0 + CASE WHEN hash(range, ${at}, 1) % 2 = 0 THEN 0 ELSE 0.8 END END AS p, hash(range, ${at}, 5) % 1000 AS luck FROM range`;
const SAID = "CASE WHEN p >= 0.5 THEN 'yes' ELSE 'no' END AS ry_prediction, p AS ry_p_yes, 1 - p AS ry_p_no, region, n % 7 AS size";
const logRow = (at: number, more = SAID): string => `make_timestamp(${(monday + at * DAY) * 1000} + n * 20000000) AS ry_time, 'd${at}-' || n AS ry_request, 0 AS ry_row, 3 AS ry_version, 'live' AS ry_role, 1.5 AS ry_latency_ms, '' AS ry_rules, ${more}`;
const TRUTH = `CASE WHEN luck < 1000 * p THEN 'yes' ELSE 'no' END`;
const dayOf = async (at: number, select: string): Promise<void> => {
  const place = path.join(folder, `date=2026-11-${String(2 + at).padStart(2, '0')}`);
  mkdirSync(place, { recursive: true });
  await sql(`COPY (${select}) TO '${place}/a.parquet' (FORMAT parquet)`);
};
const written = (async () => {
  await sql(`COPY (SELECT ${SAID}, ${TRUTH} AS repaid FROM (${CHANCES(9)}(2000))) TO '${dir}/train.parquet'`);
  // Plain; all in the north; all probabilities missing; two outside 0 to 1; the label beside it in the next folder of feedback.
  await dayOf(0, `SELECT ${logRow(0)} FROM (${CHANCES(0)}(400))`);
  await dayOf(1, `SELECT ${logRow(1)} FROM (${CHANCES(1)}(1600)) WHERE region = 'north'`);
  await dayOf(2, `SELECT ${logRow(2, "NULL::VARCHAR AS ry_prediction, NULL::DOUBLE AS ry_p_yes, NULL::DOUBLE AS ry_p_no, region, n % 7 AS size")} FROM (${CHANCES(2)}(100))`);
  await dayOf(3, `SELECT ${logRow(3)} FROM (SELECT * REPLACE (CASE WHEN n < 2 THEN 1.5 ELSE p END AS p) FROM (${CHANCES(3)}(100)))`);
  await dayOf(4, `SELECT ${logRow(4)} FROM (${CHANCES(4)}(10))`);
  const label = (request: string, said: string): Parameters<typeof writeLabels>[1][number] => ({ request, row: 0, label: said, prediction: null, right: null, version: null, time: null });
  await sql(`COPY (SELECT n, ${TRUTH} AS said FROM (${CHANCES(0)}(400)) ORDER BY n) TO '${dir}/said.csv' (HEADER false)`);
  const { readFileSync } = await import('node:fs');
  const said = readFileSync(path.join(dir, 'said.csv'), 'utf8').trim().split('\n').map((line) => line.split(',') as [string, string]);
  await writeLabels(labels, [
    ...said.slice(0, 300).map(([n, one]) => label(`d0-${n}`, one)), label('d0-399', 'perhaps'), label('nobody', 'yes'),
    ...Array.from({ length: 40 }, (_, n) => label(`d1-${4 * n}`, 'yes')), label('d3-5', 'no'),
  ], { t: 1, by: 'a test' });
})();

describe('performance of windows of a serving log', () => {
  it('is estimated and realised side by side, each within what the other leaves open, with what is usual', async () => {
    await written;
    const doc = await run({ metrics: [], windows: [day(0), day(1)] });
    expect(doc).toMatchObject({ task: 'binary', classes: ['yes', 'no'], method: 'cbpe', referenceRows: 2000 });
    expect(Object.keys(doc.fit)).toEqual(['ece_before', 'ece_after', 'calibrated']);
    const [plain, north] = doc.windows;
    expect([plain?.rows, north?.rows]).toEqual([400, 400]);
    expect(Object.keys(plain?.figures ?? {})).toEqual(['accuracy', 'precision', 'recall', 'specificity', 'f1', 'roc_auc', 'average_precision', 'log_loss', 'brier']);
    for (const one of Object.values(plain?.figures ?? {})) {
      expect(one, one.metric).toMatchObject({ realisedRows: 300, why: '' });
      const [low, high] = one.estimatedInterval ?? [1, 0];
      const [from, to] = one.realisedInterval ?? [1, 0];
      expect(low).toBeLessThanOrEqual(one.estimated ?? NaN);
      expect(high).toBeGreaterThanOrEqual(one.estimated ?? NaN);
      expect(from).toBeLessThanOrEqual(one.realised ?? NaN);
      expect(to).toBeGreaterThanOrEqual(one.realised ?? NaN);
      // They overlap: the model means what it says.
      expect(low <= to && from <= high, one.metric).toBe(true);
      expect((one.lower ?? NaN) < (one.reference ?? NaN) && (one.reference ?? NaN) < (one.upper ?? NaN), one.metric).toBe(true);
    }
    // In the north alone it knows that it is unsure; labels are of one class there, so that only some figures are realised.
    expect(figure(north, 'accuracy').estimated).toBeLessThan(0.6);
    expect(figure(north, 'accuracy').estimatedInterval?.[1]).toBeLessThan(figure(north, 'accuracy').lower ?? 0);
    expect(figure(north, 'roc_auc')).toMatchObject({ realised: null, realisedInterval: null, realisedRows: 40, why: 'all 40 labels are "yes"' });
    expect(doc.outcome).toBe('fail');
    expect(doc.notes.filter((note) => note.includes('concept drift'))).toHaveLength(1);
    expect(doc.notes).toContain('1 label is none of the classes, such as "perhaps": left out');
    expect((await run({})).outcome).toBe('pass');
  });

  it('is told of slices that the log has columns for, where they have rows enough', async () => {
    await written;
    const slices = [{ name: 'north', where: "region = 'north'" }, { name: 'tiny', where: 'ry_request = \'d0-1\'' }, { name: 'gone', where: 'country = 1' }, { name: 'tagged', tagger: 'a.py:f' }].map((one) => sliceSpec.parse(one));
    const { windows: [window], notes } = await run({ slices, metrics: ['accuracy'] });
    expect(Object.keys(window?.slices ?? {})).toEqual(['north', 'tiny', 'gone', 'tagged']);
    for (const name of ['gone', 'tagged']) expect(window?.slices[name]).toMatchObject({ n: 0, figures: { accuracy: { estimated: null, realised: null, realisedRows: 0, why: expect.stringMatching(name === 'gone' ? /country/ : /no file a\.py/) } } });
    const north = window?.slices['north'];
    expect(north).toMatchObject({ n: 100, figures: { accuracy: { realisedRows: 75, why: '' } } });
    expect(north?.figures['accuracy']?.estimated).toBeLessThan(0.6);
    expect(north?.figures['accuracy']?.reference).toBeLessThan(0.65);
    // What is usual there, by parts of the reference's own 500 rows in the north: that of all rows would call it a drop. Its one row of a kind makes no parts.
    const [lower, upper] = [north?.figures['accuracy']?.lower ?? NaN, north?.figures['accuracy']?.upper ?? NaN];
    expect(lower).toBeLessThan(north?.figures['accuracy']?.estimated ?? NaN);
    expect(upper).toBeGreaterThan(north?.figures['accuracy']?.estimated ?? NaN);
    expect(figure(window, 'accuracy').lower).toBeGreaterThan(upper);
    expect(window?.slices['tiny']?.figures['accuracy']).toMatchObject({ lower: null, upper: null });
    expect(window?.slices['tiny']).toMatchObject({ n: 1, figures: { accuracy: { estimated: null, realised: null, realisedRows: 1, why: '1 row with a prediction, and 30 are needed for an estimate; 1 labels, and 30 are needed' } } });
    expect(notes.filter((note) => note.startsWith('slice '))).toEqual([expect.stringMatching(/^slice gone was left out: .*country/), 'slice tagged was left out: a.py:f: there is no file a.py in the workspace', expect.stringMatching(/^slice tiny has nothing to be held against in the reference: .*ry_request/)]);
  });

  it('says why where nobody can tell: no rows, few rows, no probabilities, some outside 0 to 1, one label', async () => {
    await written;
    const { windows, notes, outcome } = await run({ windows: [day(20), { from: monday - 5, to: monday - 1 }, day(2), day(3), day(4)] });
    const [later, between, missing, outside, few] = windows.map((window) => figure(window, 'accuracy'));
    expect(later).toMatchObject({ estimated: null, realised: null, realisedRows: 0, why: 'the log has no file of this window' });
    expect(between?.why).toBe('the log has no file of this window');
    expect(missing).toMatchObject({ estimated: null, realised: null, why: 'no row has a usable prediction: its score is no number; no row has a label yet' });
    expect(outside).toMatchObject({ realised: expect.any(Number), realisedRows: 1, realisedInterval: [expect.any(Number), expect.any(Number)] });
    expect(outside?.estimated).toBeGreaterThan(0.5);
    expect(notes).toContain('2 rows have probabilities outside 0 to 1: left out');
    expect(few).toMatchObject({ estimated: null, why: '10 rows with a prediction, and 30 are needed for an estimate; no row has a label yet' });
    expect(windows.map(({ rows }) => rows)).toEqual([0, 0, 100, 100, 10]);
    expect(outcome).toBe('pass');
    expect((await run({ windows: [day(20)] })).outcome).toBe('cannot tell');
    expect((await run({ windows: [] })).windows).toEqual([]);
  });

  it('has a reference in the log itself, by the labels that came', async () => {
    await written;
    const doc = await run({ reference: { window: day(0) }, windows: [day(1)] });
    expect(doc).toMatchObject({ referenceRows: 300, method: 'cbpe' });
    expect(figure(doc.windows[0], 'accuracy').estimated).toBeLessThan(0.65);
  });

  it('estimates nothing without a reference that can be learnt from, and still tells what the labels do', async () => {
    await written;
    file('bare.csv', `region,repaid,empty\n${'north,yes,\nsouth,no,\n'.repeat(50)}`);
    const why = async (reference: JobParams<'performance'>['reference']): Promise<[string, number | null]> => {
      const { windows: [window], method, notes } = await run({ reference });
      expect(method).toBeNull();
      expect(notes.length).toBeGreaterThan(0);
      return [figure(window, 'accuracy').why, figure(window, 'accuracy').realised];
    };
    const real = figure((await run({})).windows[0], 'accuracy').realised;
    expect(await why({ data: data('bare.csv'), label: 'repaid' })).toEqual(['the reference holds no predictions, and no model was named that can be asked: nothing can be estimated', real]);
    expect(await why({ data: data('bare.csv'), label: 'empty' })).toEqual(['the reference has no labels: nothing can be estimated', real]);
    expect(await why({ data: data('bare.csv'), label: null })).toEqual(['the reference has no labels: nothing can be estimated', real]);
    expect(await why({ window: day(20) })).toEqual(['the reference has no rows: nothing can be estimated (the log has no file of this window)', real]);
    expect((await run({ reference: { window: day(3) } })).notes).toContain('the reference has 1 row with label and prediction: 30 are needed for estimates');
    await expect(run({ reference: { data: data('bare.csv'), label: 'paid' } })).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('no column paid') as string });
    await expect(run({ reference: { data: data('none.csv'), label: 'paid' } })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('names a metric that isn\'t there, and stops when told to', async () => {
    await written;
    const { windows: [window] } = await run({ metrics: ['acuracy', 'mcc', 'per_class.no.recall', 'false_positive'] });
    expect(figure(window, 'acuracy')).toMatchObject({ estimated: null, realised: null, why: 'acuracy isn\'t estimated; acuracy is no figure of two classes with what the model says' });
    for (const name of ['mcc', 'per_class.no.recall', 'false_positive']) expect(figure(window, name), name).toMatchObject({ estimated: expect.any(Number) as number, realised: expect.any(Number) as number, why: '' });
    expect(figure(window, 'false_positive').goal).toBe('minimize');
    const stop = new AbortController();
    stop.abort();
    await expect(performance({ workspace: dir, temp, python: null, log: serving, windows: [day(0)], reference: { data: data('train.parquet'), label: 'repaid' }, metrics: [], slices: [], seed: 0 }, { ...watch, signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('performance of files that others wrote', () => {
  const columns = { time: 'at', keys: ['key'], row: null, version: null, role: null, latency: null, rules: null };
  const stamp = 'make_timestamp(1762041600000000 + range * 60000000) AS at';
  const whole = { from: null, to: null };

  it('of numbers is estimated by a model of the loss, which knows where the model is further off', async () => {
    const noise = "((hash(range, S) % 2001) / 1000.0 - 1) * CASE WHEN kind = 'rough' THEN 8 ELSE 1 END";
    const rows = (seed: number, rough: number): string => `SELECT ${stamp}, range AS key, kind, size, 100 + 3 * size AS said, 100 + 3 * size + ${noise.replace('S', String(seed))} AS price FROM (SELECT range, CASE WHEN hash(range, ${seed}, 2) % 10 < ${rough} THEN 'rough' ELSE 'fine' END AS kind, (range * 7) % 10 AS size FROM range(600))`;
    await sql(`COPY (${rows(1, 2)}) TO '${dir}/prices-before.parquet'`, `COPY (SELECT * REPLACE (CASE WHEN key % 2 = 0 THEN price END AS price) FROM (${rows(2, 8)})) TO '${dir}/prices.parquet'`);
    const log: LogPlace = { kind: 'files', data: data('prices.parquet'), labels: null, model: null, columns: { ...columns, prediction: 'said', probabilities: null, label: 'price' } };
    const doc = await run({ log, windows: [whole], reference: { data: data('prices-before.parquet'), label: 'price' }, metrics: [] });
    expect(doc).toMatchObject({ task: 'regression', classes: [], method: 'dle', referenceRows: 600, outcome: 'fail' });
    expect(doc.fit['explained_mae']).toBeGreaterThan(0.2);
    for (const name of ['mae', 'mse', 'rmse', 'mape']) {
      const one = figure(doc.windows[0], name);
      expect(one, name).toMatchObject({ goal: 'minimize', realisedRows: 300, why: '' });
      expect((one.estimatedInterval?.[0] ?? NaN) > (one.reference ?? NaN), name).toBe(true);
      expect(Math.abs((one.estimated ?? NaN) / (one.realised ?? NaN) - 1), name).toBeLessThan(0.35);
    }
    expect((await run({ log, windows: [whole], reference: { data: data('prices-before.parquet'), label: 'price' }, metrics: ['r2'] })).notes).toContain('of numbers only mae, mse, rmse and mape are estimated without labels');
  });

  it('of several classes is of the means over them', async () => {
    const rows = (seed: number): string => `SELECT ${stamp}, range AS key, a, b, c, CASE WHEN a >= b AND a >= c THEN 'a' WHEN b >= c THEN 'b' ELSE 'c' END AS said, CASE WHEN luck < a THEN 'a' WHEN luck < a + b THEN 'b' ELSE 'c' END AS truth
      FROM (SELECT range, x / (x + y + z) AS a, y / (x + y + z) AS b, z / (x + y + z) AS c, luck FROM (SELECT range, 0.01 + hash(range, ${seed}) % 1000 / 1000.0 AS x, 0.01 + hash(range, ${seed}, 1) % 1000 / 1000.0 AS y, 0.01 + hash(range, ${seed}, 2) % 1000 / 1000.0 AS z, hash(range, ${seed}, 3) % 1000 / 1000.0 AS luck FROM range(900)))`;
    await sql(`COPY (${rows(1)}) TO '${dir}/three-before.parquet'`, `COPY (${rows(2)}) TO '${dir}/three.parquet'`);
    const log: LogPlace = { kind: 'files', data: data('three.parquet'), labels: null, model: null, columns: { ...columns, prediction: 'said', probabilities: { c: 'c', a: 'a', b: 'b' }, label: 'truth' } };
    const doc = await run({ log, windows: [whole], reference: { data: data('three-before.parquet'), label: 'truth' }, metrics: [] });
    expect(doc).toMatchObject({ task: 'multiclass', method: 'cbpe', outcome: 'pass' });
    for (const one of Object.values(doc.windows[0]?.figures ?? {})) {
      expect(one, one.metric).toMatchObject({ why: '', realisedRows: 900, realisedInterval: expect.any(Array) as number[], estimatedInterval: expect.any(Array) as number[] });
      expect((one.realised ?? NaN) >= (one.estimatedInterval?.[0] ?? NaN) && (one.realised ?? NaN) <= (one.estimatedInterval?.[1] ?? NaN), one.metric).toBe(true);
    }
  });

  it('is the same whether windows are read together or, where times are finer than milliseconds, each by itself', async () => {
    await sql(`COPY (SELECT CAST(epoch_us(make_timestamp(1762041600000000 + range * 60000000)) AS BIGINT) AS fine, ${stamp}, range AS key, range % 2 AS said, (range * 7919 % 100) / 100.0 AS p, (range * 31 % 5 > 1)::INT AS truth FROM range(300)) TO '${dir}/fine.parquet'`);
    const first = 1_762_041_600_000;
    const windows = [0, 1, 2, 3].map((at) => ({ from: first + at * 6_000_000, to: first + (at + 1) * 6_000_000 }));
    const told = async (time: string): Promise<PerformanceWindow[]> => {
      const log: LogPlace = { kind: 'files', data: data('fine.parquet'), labels: null, model: null, columns: { ...columns, time, prediction: 'said', probabilities: 'p', label: 'truth' } };
      return (await run({ log, windows, reference: { data: data('fine.parquet'), label: 'truth' }, slices: [sliceSpec.parse({ name: 'even', where: 'key % 2 = 0' })] })).windows;
    };
    const together = await told('at');
    expect(together.map(({ rows }) => rows)).toEqual([100, 100, 100, 0]);
    expect(figure(together[3], 'accuracy').why).toBe('there are no rows in this window');
    expect(together[1]?.slices['even']).toMatchObject({ n: 50, figures: { accuracy: { estimated: expect.any(Number) as number, realisedRows: 50 } } });
    expect(await told('fine')).toEqual(together);
  });

  it('without probabilities is only realised', async () => {
    await sql(`COPY (SELECT ${stamp}, range AS key, range % 2 AS said, (range % 5 > 1)::INT AS truth FROM range(200)) TO '${dir}/labels.parquet'`);
    const log: LogPlace = { kind: 'files', data: data('labels.parquet'), labels: null, model: null, columns: { ...columns, prediction: 'said', probabilities: null, label: 'truth' } };
    const doc = await run({ log, windows: [whole], reference: { data: data('labels.parquet'), label: 'truth' }, metrics: ['accuracy'] });
    expect(doc).toMatchObject({ task: 'binary', method: null });
    expect(figure(doc.windows[0], 'accuracy')).toMatchObject({ estimated: null, realised: 0.5, why: "the model gives no probabilities: performance can't be estimated without labels" });
  });
});
