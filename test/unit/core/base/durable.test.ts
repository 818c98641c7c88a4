import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendLines, syncPath } from '../../../../src/core/base/durable';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ry-durable-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function appended(before: string, lines: string[]): { text: string; told: { before: number; after: number } } {
  const file = path.join(folder, 'lines');
  writeFileSync(file, before);
  const handle = openSync(file, 'a+');
  try {
    return { told: appendLines(handle, lines), text: readFileSync(file, 'utf8') };
  } finally {
    closeSync(handle);
  }
}

test('lines are added at the end, and the sizes before and after are told', () => {
  expect(appended('a\n', ['b', 'ç'])).toEqual({ text: 'a\nb\nç\n', told: { before: 2, after: 7 } });
});

test('an empty file begins with the line itself', () => {
  expect(appended('', ['a']).text).toBe('a\n');
});

test('a line that was cut short stays on its own line', () => {
  expect(appended('{"a":1}\n{"b"', ['{"c":3}']).text).toBe('{"a":1}\n{"b"\n{"c":3}\n');
});

test('a folder can be made durable, and a path that is not there is told', async () => {
  await expect(syncPath(folder)).resolves.toBeUndefined();
  await expect(syncPath(path.join(folder, 'none'))).rejects.toThrow(/ENOENT/);
});
