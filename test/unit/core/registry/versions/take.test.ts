import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { takeIn, type TakeOptions } from '../../../../../src/core/registry/versions/take';
import { filesOf } from '../../../../../src/core/registry/versions/walk';
import { digestOfFiles } from '../../../../../src/core/registry/versions/weights';
import { tempDir } from '../../store/support';
import { failing } from './support';

function folder(files: Record<string, string>): { from: string; options: TakeOptions } {
  const dir = tempDir();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, 'from', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { from: path.join(dir, 'from'), options: { root: path.join(dir, 'weights'), watching: { signal: new AbortController().signal, progress: () => undefined } } };
}

/** A file on a disk that has no room from its second piece on. */
async function full(file: string, code: string): Promise<FileHandle> {
  const handle = await open(file, 'wx');
  const write = handle.write.bind(handle);
  let pieces = 0;
  handle.write = ((...args: Parameters<typeof write>) => (pieces++ > 0 ? Promise.reject(Object.assign(new Error(code), { code })) : write(...args))) as typeof handle.write;
  return handle;
}

it.each([['ENOSPC', 'disk_full'], ['EDQUOT', 'disk_full'], ['EROFS', 'refused']])('a disk that says %s is told as %s, and nothing is left', async (code, word) => {
  const { from, options } = folder({ 'a.bin': 'a', 'b.bin': 'x'.repeat(3 << 20) });
  expect(await failing(async () => takeIn(await filesOf(from), { ...options, create: (file) => full(file, code) }, (taken) => taken.keep()))).toMatchObject({ code: word, hint: expect.stringMatching(/space|writable/) as string });
  expect(readdirSync(options.root)).toEqual([]);
});

it('what is not kept is gone; what is kept is there whole, by its digest', async () => {
  const { from, options } = folder({ 'a.bin': 'a', 'd/b.bin': 'b' });
  const digest = await takeIn(await filesOf(from), options, (taken) => Promise.resolve(taken.digest));
  expect(readdirSync(options.root)).toEqual([]);
  const kept = await takeIn(await filesOf(from), options, async (taken) => ({ at: await taken.keep(), files: taken.files }));
  expect(kept.at).toBe(path.join(options.root, digest));
  expect(digestOfFiles([...kept.files].reverse())).toBe(digest);
  expect(readFileSync(path.join(kept.at, 'd', 'b.bin'), 'utf8')).toBe('b');
  const moved = folder({ 'a.bin': 'a', 'b.bin': 'b' });
  expect(await takeIn(await filesOf(moved.from), options, (taken) => Promise.resolve(taken.digest))).not.toBe(digest);
});

it('a folder for weights that is a file is told', async () => {
  const { from, options } = folder({ 'a.bin': 'a' });
  writeFileSync(options.root, '');
  expect(await failing(async () => takeIn(await filesOf(from), options, (taken) => taken.keep()))).toBeInstanceOf(Error);
});
