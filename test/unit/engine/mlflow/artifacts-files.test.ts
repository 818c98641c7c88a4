import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filesBelow, list, remove } from '../../../../src/engine/mlflow/artifacts/files';
import type { Place } from '../../../../src/engine/mlflow/artifacts/places';
import { receive, type Sink } from '../../../../src/engine/mlflow/artifacts/receive';
import { rangeOf } from '../../../../src/engine/mlflow/artifacts/send';

interface Here { root: string; outside: string; uploads: string; at(name: string): Place; put(name: string, text?: string, open?: (file: string) => Promise<Sink>): Promise<void>; all(): string[] }

function here(): Here {
  const dir = mkdtempSync(path.join(tmpdir(), 'runyard-artifacts-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const root = path.join(dir, 'artifacts');
  const outside = path.join(dir, 'outside');
  const uploads = path.join(dir, 'uploads');
  mkdirSync(outside);
  const at = (name: string): Place => ({ root, path: name, run: null, name });
  async function* pieces(text: string): AsyncIterable<Buffer> {
    for (let i = 0; i < text.length; i += 4) yield Buffer.from(text.slice(i, i + 4));
  }
  return {
    root, outside, uploads, at,
    put: (name, text = 'hello there', openSink) => receive(at(name), pieces(text), { uploads, ...(openSink ? { open: openSink } : {}) }),
    all: () => (existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }).sort() : []),
  };
}

const failing = (code: string, after: number) => async (file: string): Promise<Sink> => {
  const real = await open(file, 'wx');
  let pieces = 0;
  return {
    close: () => real.close(),
    writeFile: async (data) => {
      if (pieces++ === after) throw Object.assign(new Error(code), { code });
      await real.writeFile(data);
    },
  };
};

