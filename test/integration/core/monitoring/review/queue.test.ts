// The queue over a real log, and what becomes of what people said.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReviewQueue } from '../../../../../src/protocol/monitoring';
import { addReview, type Word } from '../../../../../src/core/monitoring/feedback/reviews';
import { feedbackFacts } from '../../../../../src/core/monitoring/jobs/log-row';
import { reviewExport } from '../../../../../src/core/monitoring/jobs/review-export';
import { reviewQueue } from '../../../../../src/core/monitoring/jobs/review-queue';
import { readColumns } from '../../../../../src/core/evaluation/data/columnar';
import { watch, workspace, writeLog, type Answered, type Workspace } from '../feedback/serving-log';

const DAY = Date.UTC(2026, 10, 16, 8);
let here: Workspace;
type Found = Omit<ReviewQueue, 'model'>;
const asked = (more: Partial<Parameters<typeof reviewQueue>[0]> = {}): Promise<Found> => reviewQueue({
  ...here.place, log: here.log, window: { from: null, to: null }, reference: { data: { files: ['before.csv'], types: {} }, label: null }, limit: 20, sources: ['uncertain', 'drifted', 'flagged', 'shadow', 'random'], randomShare: 0.2, again: 0.1, seed: 0, reviewer: 'ana', ...more,
}, watch);
const of = (queue: Found, source: string): string[] => queue.items.filter((item) => item.source === source).map(({ request }) => request);
const say = (request: string, by: string, more: Partial<Word>): void => addReview(here.log.labels ?? '', { request, row: 0, judgement: 'right', answer: null, label: 'yes', comment: '', source: 'random', seed: 0, by: { name: by, email: '' }, t: DAY, prediction: 'yes', version: 1, time: DAY, ...more });

beforeAll(async () => {
  here = workspace();
  const rows: Answered[] = Array.from({ length: 300 }, (_, at) => ({ request: `r${String(at).padStart(3, '0')}`, t: DAY + at * 1000, prediction: 'yes', yes: 0.97, age: 20 + (at % 50), city: at % 2 === 0 ? 'Bonn' : 'Köln' }));
  const change = (at: number, more: Partial<Answered>): void => void Object.assign(rows[at] ?? {}, more);
  change(7, { yes: 0.51 });
  change(8, { yes: 0.6 });
  change(17, { age: 93 });
  change(18, { city: 'Roma', age: 91 });
  change(27, { rules: 'too old, odd' });
  change(28, { rules: 'odd' });
  await writeLog(here, [...rows, { ...rows[37] as Answered, role: 'shadow', version: 2, prediction: 'no', yes: 0.1 }, { ...rows[38] as Answered, role: 'shadow', version: 2, prediction: 'yes' }]);
  here.write('before.csv', `age,city\n${Array.from({ length: 300 }, (_, at) => `${20 + (at % 50)},${at % 2 === 0 ? 'Bonn' : 'Köln'}`).join('\n')}\n`);
});
afterAll(() => here.dispose());

describe('the review queue', () => {
  it('gives the rows of each kind with why, and a share by chance; the same again', async () => {
    const found = await asked();
    expect(found).toMatchObject({ classes: ['no', 'yes'], task: 'binary', rows: 300, seed: 0 });
    expect(of(found, 'uncertain')).toEqual(['r007', 'r008']);
    expect(of(found, 'drifted')).toEqual(['r018', 'r017']);
    expect(of(found, 'flagged').sort()).toEqual(['r027', 'r028']);
    expect(of(found, 'shadow')).toEqual(['r037']);
    expect(of(found, 'random').length).toBe(20 - 7);
    expect(found.items.find(({ request }) => request === 'r018')).toMatchObject({ odd: { city: 'not in the reference', age: 'above the reference\'s 20 to 69' }, cells: { age: 91, city: 'Roma' }, prediction: 'yes', probabilities: { yes: 0.97 }, version: 1 });
    expect(found.items.find(({ request }) => request === 'r037')?.why).toBe('version 2 in the shadow says no');
    expect(found.items.find(({ request }) => request === 'r007')?.why).toContain('yes 51 %, no 49 %');
    expect(found.left).toMatchObject({ uncertain: 0, drifted: 0, flagged: 0, shadow: 0 });
    expect(await asked()).toEqual(found);
    expect(of(await asked({ seed: 1 }), 'random')).not.toEqual(of(found, 'random'));
  });

  it('narrows to the sources asked for, and is empty where a window has no rows', async () => {
    expect((await asked({ sources: ['shadow'] })).items.map(({ request }) => request)).toEqual(['r037']);
    expect(await asked({ window: { from: 0, to: 1 } })).toMatchObject({ items: [], rows: 0 });
  });

  it('asks nobody twice, and asks again what somebody else judged', async () => {
    say('r007', 'Ana', { judgement: 'wrong', label: 'no', source: 'uncertain' });
    say('r037', 'Bo', { judgement: 'wrong', label: 'no', source: 'shadow' });
    const found = await asked();
    expect(found.items.map(({ request }) => request)).not.toContain('r007');
    expect(found.items.find(({ request }) => request === 'r037')).toMatchObject({ why: 'somebody else judged it: do you agree?', source: 'shadow', judged: [{ by: 'Bo', judgement: 'wrong', answer: 'no' }] });
    expect((await asked({ again: 0 })).items.map(({ request }) => request)).not.toContain('r037');
    expect((await asked({ reviewer: 'bo' })).items.map(({ request }) => request)).toContain('r007');
  });
});

