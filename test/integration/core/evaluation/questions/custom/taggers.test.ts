import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tagRows } from '../../../../../../src/core/evaluation/questions/custom/taggers';
import type { Values } from '../../../../../../src/core/evaluation/data/types';
import { python, rowsOf, workspaceWith } from './support';

const place = workspaceWith({
  'tags.py': `import helper
print('this goes nowhere')
input_is = __import__('sys').stdin.read()

def is_vip(rows):
    return [row['name'] in helper.vips for row in rows]

def types(rows):
    return [repr((row['f'], row['i'], row['b'], row['name'])) == row['want'] for row in rows]

def generator(rows):
    return (row['i'] is None for row in rows)

def short(rows):
    return [True]

def words(rows):
    return [True] * (len(rows) - 1) + ['yes']

def one(rows):
    return True

def fails(rows):
    return [1 / len(row['name']) > 0 for row in rows]

def leaves(rows):
    import sys
    sys.exit(3)

def dies(rows):
    import os
    os.write(2, b'out of luck')
    os._exit(7)

def forever(rows):
    while True:
        pass
`,
  'helper.py': "vips = {'Zoë', 'max'}\n",
  'broken.py': 'def ok(rows):\n    return []\n\ndef bad(:\n',
});
afterAll(() => place.dispose());

const text = (values: string[], missing: Uint8Array | null = null): Values => ({ type: 'string', values, missing });
const tag = (tagger: string, data = rowsOf({ name: text(['Zoë', 'bob', 'max']) }), more: { signal?: AbortSignal; seconds?: number } = {}): Promise<Uint8Array> => tagRows(tagger, data, { workspace: place.folder, python, ...more });

test('rows for which the function says True are tagged, whatever it imports, prints and reads', async () => {
  expect([...await tag('tags.py:is_vip')]).toEqual([1, 0, 1]);
});

test('values arrive as Python has them: infinities, whole numbers beyond 2^53, booleans, None where missing', async () => {
  const data = rowsOf({
    f: { type: 'float', values: Float64Array.of(Infinity, NaN, 0.1), missing: Uint8Array.of(0, 1, 0) },
    i: { type: 'int', values: Float64Array.of(9007199254740992, 0, -3), big: BigInt64Array.of(9007199254740993n, 0n, -3n), missing: Uint8Array.of(0, 1, 0) },
    b: { type: 'bool', values: Uint8Array.of(1, 0, 0), missing: Uint8Array.of(0, 0, 1) },
    name: text(['a"b\n', '', 'é'], Uint8Array.of(0, 1, 0)),
    want: text(["(inf, 9007199254740993, True, 'a\"b\\n')", '(None, None, False, None)', "(0.1, -3, None, 'é')"]),
  });
  expect([...await tag('tags.py:types', data)]).toEqual([1, 1, 1]);
  expect([...await tag('tags.py:generator', data)]).toEqual([0, 1, 0]);
});

test('many rows go in batches, in order', async () => {
  const names = Array.from({ length: 25_001 }, (_, row) => (row % 7 === 0 ? 'max' : 'bob'));
  const tags = await tag('tags.py:is_vip', rowsOf({ name: text(names) }));
  expect(tags.every((value, row) => value === (row % 7 === 0 ? 1 : 0))).toBe(true);
});

test.each([
  ['tags.py:short', 'tagger short: tags.py: it returned 1 values for 3 rows (rows 0 to 2)'],
  ['tags.py:words', "tagger words: tags.py: it returned 'yes' (str) for row 2, where True or False is expected"],
  ['tags.py:one', 'tagger one: tags.py: it returned True (bool) where a list of True or False is expected (rows 0 to 2)'],
  ['tags.py:missing', 'tagger missing: tags.py: there is no function missing; there is is_vip, types, generator, short, words, one, fails, leaves, dies, forever'],
  ['tags.py:leaves', 'tagger leaves: tags.py line 28: SystemExit: 3 (rows 0 to 2)'],
  ['broken.py:ok', 'tagger ok: broken.py line 4: SyntaxError: '],
])('%s is answered by what is wrong', async (tagger, message) => {
  await expect(tag(tagger)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining(message) as string });
});

test('an exception is told with the line of the file and its last words', async () => {
  await expect(tag('tags.py:fails', rowsOf({ name: text(['a', '']) }))).rejects.toMatchObject({ message: 'tagger fails: tags.py line 24: ZeroDivisionError: division by zero (rows 0 to 1)' });
});

test('a Python that dies is told with its last words', async () => {
  await expect(tag('tags.py:dies')).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('exit status 7): out of luck') as string });
});

test('a function that never ends is stopped by time and by hand', async () => {
  await expect(tag('tags.py:forever', undefined, { seconds: 0.5 })).rejects.toMatchObject({ message: 'tagger forever took longer than 0.5 s' });
  const stop = new AbortController();
  const tagging = tag('tags.py:forever', undefined, { signal: stop.signal });
  stop.abort();
  await expect(tagging).rejects.toMatchObject({ code: 'cancelled' });
});

test('only a Python file of the workspace is run, links followed', async () => {
  const outside = path.join(tmpdir(), `runyard-outside-${process.pid}.py`);
  writeFileSync(outside, 'def t(rows):\n    return []\n');
  symlinkSync(outside, path.join(place.folder, 'link.py'));
  await expect(tag('link.py:t')).rejects.toMatchObject({ code: 'refused', message: 'link.py:t: the file lies outside the workspace' });
  await expect(tag(`${outside}:t`)).rejects.toMatchObject({ code: 'refused' });
  await expect(tag('../tags.py:t')).rejects.toMatchObject({ code: 'not_found' });
  await expect(tag('tags.mjs:t')).rejects.toMatchObject({ code: 'bad_input', message: "'tags.mjs:t' names no function" });
  await expect(tag('tags.py:a b')).rejects.toMatchObject({ code: 'bad_input' });
});

test('without Python it is said', async () => {
  await expect(tagRows('tags.py:is_vip', rowsOf({ name: text(['a']) }), { workspace: place.folder, python: null })).rejects.toMatchObject({ code: 'unsupported', message: 'tagger is_vip needs Python, and none was found' });
  await expect(tagRows('tags.py:is_vip', rowsOf({ name: text(['a']) }), { workspace: place.folder, python: '/nowhere/python' })).rejects.toMatchObject({ code: 'bad_input' });
});
