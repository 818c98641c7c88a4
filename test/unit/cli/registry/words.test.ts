import { describe, expect, test } from 'vitest';
import { optionsOf, usageLines, type Subcommand } from '../../../../src/cli/registry/subcommand';
import { identity } from '../../../../src/cli/registry/who';
import { placeOf, versionOf } from '../../../../src/cli/registry/words';

describe('who acts', () => {
  test.each([
    ['Ana Gil <ana@example.org> 1764000000 +0100\n', { by: { name: 'Ana Gil', email: 'ana@example.org' } }],
    ['Ana <> Gil <a@b> 1764000000 -0330', { by: { name: 'Ana <> Gil', email: 'a@b' } }],
    ['Bo <> 0 +0000', { by: { name: 'Bo', email: '' } }],
    ['', {}], ['fatal: no email was given', {}], ['<a@b> 1 +0000', {}],
  ])('git says %j', (line, who) => expect(identity(line)).toEqual(who));
});

test('a version is a number where it is one, else a name', () => {
  expect(['3', '007', 'champion', 'production', '3a', '-1', '9'.repeat(30)].map(versionOf)).toEqual([3, 7, 'champion', 'production', '3a', '-1', '9'.repeat(30)]);
});

test('a file is named from the workspace where it is in there, else by its whole path', () => {
  const place = (word: string): string => placeOf({ workspace: '/home/ana/loans', io: { cwd: '/home/ana/loans/out' } } as never, word);
  expect([place('m.onnx'), place('../m.onnx'), place('/home/ana/loans/a/m.onnx'), place('../../m.onnx'), place('/m.onnx'), place('..')]).toEqual(['out/m.onnx', 'm.onnx', 'a/m.onnx', '/home/ana/m.onnx', '/m.onnx', '/home/ana/loans']);
});

describe('commands below a command', () => {
  const sub = (name: string, options: Subcommand['options'] = {}): Subcommand => ({ name, usage: 'X', summary: `${name}s it`, options, words: { least: 0, most: 0, what: '' }, run: () => Promise.resolve(0) });

  test('an option says whose it is', () => {
    expect(optionsOf([sub('a', { tag: { value: 'K', many: true, help: 'of a' } }), sub('b', { tag: { value: 'K', many: true, help: 'of b' }, yes: { help: 'do' } })])).toEqual({ tag: { value: 'K', many: true, help: 'a, b: of a' }, yes: { help: 'b: do' } });
  });

  test('help has a line of each, a long one with its words below', () => {
    expect(usageLines('m', [sub('a'), sub('bb'), { ...sub('c'), usage: 'X'.repeat(80) }]).split('\n')).toEqual(['  m a X   as it', '  m bb X  bbs it', `  m c ${'X'.repeat(80)}`, '          cs it']);
  });
});
