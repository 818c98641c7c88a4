// What is said of all rows rests on rows that nobody chose.
import { expect, it } from 'vitest';
import type { ImportedLabel } from '../../../../../src/core/monitoring/feedback/label-files';
import { rowKey } from '../../../../../src/core/monitoring/feedback/keys';
import type { Labels } from '../../../../../src/core/monitoring/feedback/labels';
import type { Word } from '../../../../../src/core/monitoring/feedback/reviews';
import { summarise, verdict } from '../../../../../src/core/monitoring/feedback/summary';
import { chanceOf } from '../../../../../src/core/monitoring/review/chance';

const word = (request: string, judgement: Word['judgement'], more: Partial<Word> = {}): Word => ({ request, row: 0, judgement, answer: null, label: judgement === 'right' ? 'yes' : judgement === 'wrong' ? 'no' : null, comment: '', source: 'random', seed: 0, by: { name: 'Ana', email: '' }, t: 10, prediction: 'yes', version: 1, time: 0, ...more });
function labelsOf(words: Word[], imports: ImportedLabel[] = []): Labels {
  const byKey = new Map<string, Word[]>();
  for (const one of words) byKey.set(rowKey(one.request, one.row), [...(byKey.get(rowKey(one.request, one.row)) ?? []), one]);
  const imported = new Map(imports.map((one) => [rowKey(one.request, one.row), one]));
  return {
    size: 0, imports, reviewed: [...byKey.values()], unreadable: [], imported: (request, row) => imported.get(rowKey(request, row)) ?? null, words: (request, row) => byKey.get(rowKey(request, row)) ?? [],
    labelsFor: (requests, rows) => requests.map((request, at) => imported.get(rowKey(request ?? '', rows[at] ?? 0))?.label ?? byKey.get(rowKey(request ?? '', rows[at] ?? 0))?.[0]?.label ?? null),
  };
}

it('counts rows, not words: what most say, and as many of each is unsure', () => {
  expect([verdict([word('a', 'right'), word('a', 'wrong')]), verdict([word('a', 'unsure')]), verdict([word('a', 'wrong'), word('a', 'unsure')])]).toEqual([null, null, false]);
  const bo = { name: 'Bo', email: '' };
  expect(summarise(labelsOf([word('a', 'right'), word('a', 'right', { by: bo }), word('b', 'wrong'), word('c', 'unsure'), word('d', 'right', { t: 3 })]), { since: 5, version: null })).toMatchObject({ labels: 2, right: 1, wrong: 1, unsure: 1, newest: 10, reviewers: [{ name: 'Ana', rows: 3 }, { name: 'Bo', rows: 1 }] });
});

it('of a model that is right 9 times in 10 tells 9 in 10, though people were asked about its errors first', () => {
  const rows = Array.from({ length: 2000 }, (_, at) => ({ request: `r${at}`, wrong: at % 10 === 0, lot: chanceOf(rowKey(`r${at}`, 0), 0) }));
  const chosen = rows.filter(({ wrong }) => wrong).slice(0, 150);
  const rest = rows.filter((row) => !chosen.includes(row)).sort((a, b) => a.lot - b.lot).slice(0, 400);
  const said = [...chosen.map((row) => word(row.request, 'wrong', { source: 'uncertain' })), ...rest.map((row) => word(row.request, row.wrong ? 'wrong' : 'right'))];
  const found = summarise(labelsOf(said), { since: null, version: null });
  expect(found.right / (found.right + found.wrong)).toBeLessThan(0.72);
  const honest = found.honest ?? { n: 0, right: 0, low: 1, high: 0 };
  expect(honest.n).toBeGreaterThan(400);
  expect(honest.low).toBeLessThan(0.9);
  expect(honest.high).toBeGreaterThan(0.9);
  expect(honest.right / honest.n).toBeCloseTo(0.9, 1);
});

it('without a row by chance says nothing of all rows', () => {
  expect(summarise(labelsOf([word('a', 'wrong', { source: 'flagged' }), word('b', 'right', { source: null })]), { since: null, version: null }).honest).toBeNull();
  expect(summarise(labelsOf([]), { since: null, version: null })).toEqual({ since: null, labels: 0, right: 0, wrong: 0, unsure: 0, newest: null, reviewers: [], honest: null, recent: [] });
});

const number = (request: string, prediction: string | null, label: string, more: Partial<ImportedLabel> = {}): ImportedLabel => ({ request, row: 0, label, prediction, right: null, version: 1, time: 0, t: 10, by: '', ...more });

it('of numbers tells the mean absolute error, with its interval, of what came and was said by chance', () => {
  const about = { since: null, version: null };
  const imports = [number('a', '10', '12'), number('b', '10', '10'), number('c', '-3', '1'), number('d', '5', '9', { version: 2 }), number('e', null, '7'), number('f', '1', 'none')];
  // Errors 2, 0, 4: mean 2, sd 2, t(0.975, 2) = 4.302653.
  const half = 4.302653 * 2 / Math.sqrt(3);
  expect(summarise(labelsOf([], imports), { ...about, version: 1 }).error).toEqual({ n: 3, mean: 2, sd: 2, interval: [expect.closeTo(2 - half, 5), expect.closeTo(2 + half, 5)] });
  expect(summarise(labelsOf([], imports), about).error?.n).toBe(4);
  expect(summarise(labelsOf([], [number('a', '10', '12')]), about).error).toEqual({ n: 1, mean: 2, sd: null, interval: null });
  // What people were asked about because it is odd isn't in it; what they call right has no error.
  const said = [word('g', 'right', { prediction: '4', label: '4' }), word('h', 'wrong', { prediction: '4', label: '10', answer: 10 }), word('i', 'wrong', { prediction: '0', label: '99', answer: 99, source: 'uncertain', seed: 7 })];
  expect(summarise(labelsOf(said), about).error).toMatchObject({ mean: expect.closeTo(summariesOf([0, 6]), 9) as number });
});
const summariesOf = (errors: readonly number[]): number => errors.reduce((sum, one) => sum + one, 0) / errors.length;

it('of classes that look like numbers tells no error', () => {
  expect(summarise(labelsOf([], [number('a', '1', '0', { right: false }), number('b', null, '1')]), { since: null, version: null })).not.toHaveProperty('error');
  expect(summarise(labelsOf([word('a', 'wrong', { prediction: '1', label: '0', answer: '0' })]), { since: null, version: null })).not.toHaveProperty('error');
});
