import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../../src/core/app';

test('what runyard.yaml says by now counts for the next question, before any notice of the system', async () => {
  const workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-app-')));
  onTestFinished(() => rmSync(workspace, { recursive: true, force: true }));
  let reloads = 0;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const app = openApp({ workspace, supervisorPath: '', evaluatorPath: '', pythonPath: '', log, onChanged: ({ config }) => { if (config) reloads += 1; }, onNotice: () => undefined });
  onTestFinished(() => app.dispose());
  const monitors = async (): Promise<string[]> => (await app.handlers['monitors.list']({})).monitors.map(({ name }) => name);
  const write = (name: string): void => writeFileSync(path.join(workspace, 'runyard.yaml'), `monitors: {${name}: {model: m@production}}\n`);
  expect(await monitors()).toEqual([]);
  write('first');
  expect(await monitors()).toEqual(['first']);
  write('second');
  expect(await monitors()).toEqual(['second']);
  const before = reloads;
  expect([await monitors(), reloads]).toEqual([['second'], before]);
});
