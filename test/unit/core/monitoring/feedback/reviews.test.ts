// Reviews are lines that are only ever added: what was said is on the disk, and a torn line hinders nothing.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addReview, readReviews, reviewsFile, type Word } from '../../../../../src/core/monitoring/feedback/reviews';

const word: Word = { request: 'a', row: 0, judgement: 'wrong', answer: 'no', label: 'no', comment: 'a "quoted"\nline', source: 'random', seed: 0, by: { name: 'Ana', email: 'ana@example.org' }, t: 5, prediction: 'yes', version: 3, time: 4 };
let folder: string;
beforeEach(() => { folder = path.join(mkdtempSync(path.join(tmpdir(), 'runyard-reviews-')), 'not', 'there'); });
afterEach(() => rmSync(path.resolve(folder, '../..'), { recursive: true, force: true }));

it('come back as they were said, in their order', () => {
  expect(readReviews(folder)).toEqual({ lines: [], broken: [] });
  addReview(folder, word);
  addReview(folder, { request: 'a', row: 0, by: word.by, t: 6, undone: true });
  expect(readReviews(folder)).toEqual({ lines: [word, { request: 'a', row: 0, by: word.by, t: 6, undone: true }], broken: [] });
});

it('a torn last line is told and left out, and the next word begins on a line of its own', () => {
  addReview(folder, word);
  appendFileSync(path.join(folder, reviewsFile), '{"request":"b","row":0,"by":{"name":"A');
  expect(readReviews(folder)).toMatchObject({ lines: [word], broken: [2] });
  addReview(folder, { ...word, request: 'c' });
  expect(readReviews(folder)).toMatchObject({ lines: [{ request: 'a' }, { request: 'c' }], broken: [2] });
  expect(readFileSync(path.join(folder, reviewsFile), 'utf8').endsWith('\n')).toBe(true);
});

it('lines that say something else are left out, too', () => {
  addReview(folder, word);
  appendFileSync(path.join(folder, reviewsFile), '{"request":"b"}\n[1]\n\n');
  expect(readReviews(folder)).toMatchObject({ lines: [word], broken: [2, 3] });
});
