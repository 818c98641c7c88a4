import { expect, test } from 'vitest';
import { settingsOf } from '../../../../src/cli/evaluation/settings';
import { shellWords } from '../../../../src/cli/evaluation/shell-words';
import { givenOf } from './support';

const settings = (line: string) => settingsOf(givenOf(line, { command: 'slices' }));

test('only what was said is asked for; the engine knows what is usual', () => {
  expect(settings('')).toEqual({});
});

test('everything that can be said of a search', () => {
  expect(settings("--mode worsening --loss log --top 5 --depth 3 --min-support 120 --alpha 0.9 --columns 'age=30;60.5,region' --columns income --bins 8 --level 0.1 --seed 3 --no-check")).toEqual({
    mode: 'worsening', loss: 'log', topK: 5, depth: 3, minSupport: 120, alpha: 0.9, bins: 8, level: 0.1, seed: 3, check: false,
    columns: [{ column: 'age', edges: [30, 60.5] }, { column: 'region' }, { column: 'income' }],
  });
});

test('a name with a comma or an equals sign goes in double quotes', () => {
  expect(settings(`--columns '"a, b"=1;2,"c=d","e""f"'`).columns).toEqual([{ column: 'a, b', edges: [1, 2] }, { column: 'c=d' }, { column: 'e"f' }]);
});

test.each([
  ['--mode worse', '--mode worse is none of loss, worsening, overconfident, underconfident'],
  ['--loss mse', '--loss mse is none of zero_one, log, absolute, squared'],
  ['--depth 5', '--depth is out of range'],
  ['--top 0', '--top is out of range'],
  ['--min-support 0', '--min-support is out of range'],
  ['--alpha 2', '--alpha is out of range'],
  ["--columns 'age=60;30'", "the edges of age don't ascend"],
  ['--columns =3', '--columns =3 names no column'],
  ['--columns age=old', "--columns old isn't a number"],
])('`%s` is refused: %s', (line, message) => {
  expect(() => settings(line)).toThrow(expect.objectContaining({ code: 'bad_input', message: expect.stringContaining(message) }));
});

test.each([
  ['python score.py', ['python', 'score.py']],
  ['  python   -c "print(1, \'a\')" ', ['python', '-c', "print(1, 'a')"]],
  ["a 'b c' d\\ e \"f\\\"g\" ''", ['a', 'b c', 'd e', 'f"g', '']],
  ['a"b"c', ['abc']],
  ['', []],
])('%j is parted as a shell does', (text, words) => {
  expect(shellWords(text)).toEqual(words);
});

test('an open quote is refused', () => {
  expect(() => shellWords('python "score.py')).toThrow('has an open "');
});
