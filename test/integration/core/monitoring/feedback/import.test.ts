// Labels that come late: joined by request or by keys, each oddity told, and nothing that was there is lost.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedbackReport } from '../../../../../src/protocol/monitoring';
import { openLabels } from '../../../../../src/core/monitoring/feedback/labels';
import { addReview } from '../../../../../src/core/monitoring/feedback/reviews';
import { importLabels } from '../../../../../src/core/monitoring/jobs/import-labels';
import { feedbackFacts, logRow } from '../../../../../src/core/monitoring/jobs/log-row';
import { watch, workspace, writeLog, type Answered, type Workspace } from './serving-log';

const DAY = Date.UTC(2026, 10, 16, 8);
const NOW = DAY + 86_400_000;
const answered = (request: string, at: number, more: Partial<Answered> = {}): Answered => ({ request, t: DAY + at * 1000, prediction: at % 2 === 0 ? 'yes' : 'no', yes: at % 2 === 0 ? 0.8 : 0.3, age: 30 + at, city: ['Bonn', 'Köln'][at % 2] ?? '', ...more });

let here: Workspace;
const bring = (content: string, more: Partial<Parameters<typeof importLabels>[0]> = {}, name = 'labels.csv'): Promise<FeedbackReport> =>
  importLabels({ ...here.place, log: here.log, file: here.write(name, content), by: 'Ana', now: NOW, dryRun: false, ...more }, watch);
const labels = (): ReturnType<typeof openLabels> => openLabels(here.log.labels, here.place);
const files = (): string[] => readdirSync(here.log.labels ?? '').filter((file) => file.endsWith('.parquet'));

beforeEach(async () => {
  here = workspace();
  await writeLog(here, [answered('a', 0), answered('b', 1), answered('b', 2, { row: 1, prediction: 'no' }), answered('c', 3), answered('c', 3, { role: 'shadow', version: 2, prediction: 'yes' }), answered('d', 4)]);
});
afterEach(() => here.dispose());

describe('labels from a file', () => {
  it('are joined by request and row, and told by the log\'s own classes', async () => {
    const found = await bring('ry_request,ry_row,label\na,0,yes\nb,0,yes\nb,1,no\n');
    expect(found).toMatchObject({ rows: 3, joined: 3, changed: 0, same: 0, unknown: { count: 0 }, duplicates: { count: 0 }, future: 0, invalid: { count: 0 }, label: 'label', keys: ['ry_request'], notes: [] });
    const kept = await labels();
    expect(kept.labelsFor(['a', 'b', 'b', 'c', null], [0, 0, 1, 0, 0])).toEqual(['yes', 'yes', 'no', null, null]);
    expect(kept.imported('b', 0)).toMatchObject({ label: 'yes', prediction: 'no', right: false, version: 1, time: DAY + 1000, t: NOW, by: 'Ana' });
    expect(kept.size).toBe(3);
  });

  it('of requests that no log has are told, and the others joined', async () => {
    expect(await bring('request,label\na,yes\nnobody,no\nd,no\n')).toMatchObject({ rows: 3, joined: 2, unknown: { count: 1, first: ['nobody'] } });
    expect((await labels()).size).toBe(2);
  });

  it('of a row that the file has twice are the last ones, and that is said', async () => {
    const found = await bring('request,label\na,yes\na,no\nd,no\n');
    expect(found).toMatchObject({ rows: 3, joined: 2, duplicates: { count: 1, first: ['a'] } });
    expect(found.notes.join()).toContain('the last one counts');
    expect((await labels()).labelsFor(['a'], [0])).toEqual(['no']);
  });

  it('of a row that the log has twice are taken once, with its later answer', async () => {
    await writeLog(here, [answered('a', 50, { prediction: 'no' })]);
    expect(await bring('request,label\na,no\n')).toMatchObject({ rows: 1, joined: 1, unknown: { count: 0 } });
    expect(await feedbackFacts({ ...here.place, folder: here.log.labels ?? '', since: null, version: null }, watch)).toMatchObject({ labels: 1, right: 1, wrong: 0 });
  });

  it('of numbers that are none are told and not taken; the others are held against what was said', async () => {
    here.dispose();
    here = workspace();
    await writeLog(here, [10, 20, 30, 40].map((prediction, at): Answered => ({ request: `n${at}`, t: DAY + at, prediction, age: 1, city: 'Bonn' })));
    const found = await bring('request,label\nn0,12\nn1,NaN\nn2,inf\nn3,-1e1\n');
    expect(found).toMatchObject({ rows: 4, joined: 2, invalid: { count: 2, first: [expect.stringContaining('"NaN" is no number') as string, expect.stringContaining('"inf" is no number') as string] } });
    expect(await feedbackFacts({ ...here.place, folder: here.log.labels ?? '', since: null, version: null }, watch)).toMatchObject({ labels: 2, right: 0, wrong: 0, error: { n: 2, mean: 26 } });
  });

  it('that are none of the classes, or missing, are told and not taken', async () => {
    const found = await bring('request,label\na,maybe\nd,\nc,no\n');
    expect(found).toMatchObject({ rows: 3, joined: 1, invalid: { count: 2 } });
    expect(found.invalid.first.join('; ')).toContain('"maybe" is none of the classes no, yes');
    expect((await labels()).size).toBe(1);
  });

  it('that are dated later than now are counted and not taken', async () => {
    expect(await bring(`request,label,label_time\na,yes,${new Date(NOW - 1000).toISOString()}\nd,no,${new Date(NOW + 1000).toISOString()}\n`)).toMatchObject({ joined: 1, future: 1 });
    expect((await labels()).labelsFor(['a', 'd'], [0, 0])).toEqual(['yes', null]);
  });

  it('that are known already are told as that, and no file is written for them', async () => {
    await bring('request,label\na,yes\nd,no\n');
    expect(await bring('request,label\na,yes\nd,yes\nc,no\n')).toMatchObject({ joined: 3, same: 1, changed: 1 });
    expect(await bring('request,label\na,yes\n')).toMatchObject({ joined: 1, same: 1, changed: 0 });
    expect(files()).toHaveLength(2);
    expect((await labels()).labelsFor(['a', 'c', 'd'], [0, 0, 0])).toEqual(['yes', 'no', 'yes']);
  });

  it('need the row where a request has several', async () => {
    const found = await bring('request,label\na,yes\nb,yes\n');
    expect(found).toMatchObject({ joined: 1, unknown: { count: 1, first: ['b'] } });
    expect(found.notes.join()).toContain('--row COLUMN');
  });

  it('are joined by other columns, as the log has them, to every row that is equal in them', async () => {
    const found = await bring('years,town,paid\n30.0,Bonn,yes\n31,Bonn,no\n33,Köln,no\n', { keys: { years: 'age', town: 'city' } });
    expect(found).toMatchObject({ joined: 2, unknown: { count: 1 }, keys: ['years=age', 'town=city'], label: 'paid' });
    expect((await labels()).labelsFor(['a', 'c'], [0, 0])).toEqual(['yes', 'no']);
    await bring('city,label\nBonn,no\n', { keys: { city: 'city' } });
    expect((await labels()).labelsFor(['a', 'b', 'd'], [0, 1, 0])).toEqual(['no', 'no', 'no']);
  });

  it('are only looked at in a dry run', async () => {
    expect(await bring('request,label\na,yes\n', { dryRun: true })).toMatchObject({ joined: 1, dryRun: true });
    expect((await labels()).size).toBe(0);
  });

  it('name the column that is missing, and leave what was there as it was', async () => {
    await bring('request,label\na,yes\n');
    await expect(bring('request,outcome_x,other\na,1,2\n')).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('which column') as string, hint: expect.stringContaining('--label') as string });
    await expect(bring('request,label\na,yes\n', { label: 'lable' })).rejects.toMatchObject({ code: 'not_found', hint: expect.stringContaining('label') as string });
    await expect(bring('x,y\n1,2\n')).rejects.toMatchObject({ hint: expect.stringContaining('--request') as string });
    await expect(bring('request,label\n')).rejects.toMatchObject({ code: 'bad_input' });
    expect((await labels()).labelsFor(['a'], [0])).toEqual(['yes']);
  });

  it('are all unknown where there is no log yet', async () => {
    const empty = workspace();
    const found = await importLabels({ ...empty.place, log: empty.log, file: empty.write('l.csv', 'request,label\na,yes\n'), by: 'Ana', now: NOW, dryRun: false }, watch);
    empty.dispose();
    expect(found).toMatchObject({ joined: 0, unknown: { count: 1 }, notes: [expect.stringContaining('no log yet')] });
  });

  it('of a half-written import are left out and named', async () => {
    await bring('request,label\na,yes\n');
    writeFileSync(path.join(here.log.labels ?? '', 'labels-99999999999999-torn.parquet'), 'PAR1 torn');
    const kept = await labels();
    expect(kept.size).toBe(1);
    expect(kept.unreadable).toMatchObject([{ file: expect.stringContaining('torn') as string }]);
    expect((await bring('request,label\nd,yes\n')).notes.join()).toContain('torn');
  });
});

