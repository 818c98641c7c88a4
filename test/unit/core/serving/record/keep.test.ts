import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forget } from '../../../../../src/core/serving/record/keep';

let folder = '';
const days = ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'];
const others = ['2020-01-01', 'date=2020', 'date=2020-01-01.old', 'open', 'state.json'];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-days-'));
  for (const name of [...days.map((day) => `date=${day}`), ...others.slice(0, 4)]) mkdirSync(path.join(folder, name));
  for (const day of days) writeFileSync(path.join(folder, `date=${day}`, 'a.parquet'), 'x');
  writeFileSync(path.join(folder, 'state.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const left = (): string[] => readdirSync(folder).flatMap((name) => /^date=(\d{4}-\d\d-\d\d)$/.exec(name)?.[1] ?? []).sort();
const noon = Date.parse('2026-03-02T12:00:00Z');

test.each([
  // Two times 24 hours back is noon of 28 February: that day is kept whole.
  [2, ['2026-02-28', '2026-03-01', '2026-03-02']],
  [0.5, ['2026-03-02']],
  [0.51, ['2026-03-01', '2026-03-02']],
  [365, days],
  [null, days],
])('of a log that is kept for %s days only older days go', async (keep, kept) => {
  await forget(folder, keep, noon);
  expect(left()).toEqual(kept);
  expect(readdirSync(folder).filter((name) => others.includes(name)).sort()).toEqual([...others].sort());
});

test('the newest day is never taken, also where a clock is behind', async () => {
  await forget(folder, 1, Date.parse('2026-02-27T00:00:00Z'));
  expect(left()).toEqual(days);
});
