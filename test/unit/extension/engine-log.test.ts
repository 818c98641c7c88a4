import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { followEngineLog, readLogLine } from '../../../src/extension/engine-log';
import { until } from '../../support/until';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ry-log-'));
const file = path.join(folder, 'engine.log');
const said: string[] = [];
const say = (level: string) => (text: string): void => void said.push(`${level} ${text}`);
const channel = { info: say('info'), warn: say('warn'), error: say('error'), debug: say('debug') };
let following: { dispose(): void } | undefined;

afterAll(() => {
  following?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test('lines have a level, and those that go on have none', () => {
  expect(readLogLine('2026-01-31T10:00:00.000Z warn disk: full')).toEqual({ level: 'warn', text: 'disk: full' });
  expect(readLogLine('  at somewhere')).toBeUndefined();
});

test('what was written and what comes is told once, in order, also after the file was turned over', async () => {
  const line = (level: string, text: string): string => `2026-01-31T10:00:00.000Z ${level} ${text}\n`;
  writeFileSync(file, line('info', 'one'));
  following = followEngineLog(file, channel);
  await until('the first line', () => said.includes('info engine: one'));
  appendFileSync(file, line('error', 'two') + '  at here\n');
  await until('the second line', () => said.length === 3);
  renameSync(file, `${file}.1`);
  writeFileSync(file, line('warn', 'x'));
  await until('the line of the new file', () => said.length === 4);
  expect(said).toEqual(['info engine: one', 'error engine: two', 'error engine:   at here', 'warn engine: x']);
});
