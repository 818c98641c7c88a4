import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument, Scalar, stringify } from 'yaml';
import { offsetsOf } from '../../../../src/core/config/scalar';

/** The scalar at `where:` of a document, as typed, its value and the offset of each of its characters. */
function read(text: string): { source: string; value: string; offsets: number[] } {
  const node = parseDocument(text).get('where', true);
  if (!isScalar(node) || !node.range || typeof node.value !== 'string') throw new Error(`no scalar in ${text}`);
  const source = text.slice(node.range[0], node.range[1]);
  return { source, value: node.value, offsets: offsetsOf(source, node.value, node.type ?? '') };
}

describe('a place in a YAML scalar', () => {
  it.each([
    ['plain', "where: age < 30 and bogus = 'x'\n"],
    ['plain over lines', 'where: age < 30\n   and\n\n   bogus = 1\n'],
    ['single quotes', "where: 'a = ''x'' and bogus = 1'\n"],
    ['double quotes with escapes', 'where: "a = \\"\\u00e9\\U0001F600\\" and\\tbogus = 1"\n'],
    ['double quotes over joined lines', 'where: "a = 1 and \\\n   bogus = 1"\n'],
    ['a literal block', 'where: |\n    age < 30\n      and bogus = 1\n'],
    ['a folded block', 'where: >-\n  age < 30\n\n  and\n  bogus = 1\n'],
  ])('is where it was typed, in %s', (_, text) => {
    const { source, value, offsets } = read(text);
    const at = offsets[value.indexOf('bogus')] ?? -1;
    expect(source.slice(at, at + 5)).toBe('bogus');
    expect(offsets).toHaveLength(value.length + 1);
  });

  it('is right for every letter, however the text was written', () => {
    const word = fc.stringMatching(/^[a-z0-9<>='"\\éü_()-]{1,8}$/);
    const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), style, fc.constantFrom(0, 20), (words, type, lineWidth) => {
      const scalar = new Scalar(words.join(' '));
      scalar.type = type as Scalar.Type;
      const { source, value, offsets } = read(stringify({ where: scalar }, { lineWidth, minContentWidth: 0 }));
      expect(value.trimEnd()).toBe(words.join(' '));
      for (const [i, letter] of [...value].entries()) {
        if (/\s/.test(letter)) continue;
        const typed = source[offsets[i] ?? -1];
        expect(typed === letter || (typed === '\\' && source[(offsets[i] ?? 0) + 1] === letter)).toBe(true);
      }
      expect([...offsets].sort((a, b) => a - b)).toEqual(offsets);
    }));
  });
});
