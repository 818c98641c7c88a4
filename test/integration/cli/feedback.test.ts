/** Feedback by the command line, through a real engine: labels, words of two people, the queue, what becomes of them, and the gates' evidence. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeLog, type Answered } from '../core/monitoring/feedback/serving-log';
import { eachLab } from '../engine/support';
import { start, type Ran } from './support';

const DAY = Date.UTC(2026, 10, 16, 8);
const here = eachLab(({ workspace }) => writeFileSync(path.join(workspace, 'runyard.yaml'), 'version: 1\nregistry:\n  edges: [{to: production, gates: []}]\n'));
const ANA = { GIT_AUTHOR_NAME: 'Ana Gil', GIT_AUTHOR_EMAIL: 'ana@example.org' };
const BO = { GIT_AUTHOR_NAME: 'Bo Li', GIT_AUTHOR_EMAIL: 'bo@example.org' };
const runyard = (who: NodeJS.ProcessEnv, ...words: string[]): Promise<Ran> => start(here.cli, here.workspace, [...words], who).done;
const feedback = (who: NodeJS.ProcessEnv, ...words: string[]): Promise<Ran> => runyard(who, 'feedback', ...words, '--model', 'loan@production');
async function answer(who: NodeJS.ProcessEnv, ...words: string[]): Promise<Record<string, unknown>> {
  const { out, err } = await feedback(who, ...words, '--json');
  expect(err).toBe('');
  return JSON.parse(out) as Record<string, unknown>;
}

test('labels and words are kept, told, asked for and exported, and stand in the gates\' evidence', async () => {
  await writeLog({ dir: here.workspace }, Array.from({ length: 30 }, (_, at): Answered => ({ request: `r${at}`, t: DAY + at * 1000, prediction: 'yes', yes: at === 3 ? 0.51 : 0.95, age: 20 + at, city: 'Bonn' })));
  writeFileSync(path.join(here.workspace, 'labels.csv'), 'request,label\nr0,yes\nr1,no\nr1,yes\nr2,perhaps\nrx,no\n');
  const imported = await feedback(ANA, 'import', 'labels.csv');
  expect(imported.status).toBe(0);
  expect(imported.out).toBe(`labels.csv: 5 rows, label label, joined by request=ry_request\n  2 new\n  1 of rows that the log doesn't have: rx\n  1 said again further down: r1\n  1 no label that fits: r2: "perhaps" is none of the classes no, yes\nof rows that the file has twice the last one counts\n`);
  expect(await feedback(ANA, 'judge', 'r3', 'wrong', '--comment', 'a student')).toMatchObject({ status: 0, err: 'runyard: r3 is called wrong\n' });
  expect(await feedback(BO, 'judge', 'r3', 'right')).toMatchObject({ status: 0 });
  expect(await feedback(BO, 'judge', 'r4', 'wrong', '--answer', 'nno')).toMatchObject({ status: 2, err: expect.stringContaining('did you mean no?') as string });
  expect(await feedback(BO, 'judge', 'nobody', 'right')).toMatchObject({ err: expect.stringContaining('has no request nobody') as string });
  expect(await answer(ANA, 'summary')).toMatchObject({ labels: 2, right: 2, wrong: 0, unsure: 1, reviewers: [{ name: 'Ana Gil', rows: 1 }, { name: 'Bo Li', rows: 1 }], honest: null });
  expect(await answer(ANA, 'agreement')).toMatchObject({ pairs: [{ a: 'Ana Gil', b: 'Bo Li', rows: 1, agreed: 0 }], disagreed: [{ request: 'r3' }] });
  expect(await feedback(BO, 'undo', 'r3')).toMatchObject({ status: 0 });
  expect(await feedback(BO, 'undo', 'r3')).toMatchObject({ status: 1 });
  const queue = await answer(BO, 'queue', '--limit', '40') as { items: { request: string; why: string }[] };
  expect(queue.items.map(({ request }) => request)).not.toContain('r0');
  expect(queue.items.find(({ request }) => request === 'r3')?.why).toBe('somebody else judged it: do you agree?');
  expect(await feedback(ANA, 'export', 'next.parquet')).toMatchObject({ status: 0, out: expect.stringContaining('1 row, 0 of before and 1 reviewed') as string });
  expect(existsSync(path.join(here.workspace, 'next.parquet'))).toBe(true);
  writeFileSync(path.join(here.workspace, 'model.bin'), 'weights');
  expect(await runyard(ANA, 'models', 'register', 'loan', '--file', 'model.bin')).toMatchObject({ status: 0 });
  const gate = JSON.parse((await runyard(ANA, 'gate', 'loan', '1', '--to', 'production', '--json')).out) as { outcome: string; gates: object[] };
  expect(gate).toMatchObject({ outcome: 'pass', gates: [{ kind: 'feedback', outcome: 'pass', blocks: false, reason: expect.stringContaining('production: 3 labels, 2 right and 1 wrong') as string }] });
});
