import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachment, contentType } from '../../../../src/engine/mlflow/artifacts/content-types';
import { checkFileName, partsOf, safePath } from '../../../../src/engine/mlflow/artifacts/paths';
import { servedPath } from '../../../../src/engine/mlflow/artifacts/places';

const refusal = { code: 'INVALID_PARAMETER_VALUE', status: 400, message: 'Invalid path' };

describe('a path that leads out is refused', () => {
  test.each([
    '..', '../x', 'a/..', 'a/../../x', './../x', '/etc/passwd', '//etc', '%2e%2e/x', '%2E%2e%2fx', '..%2fx', '%2fetc%2fpasswd', '%252e%252e%252fx', '%25252e%25252e/x', '%25%32%65%25%32%65/x',
    'file:/etc/passwd', 'FILE:x', 'file:///etc', 'C:/x', 'c:\\x', 'C:%5Cx', '\\\\server\\share', '%5c%5cserver/share', 'a%23b', 'a#b', 'a\0b', 'a%00b', 'a%2500b',
  ])('%j', (given) => {
    expect(() => safePath(given, 'linux')).toThrow(expect.objectContaining(refusal));
    expect(() => safePath(given, 'win32')).toThrow(expect.objectContaining(refusal));
  });

  test.each(['..\\x', 'a\\..\\..\\x', '..%5c..%5cx', 'C:x', 'a:b', 'a/con', 'a/NUL.txt', 'com1', 'a./b', 'a /b', 'a?b', 'a|b', 'a"b'])('%j on Windows, where it is more than a name', (given) => {
    expect(() => safePath(given, 'win32')).toThrow(expect.objectContaining(refusal));
    expect(safePath(given, 'linux')).toBe(decodeURIComponent(given));
  });

  test('and one that never stops being an encoding', () => {
    expect(() => safePath(`%${'25'.repeat(40)}41`, 'linux')).toThrow(expect.objectContaining(refusal));
  });
});

describe('a path that stays', () => {
  test.each([
    ['a/b.txt', 'a/b.txt'], ['a%20b', 'a b'], ['a%2520b', 'a b'], ['100%25.txt', '100%.txt'], ['100%.txt', '100%.txt'], ['..hidden', '..hidden'], ['a..b/c...', 'a..b/c...'], ['a+b', 'a+b'], ['~root', '~root'],
    ['%C3%BCn%C3%AF', 'ünï'], ['%ff', '\ufffd'], ['a%0ab%01', 'a%0ab%01'], ['http://h/x', 'http://h/x'], ['', ''],
  ])('%j is %j', (given, plain) => {
    expect(safePath(given, 'linux')).toBe(plain);
  });

  test('stays below its root, whatever is written', () => {
    const piece = fc.constantFrom('..', '.', '/', '\\', '%', '2e', '2f', '5c', '25', 'C:', 'file:', 'a', 'b', '\0', '#', ' ', 'con');
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(piece, { maxLength: 12 }).map((all) => all.join(''))), fc.constantFrom('linux', 'win32'), (given, platform) => {
      const { resolve, join } = platform === 'win32' ? path.win32 : path.posix;
      const root = platform === 'win32' ? 'D:\\srv\\artifacts' : '/srv/artifacts';
      let plain: string;
      try {
        plain = safePath(given, platform);
      } catch (error) {
        expect(error).toMatchObject(refusal);
        return;
      }
      const file = resolve(join(root, ...partsOf(plain)));
      expect(file === root || file.startsWith(`${root}${platform === 'win32' ? '\\' : '/'}`)).toBe(true);
      expect(safePath(plain, platform)).toBe(plain);
    }), { numRuns: 2000 });
  });
});

test.each(['', 'a/', 'a/./b', './a', '.', 'a/.artifact.uploading.x'])('no file can be put at %j', (name) => {
  expect(() => checkFileName(name)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER_VALUE' }));
});

test.each([
  ['mlflow-artifacts:/1/abc', '1/abc'], ['mlflow-artifacts:/', ''], ['mlflow-artifacts:', ''], ['mlflow-artifacts://host:1/a/b', 'a/b'], ['http://127.0.0.1:1/api/2.0/mlflow-artifacts/artifacts/a/b', 'a/b'],
  ['http://127.0.0.1:1/a', null], ['s3://bucket/a', null], ['file:///a', null], ['/a', null],
])('the address %s is served as %j', (uri, served) => {
  expect(servedPath(uri)).toBe(served);
});

// What the server of mlflow 3.17 said of the same names.
test.each([
  ['a.txt', 'text/plain', 'a.txt'], ['b.pkl', 'application/octet-stream', 'b.pkl'], ['c.png', 'image/png', 'c.png'], ['d.pdf', 'application/pdf', 'd.pdf'], ['MLmodel', 'text/plain', 'MLmodel'], ['mlproject', 'text/plain', 'mlproject'],
  ['MLproject', 'application/octet-stream', 'MLproject'], ['x.tar.gz', 'application/x-tar', 'x.tar.gz'], ['x.csv', 'text/plain', 'x.csv'], ['x.JSON', 'application/json', 'x.JSON'], ['x.PNG', 'image/png', 'x.PNG'], ['x.svg', 'image/svg+xml', 'x.svg'],
  ['.hidden', 'application/octet-stream', '.hidden'], ['x.', 'application/octet-stream', 'x.'], ['x.json.gz', 'application/json', 'x.json.gz'], ['x.html', 'text/html', 'x.html'],
  ['a b.txt', 'text/plain', '"a b.txt"'], ['a"b.txt', 'text/plain', '"a\\"b.txt"'], ['ünï.txt', 'text/plain', "uni.txt; filename*=UTF-8''%C3%BCn%C3%AF.txt"], ['日本語', 'application/octet-stream', "download; filename*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E"],
])('%s is %s, saved as %s', (name, type, saved) => {
  expect([contentType(name), attachment(name)]).toEqual([type, `attachment; filename=${saved}`]);
});