describe('a label of a row', () => {
  const word = (by: string, label: string): Parameters<typeof addReview>[1] => ({ request: 'a', row: 0, judgement: 'right', answer: null, label, comment: '', source: 'random', seed: 0, by: { name: by, email: '' }, t: NOW, prediction: 'yes', version: 1, time: DAY });

  it('is what most reviewers say, none where they are even, and the import\'s as soon as there is one', async () => {
    const folder = here.log.labels ?? '';
    addReview(folder, word('Ana', 'yes'));
    expect((await labels()).labelsFor(['a'], [0])).toEqual(['yes']);
    addReview(folder, word('Bo', 'no'));
    expect((await labels()).labelsFor(['a'], [0])).toEqual([null]);
    addReview(folder, word('Cy', 'no'));
    expect((await labels()).labelsFor(['a'], [0])).toEqual(['no']);
    await bring('request,label\na,yes\n');
    expect(await labels()).toMatchObject({ size: 1 });
    expect((await labels()).labelsFor(['a'], [0])).toEqual(['yes']);
    expect(await feedbackFacts({ ...here.place, folder, since: null, version: null }, watch)).toMatchObject({ labels: 1, right: 1, wrong: 0, honest: { n: 1, right: 1 }, reviewers: [{ name: 'Ana', rows: 1 }, { name: 'Bo' }, { name: 'Cy' }] });
  });
});

it('a row of the log is found with what was answered, and only where there is one', async () => {
  expect(await logRow({ ...here.place, log: here.log, request: 'b', row: 1 }, watch)).toMatchObject({ prediction: 'no', version: 1, classes: ['no', 'yes'], regression: false });
  expect(await logRow({ ...here.place, log: here.log, request: 'b', row: 1, time: DAY + 2000 }, watch)).toMatchObject({ time: DAY + 2000 });
  expect(await logRow({ ...here.place, log: here.log, request: 'b', row: 2 }, watch)).toBeNull();
  expect(await logRow({ ...here.place, log: here.log, request: 'b', row: 1, time: DAY + 9000 }, watch)).toBeNull();
});