describe('an upload', () => {
  test('is there whole, folders and all, in place of what was there', async () => {
    const { put, root, all, uploads } = here();
    await put('a/b/c.txt');
    await put('a/b/c.txt', 'again');
    await put('empty', '');
    expect(all()).toEqual(['a', 'a/b', 'a/b/c.txt', 'empty']);
    expect([readFileSync(path.join(root, 'a/b/c.txt'), 'utf8'), readFileSync(path.join(root, 'empty'), 'utf8')]).toEqual(['again', '']);
    expect(readdirSync(uploads)).toEqual([]);
  });

  test.each([['ENOSPC', 507, 'INTERNAL_ERROR'], ['EDQUOT', 507, 'INTERNAL_ERROR'], ['EFBIG', 400, 'INVALID_PARAMETER_VALUE'], ['EACCES', 403, 'PERMISSION_DENIED']])('that meets %s is answered with %d and leaves nothing', async (code, status, name) => {
    const { put, all, uploads } = here();
    await expect(put('new/a.bin', 'x'.repeat(40), failing(code, 2))).rejects.toMatchObject({ status, code: name, message: expect.stringContaining('new/a.bin') as string });
    expect([all(), readdirSync(uploads)]).toEqual([[], []]);
  });

  test('that breaks off leaves the file as it was before', async () => {
    const { put, root, uploads, at } = here();
    await put('a.txt', 'before');
    await expect(put('a.txt', 'x'.repeat(40), failing('ENOSPC', 1))).rejects.toMatchObject({ status: 507 });
    async function* cut(): AsyncIterable<Buffer> {
      yield Buffer.from('half');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    await expect(receive(at('a.txt'), cut(), { uploads })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect([readFileSync(path.join(root, 'a.txt'), 'utf8'), readdirSync(uploads)]).toEqual(['before', []]);
  });

  test('to where no file can be is refused before any of it is read', async () => {
    const { put, at, uploads, all } = here();
    await put('folder/file', 'x');
    const never: AsyncIterable<Buffer> = { [Symbol.asyncIterator]() { throw new Error('it was read'); } };
    const refused = (name: string): Promise<void> => expect(receive(at(name), never, { uploads })).rejects.toMatchObject({ status: 400, code: 'INVALID_PARAMETER_VALUE' });
    await refused('folder');
    await refused('folder/file/below');
    await refused('folder/file/far/below');
    await refused('x'.repeat(300));
    await refused(Array.from({ length: 40 }, () => 'x'.repeat(200)).join('/'));
    await refused('');
    expect(all()).toEqual(['folder', 'folder/file']);
  });

  test('does not follow a link out of the folder, and takes the place of one', async () => {
    const { put, root, outside, all } = here();
    mkdirSync(root);
    symlinkSync(outside, path.join(root, 'out'));
    symlinkSync(path.join(outside, 'target.txt'), path.join(root, 'file'));
    await expect(put('out/a.txt')).rejects.toMatchObject({ status: 400, message: expect.stringContaining('outside') as string });
    await expect(put('out/new/a.txt')).rejects.toMatchObject({ status: 400 });
    await put('file', 'mine');
    expect([readdirSync(outside), readFileSync(path.join(root, 'file'), 'utf8'), all()]).toEqual([[], 'mine', ['file', 'out']]);
  });

  test('among many to one path ends whole', async () => {
    const { put, root, uploads } = here();
    const texts = Array.from({ length: 20 }, (_, i) => `${i}:`.repeat(200));
    await Promise.all(texts.map((text) => put('same/place', text)));
    expect(texts).toContain(readFileSync(path.join(root, 'same/place'), 'utf8'));
    expect(readdirSync(uploads)).toEqual([]);
  });
});

describe('a listing', () => {
  test('names what is in a folder, and nothing that is a file, is not there, leads out or is on its way', async () => {
    const { put, at, root, outside } = here();
    await put('b/inner', 'x');
    await put('a.txt', 'four');
    writeFileSync(path.join(outside, 'secret'), 's');
    symlinkSync(outside, path.join(root, 'out'));
    symlinkSync(path.join(outside, 'secret'), path.join(root, 'out.txt'));
    symlinkSync('nowhere', path.join(root, 'dangling'));
    symlinkSync('b', path.join(root, 'c'));
    linkSync(path.join(root, 'a.txt'), path.join(root, `a.txt.${process.pid}.part`));
    expect(await list(at(''))).toEqual([{ name: 'a.txt', size: 4 }, { name: 'b', size: null }, { name: 'c', size: null }]);
    expect(await list(at('c'))).toEqual([{ name: 'inner', size: 1 }]);
    for (const name of ['a.txt', 'nothing', 'a.txt/x', 'x'.repeat(300)]) expect(await list(at(name))).toEqual([]);
    await expect(list(at('out'))).rejects.toMatchObject({ status: 400 });
  });
});

describe('deleting', () => {
  test('takes a file, a folder with all in it, a link and not what it leads to, and nothing outside', async () => {
    const { put, at, root, outside, all } = here();
    writeFileSync(path.join(outside, 'kept'), 'x');
    for (const name of ['d/a', 'd/e/b', 'f']) await put(name, 'x');
    symlinkSync(outside, path.join(root, 'd/out'));
    symlinkSync(outside, path.join(root, 'out'));
    expect((await filesBelow(at('d'))).sort()).toEqual(['d/a', 'd/e/b', 'd/out']);
    expect(await filesBelow(at('f'))).toEqual(['f']);
    await remove(at('d'));
    await expect(remove(at('out/kept'))).rejects.toMatchObject({ status: 400 });
    await remove(at('out'));
    await remove(at('nothing/there'));
    expect([all(), readdirSync(outside)]).toEqual([['f'], ['kept']]);
    await remove(at(''));
    expect([all(), await filesBelow(at(''))]).toEqual([[], []]);
  });
});

describe('a range', () => {
  const mtime = new Date('2026-01-01T00:00:00Z');
  const facts = (size: number): Parameters<typeof rangeOf>[1] => ({ size, mtime, mtimeMs: mtime.getTime(), ino: 7 });
  test.each([
    ['bytes=2-4', 10, { start: 2, end: 4 }], ['bytes=5-', 10, { start: 5, end: 9 }], ['bytes=-3', 10, { start: 7, end: 9 }], ['bytes=-30', 10, { start: 0, end: 9 }], ['bytes=0-999', 10, { start: 0, end: 9 }], ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=10-', 10, 'outside'], ['bytes=-0', 10, 'outside'], ['bytes=0-', 0, 'outside'], ['bytes=-5', 0, 'outside'],
    ['bytes=4-2', 10, null], ['bytes=-', 10, null], ['bytes=x', 10, null], ['items=0-1', 10, null], ['bytes=0-1,3-4', 10, null], [undefined, 10, null],
  ])('%s of %d bytes is %j', (range, size, expected) => {
    expect(rangeOf({ range }, facts(size))).toEqual(expected);
  });

  test('of a file that is another by now is the whole file', () => {
    expect(rangeOf({ range: 'bytes=1-2', 'if-range': '"other"' }, facts(10))).toBe(null);
    expect(rangeOf({ range: 'bytes=1-2', 'if-range': mtime.toUTCString() }, facts(10))).toEqual({ start: 1, end: 2 });
  });
});
