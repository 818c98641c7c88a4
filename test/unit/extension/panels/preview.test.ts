import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findInside, MOST_IMAGE_BYTES, MOST_TEXT_BYTES, previewFile } from '../../../../src/extension/panels/preview';

const folder = mkdtempSync(path.join(tmpdir(), 'ry-preview-'));
const at = (...names: string[]): string => path.join(folder, ...names);
const roots = [at('workspace'), at('elsewhere', 'data')];
const png = Buffer.from('89504e470d0a1a0a', 'hex');

beforeAll(() => {
  for (const name of ['workspace/images', 'elsewhere/data', 'secret']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('workspace/images/a.PNG'), png);
  writeFileSync(at('elsewhere/data/b.txt'), 'hello');
  writeFileSync(at('secret/key.txt'), 'secret');
  writeFileSync(at('workspace/binary.txt'), Buffer.from([65, 0, 66]));
  writeFileSync(at('workspace/long.md'), `${'a'.repeat(MOST_TEXT_BYTES - 1)}é and more`);
  writeFileSync(at('workspace/huge.png'), png);
  truncateSync(at('workspace/huge.png'), MOST_IMAGE_BYTES + 1);
  symlinkSync(at('secret/key.txt'), at('workspace/link.txt'));
  symlinkSync(at('secret'), at('workspace/linked'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a preview', () => {
  test('of a picture in the workspace is a data: URL', async () => {
    expect(await previewFile('images/a.PNG', roots)).toEqual({ kind: 'image', url: `data:image/png;base64,${png.toString('base64')}` });
  });
  test('of a text beside the data is found by its name and by its whole path', async () => {
    expect(await previewFile('b.txt', roots)).toEqual({ kind: 'text', text: 'hello', cut: false });
    expect(await previewFile(at('elsewhere/data/b.txt'), roots)).toMatchObject({ text: 'hello' });
  });
  test('of a long text is cut, not within a character', async () => {
    expect(await previewFile('long.md', roots)).toEqual({ kind: 'text', text: 'a'.repeat(MOST_TEXT_BYTES - 1), cut: true });
  });
  test.each([
    ['a way out', '../secret/key.txt', 'outside'], ['a whole path outside', at('secret/key.txt'), 'outside'], ['a link out', 'link.txt', 'outside'],
    ['a folder that is a link out', 'linked/key.txt', 'outside'], ['what is not there', 'images/none.png', 'no such file'], ['a folder', 'images', 'no kind'],
    ['another kind', 'train.py', 'not shown'], ['a binary file', 'binary.txt', 'no text'], ['a large picture', 'huge.png', 'too large'], ['an odd name', 'a\0.png', 'no path'],
    ['a name that is too long', `${'x'.repeat(5000)}.png`, 'no such file'],
  ])('of %s is none, with the reason', async (_, named, why) => {
    expect(await previewFile(named, roots)).toEqual({ kind: 'none', why: expect.stringContaining(why) as string });
  });
});

test('the root of the disk is never a root', async () => {
  expect(await findInside(at('secret/key.txt'), [path.parse(folder).root])).toEqual({ why: expect.stringContaining('outside') as string });
});
