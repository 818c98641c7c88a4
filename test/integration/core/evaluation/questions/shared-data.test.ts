import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeShared, lendData } from '../../../../../src/core/evaluation/questions/shared-data';
import { dataSpec } from '../../../../../src/protocol/evaluation/request';

let workspace = '';
beforeEach(() => {
  workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-lent-')));
  mkdirSync(path.join(workspace, 'aside'));
  for (const name of ['a.csv', 'b.csv']) writeFileSync(path.join(workspace, name), 'x\n1\n2\n');
});
afterEach(async () => {
  await closeShared();
  rmSync(workspace, { recursive: true, force: true });
});
const place = (): Parameters<typeof lendData>[1] => ({ workspace, python: null, temp: path.join(workspace, 'aside', 'job') });
const lend = (file: string): ReturnType<typeof lendData> => lendData(dataSpec.parse({ files: [file] }), place());
const folders = (): string[] => readdirSync(path.join(workspace, 'aside')).filter((name) => name.startsWith('.tmp-data-'));

test('data are opened once for all questions, until other data are asked for', async () => {
  const one = await lend('a.csv');
  await one[Symbol.asyncDispose]();
  const two = await lend('a.csv');
  expect(two.data).toBe(one.data);
  const other = await lend('b.csv');
  // Still read by somebody: open until given back.
  expect([...(await two.data.column('x')).values]).toEqual([1, 2]);
  expect(folders()).toHaveLength(2);
  await two[Symbol.asyncDispose]();
  expect(folders()).toHaveLength(1);
  await other[Symbol.asyncDispose]();
});

test('data whose file changed are opened anew', async () => {
  const one = await lend('a.csv');
  await one[Symbol.asyncDispose]();
  writeFileSync(path.join(workspace, 'a.csv'), 'x\n1\n2\n3\n');
  const two = await lend('a.csv');
  expect([one.data.rows, two.data.rows]).toEqual([2, 3]);
  expect(folders()).toHaveLength(1);
  await two[Symbol.asyncDispose]();
  utimesSync(path.join(workspace, 'a.csv'), 1, 1);
  const three = await lend('a.csv');
  expect(three.data).not.toBe(two.data);
  await three[Symbol.asyncDispose]();
});

test('what can not be opened leaves nothing behind, and the next try is a new one', async () => {
  await expect(lend('c.csv')).rejects.toMatchObject({ code: 'not_found' });
  expect(folders()).toEqual([]);
  writeFileSync(path.join(workspace, 'c.csv'), 'x\n1\n');
  await using found = await lend('c.csv');
  expect(found.data.rows).toBe(1);
});

test('what a process that was killed left is taken away', async () => {
  mkdirSync(path.join(workspace, 'aside', '.tmp-data-999999999-0'));
  await using found = await lend('a.csv');
  expect(found.data.rows).toBe(2);
  expect(folders()).toEqual([expect.stringContaining(`.tmp-data-${process.pid}-`)]);
});
