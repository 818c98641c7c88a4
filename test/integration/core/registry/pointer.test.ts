import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolderName, preparePointer, readPointer, swapPointer, sweepStates, type Manifest } from '../../../../src/core/registry/live/pointer';
import { bundle } from '../../../support/bundle';
import { until } from '../../../support/until';

let root = '';
beforeEach(() => { root = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-pointer-'))); });
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pointer = (): { root: string; model: string; environment: string } => ({ root: path.join(root, 'models'), model: 'car loan', environment: 'production' });
const said = (version: number): Manifest => ({ format: 1, model: 'car loan', environment: 'production', version, files: {}, at: version, by: { name: 'Ana', email: '' }, reason: '', entry: String(version) });
async function move(version: number, text = `version ${version}`): Promise<void> {
  writeFileSync(path.join(root, 'model.bin'), text);
  await swapPointer(await preparePointer(pointer(), said(version), [{ path: 'model.onnx', from: path.join(root, 'model.bin') }, { path: 'code/score.py', from: path.join(root, 'model.bin') }]));
}
const live = (): string => path.join(pointer().root, 'car loan', 'production');

describe('an environment', () => {
  test('holds the files and a manifest of what it points at', async () => {
    expect(await readPointer(pointer())).toBeNull();
    await move(1);
    expect((await readPointer(pointer()))?.version).toBe(1);
    expect(readFileSync(path.join(live(), 'code', 'score.py'), 'utf8')).toBe('version 1');
    await move(2);
    expect((await readPointer(pointer()))?.version).toBe(2);
    expect(readFileSync(path.join(live(), 'model.onnx'), 'utf8')).toBe('version 2');
  });

  test('goes on pointing where it did while another state is only prepared, or could not be', async () => {
    await move(1);
    await preparePointer(pointer(), said(2), []);
    await expect(preparePointer(pointer(), said(3), [{ path: 'model.onnx', from: path.join(root, 'none') }])).rejects.toThrow('ENOENT');
    expect((await readPointer(pointer()))?.version).toBe(1);
    expect(await sweepStates(pointer().root, 'car loan')).toHaveLength(1);
    expect(readFileSync(path.join(live(), 'model.onnx'), 'utf8')).toBe('version 1');
  });

  test('is there after the workspace was moved', async () => {
    await move(1);
    const moved = `${root}-moved`;
    renameSync(root, moved);
    expect((await readPointer({ ...pointer(), root: path.join(moved, 'models') }))?.version).toBe(1);
    renameSync(moved, root);
  });

  test('whose state is gone says so, and how to mend it', async () => {
    await move(1);
    rmSync(path.join(pointer().root, 'car loan', '.states'), { recursive: true });
    await expect(readPointer(pointer())).rejects.toMatchObject({ code: 'store_corrupt', hint: expect.stringContaining('promote or roll back') as string });
  });

  test.each(['../up', 'a/b', '', '.hidden', 'x'.repeat(300), 'con', 'dot.', 'nul.txt', 'a\0b'])('of the name %j is refused', (name) => {
    expect(() => checkFolderName('a model', name)).toThrow(/can't be the name of a model/);
  });

  test('takes no file that leaves its folder or takes the manifest\'s place', async () => {
    writeFileSync(path.join(root, 'model.bin'), 'x');
    for (const bad of ['../model.onnx', 'manifest.json', 'a/../../b']) {
      await expect(preparePointer(pointer(), said(1), [{ path: bad, from: path.join(root, 'model.bin') }])).rejects.toMatchObject({ code: 'refused' });
    }
  });
});

describe('whoever reads while it is moved', () => {
  test('finds a whole state each time, and after the mover was killed at any moment', async () => {
    const script = bundle('test/integration/core/registry/pointer-child.ts');
    let from = 1;
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, [script, root, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
      let done = from - 1;
      child.stdout.on('data', (text) => { done = Number(String(text).trim().split('\n').at(-1)); });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      const enough = from + 2 + (round % 3);
      await until('some moves', () => done >= enough, 20_000);
      // While it goes on.
      for (let reads = 0; reads < 200; reads++) readWhole();
      child.kill('SIGKILL');
      await ended;
      const version = readWhole();
      expect(version).toBeGreaterThanOrEqual(done);
      from = version + 1;
      await sweepStates(pointer().root, 'car loan');
      expect(readWhole()).toBe(version);
      expect(readdirSync(path.join(pointer().root, 'car loan', '.states'))).toHaveLength(1);
    }
  });
});

/** As a serving process does: the folder once, then its files. */
function readWhole(): number {
  expect(existsSync(live())).toBe(true);
  const folder = realpathSync(live());
  const { version } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const bytes = readFileSync(path.join(folder, 'model.onnx'));
  expect(bytes.equals(Buffer.alloc(200_000, version % 251))).toBe(true);
  return version;
}
