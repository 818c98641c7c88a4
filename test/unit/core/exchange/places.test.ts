import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeNamed } from '../../../../src/core/exchange/open';
import { startPythonServer } from '../../../../src/core/exchange/python-server';
import { placeOf, type Roots } from '../../../../src/core/exchange/roots';

let folder = '';
beforeEach(() => { folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-places-'))); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const roots = (more: Partial<Roots> = {}): Roots => ({ allowed: [path.join(folder, 'store')], proxied: [path.join(folder, 'store', 'mlartifacts')], base: path.join(folder, 'store'), ...more });

test('what a person writes is an address, a database or a folder', () => {
  writeFileSync(path.join(folder, 'x'), '');
  expect(placeNamed('http://127.0.0.1:5000')).toEqual({ kind: 'server', uri: 'http://127.0.0.1:5000' });
  expect(placeNamed('sqlite:////a/b.db')).toEqual({ kind: 'database', file: path.resolve('/a/b.db') });
  expect(placeNamed(path.join(folder, 'new.db'))).toEqual({ kind: 'database', file: path.join(folder, 'new.db') });
  expect(placeNamed(path.join(folder, 'x'))).toMatchObject({ kind: 'database' });
  expect(placeNamed(`file://${folder}`)).toEqual({ kind: 'folder', folder });
  writeFileSync(path.join(folder, 'mlflow.db'), '');
  expect(placeNamed(folder)).toEqual({ kind: 'database', file: path.join(folder, 'mlflow.db') });
  expect(() => placeNamed('postgresql://host/db')).toThrow(/postgresql/);
});

test('files are read below the folders that were named, and nowhere else', () => {
  const inside = path.join(folder, 'store', 'mlartifacts', '1', 'r', 'artifacts');
  const outside = path.join(folder, 'elsewhere', 'artifacts');
  for (const one of [inside, outside]) mkdirSync(one, { recursive: true });
  symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, 'store', 'link'));
  expect(placeOf('mlflow-artifacts:/1/r/artifacts', roots())).toEqual({ folder: inside });
  expect(placeOf('mlflow-artifacts:/../../elsewhere/artifacts', roots())).toHaveProperty('missing');
  expect(placeOf(`file://${outside}`, roots())).toHaveProperty('missing');
  expect(placeOf(path.join(folder, 'store', 'link', 'artifacts'), roots())).toHaveProperty('missing');
  expect(placeOf(`file://${outside}`, roots({ allowed: [folder] }))).toEqual({ folder: outside });
  expect(placeOf('s3://bucket/1/r/artifacts', roots())).toMatchObject({ missing: expect.stringContaining('--artifacts') as string });
});

test.skipIf(process.platform === 'win32')("a server that doesn't come up is told with its last words", async () => {
  const python = path.join(folder, 'python');
  writeFileSync(python, '#!/bin/sh\ncase "$2" in *find_spec*) exit 0;; esac\necho "Detected out-of-date database schema" >&2\nexit 1\n');
  chmodSync(python, 0o755);
  const asked = startPythonServer({ python, place: { kind: 'database', file: path.join(folder, 'out', 'a.db') } });
  await expect(asked).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('out-of-date database schema') as string, hint: expect.stringContaining('mlflow db upgrade') as string });
});
