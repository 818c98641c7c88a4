import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code, day, escapeText, moment, number, signed, size, table, withInterval } from '../../../../../src/core/registry/card/markdown';
import { readMarks } from '../../../../../src/core/registry/card/marks';

describe('names', () => {
  test.each([
    ['car_loan', 'car_loan'], ['_x_', '\\_x\\_'], ['a|b', 'a\\|b'], ['*bold* `code` [link](x)', '\\*bold\\* \\`code\\` \\[link\\](x)'], ['<b>&amp; &', '&lt;b\\>&amp;amp; &'],
    ['two\nlines\r\n', 'two lines'], ['a\u202eb', 'a b'], ['<!-- ry:x -->', '&lt;!-- ry:x --\\>'],
  ])('%j is written as %j', (text, expected) => expect(escapeText(text)).toBe(expected));
  test('never hold one of our comments, nor a line end, whatever they are', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('<!-- ry:a/b -->', '<!-- /ry -->', '<!--', '-->', '\n', '`', '|', '<'));
    fc.assert(fc.property(fc.array(piece).map((all) => all.join('')), (text) => {
      for (const shown of [escapeText(text), code(text)]) {
        expect(shown).not.toMatch(/[\r\n]|<!--/);
        expect(readMarks(`${shown} -->`)).toMatchObject({ figures: [], faults: [], card: null });
      }
    }));
  });
  test('as code stay readable, and fall back to plain text where they would end it', () => {
    expect(code('sha:12ab')).toBe('`sha:12ab`');
    expect(code('a|b`c')).toBe('a\\|b\\`c');
  });
});

describe('figures', () => {
  test.each([
    [0.92213, { low: 0.88412, high: 0.94811 }, '0.922 (0.884 to 0.948)'], [43.21, { low: 38.09, high: 48.93 }, '43.2 (38.1 to 48.9)'], [0.92, { low: 0.92, high: 0.92 }, '0.92 (0.92 to 0.92)'],
    [-0.0412, { low: -0.06, high: 0.0199 }, '\u22120.041 (\u22120.060 to 0.020)'], [12_345, { low: 11_000, high: 13_600 }, '12345 (11000 to 13600)'], [0.5, null, '0.5'], [null, null, 'undefined'], [0.9, { low: NaN, high: 1 }, '0.9'],
  ])('%d within %j is %s', (value, limits, text) => expect(withInterval(value, limits)).toBe(text));
  test.each([[1234.567, '1235'], [0.000012345, '1.23e\u22125'], [12_000, '12,000'], [-3, '\u22123'], [Infinity, 'undefined']])('%d alone is %s', (value, text) => expect(number(value)).toBe(text));
  test.each([[0.04, '+0.04'], [-0.04, '\u22120.04'], [0, '0'], [null, 'undefined']])('a difference of %s is %s', (value, text) => expect(signed(value)).toBe(text));
  test('of bytes and times are the same everywhere', () => {
    expect([size(812), size(12_345), size(5e7)]).toEqual(['812 B', '12.3 kB', '50 MB']);
    expect([moment(Date.UTC(2026, 4, 3, 14)), day(Date.UTC(2026, 4, 3)), moment(NaN)]).toEqual(['2026-05-03T14:00:00Z', '2026-05-03', 'at an unknown time']);
  });
});

test('tables are in line in the source, figures to the right', () => {
  expect(table([{ title: 'slice' }, { title: 'n', right: true }], [['north', '7'], ['é', '1,000']])).toBe('| slice |     n |\n| ----- | ----: |\n| north |     7 |\n| é     | 1,000 |');
});
