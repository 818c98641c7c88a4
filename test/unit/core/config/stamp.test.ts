import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stampOf } from '../../../../src/core/config/stamp';

test('files that are written, come, go or are put in another\u2019s place have another stamp; others have the same', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stamp-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const now = (): string => stampOf(folder, ['a.yaml', 'b.yaml']);
  const seen = [now()];
  const other = (change: () => void): void => { change(); expect(seen).not.toContain(now()); seen.push(now()); };
  expect(now()).toBe(seen[0]);
  other(() => writeFileSync(path.join(folder, 'b.yaml'), 'one'));
  other(() => writeFileSync(path.join(folder, 'a.yaml'), 'one'));
  other(() => writeFileSync(path.join(folder, 'a.yaml'), 'longer'));
  writeFileSync(path.join(folder, 'c.yaml'), 'another');
  expect(now()).toBe(seen.at(-1));
  other(() => renameSync(path.join(folder, 'c.yaml'), path.join(folder, 'a.yaml')));
  rmSync(path.join(folder, 'a.yaml'));
  rmSync(path.join(folder, 'b.yaml'));
  expect(now()).toBe(seen[0]);
  expect(stampOf(path.join(folder, 'gone'), ['a.yaml'])).toBe('ENOENT');
});
