import { expect, test } from 'vitest';
import { nearest } from '../../../src/core/base/nearest';
import { pairs, parseWords } from '../../../src/cli/parse';
import type { Options } from '../../../src/cli/command';

const OPTIONS: Options = { param: { value: 'K=V', many: true, help: '' }, name: { value: 'NAME', short: 'n', help: '' }, detach: { short: 'd', help: '' } };
const parse = (...words: string[]) => {
  const { values, ...others } = parseWords(words, OPTIONS);
  return { ...others, values: Object.fromEntries(values) };
};

test('options stand anywhere before --, with = or a space; what follows -- is left alone', () => {
  expect(parse('exp', '--param', 'a=1', '--param=b=--x', '-n', 'first', '-d', '--', 'cmd', '--name', '-d')).toEqual({
    positionals: ['exp'], rest: ['cmd', '--name', '-d'], values: { param: ['a=1', 'b=--x'], name: ['first'], detach: [''] },
  });
});

test('a negative number is a value, an option is not', () => {
  expect(parse('--name', '-1').values).toEqual({ name: ['-1'] });
  expect(() => parse('--name', '--detach')).toThrow('--name needs a value');
  expect(() => parse('--name')).toThrow('--name needs a value');
});

test.each([
  [['--nam', 'x'], 'there is no option --nam', 'did you mean --name?'],
  [['--dettach'], 'there is no option --dettach', 'did you mean --detach?'],
  [['--zzzzz'], 'there is no option --zzzzz', 'see --help'],
  [['-x'], 'there is no option -x', 'see --help'],
  [['--detach=yes'], '--detach takes no value', "leave out '=yes'"],
  [['--name', 'a', '--name', 'b'], '--name is given twice', 'keep one'],
])('%j is wrong: %s', (words, message, hint) => {
  let caught: unknown;
  try { parse(...words); } catch (error) { caught = error; }
  expect(caught).toMatchObject({ code: 'bad_input', message, hint });
});

test('params are split at the first =', () => {
  expect(pairs(['a=1', 'expr=x=y', 'empty='], 'param')).toEqual({ a: '1', expr: 'x=y', empty: '' });
  expect(() => pairs(['=1'], 'param')).toThrow('--param =1 is no NAME=VALUE');
  expect(() => pairs(['lr'], 'param')).toThrow('--param lr is no NAME=VALUE');
});

test('the nearest word is the one with the fewest letters to change', () => {
  const words = ['run', 'runs', 'rerun', 'compare', 'restore', 'doctor'];
  expect(nearest('rnu', words)).toBe('run');
  expect(nearest('comapre', words)).toBe('compare');
  expect(nearest('doc', words)).toBe('doctor');
  expect(nearest('xyzzy', words)).toBeNull();
});