describe('what was reviewed', () => {
  it('becomes an evaluation set\'s next version: the rows before, then the new ones in their columns, each once', async () => {
    say('r018', 'Ana', { judgement: 'unsure', label: null });
    say('r028', 'Ana', { label: 'yes' });
    say('r028', 'Bo', { judgement: 'wrong', label: 'no' });
    here.write('holdout.csv', 'id,age,city,day,repaid\n1,30,Bonn,2026-01-01,0\n2,31,Köln,2026-01-02,1\n');
    const done = await reviewExport({ ...here.place, log: here.log, file: 'sets/holdout-2.parquet', previous: 'holdout.csv', label: 'repaid', disagreement: 'leave out' }, watch);
    expect(done).toMatchObject({ rows: 4, previous: 2, added: 2, leftOut: { disagreement: 1, unsure: 1, unknown: 0 }, sources: { uncertain: 1, shadow: 1 } });
    expect(done.notes).toEqual(['the log has no id, day: missing in the rows that were added']);
    const { columns } = await readColumns(path.join(here.dir, 'sets/holdout-2.parquet'));
    expect(Object.keys(columns)).toEqual(['id', 'age', 'city', 'day', 'repaid', 'ry_request', 'ry_row']);
    expect([...columns['age']?.values ?? []]).toEqual([30, 31, 27, 57]);
    expect(columns['ry_request']?.values.slice(2)).toEqual(['r007', 'r037']);
    say('r027', 'Ana', { label: 'yes', source: 'flagged' });
    const next = await reviewExport({ ...here.place, log: here.log, file: 'sets/holdout-2.parquet', previous: 'sets/holdout-2.parquet', label: 'repaid', disagreement: 'majority' }, watch);
    expect(next).toMatchObject({ rows: 5, previous: 4, added: 1, leftOut: { disagreement: 1 }, notes: [expect.stringContaining('the log has no'), expect.stringContaining('2 reviewed rows are in the version before already')] });
    expect(next.digest).not.toBe(done.digest);
  });

  it('begins a set where there is none before, and only with answers', async () => {
    const done = await reviewExport({ ...here.place, log: here.log, file: 'sets/new.parquet', disagreement: 'leave out', sources: ['uncertain'] }, watch);
    expect(done).toMatchObject({ rows: 1, previous: 0, added: 1 });
    expect((await readColumns(path.join(here.dir, 'sets/new.parquet'))).columns['label']?.values).toEqual(['no']);
    await expect(reviewExport({ ...here.place, log: here.log, file: 'sets/none.parquet', disagreement: 'leave out', sources: ['drifted'] }, watch)).rejects.toMatchObject({ code: 'refused' });
    await expect(reviewExport({ ...here.place, log: here.log, file: 'sets/none.csv', disagreement: 'leave out' }, watch)).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('is summed up, since when one likes', async () => {
    expect(await feedbackFacts({ ...here.place, folder: here.log.labels ?? '', since: null, version: null }, watch)).toMatchObject({ labels: 3, right: 1, wrong: 2, unsure: 2, reviewers: [{ name: 'Ana', rows: 4 }, { name: 'Bo', rows: 2 }], honest: null });
    say('r100', 'Ana', {});
    say('r101', 'Ana', { judgement: 'wrong', label: 'no' });
    expect((await feedbackFacts({ ...here.place, folder: here.log.labels ?? '', since: DAY, version: null }, watch)).honest?.n).toBeGreaterThanOrEqual(2);
    expect(await feedbackFacts({ ...here.place, folder: here.log.labels ?? '', since: DAY + 1, version: null }, watch)).toMatchObject({ labels: 0, honest: null });
  });
});
