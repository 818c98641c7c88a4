import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { parseConfig } from '../../../../../src/core/config/load';
import { withSlice } from '../../../../../src/core/evaluation/service/slice-text';

const young = { name: 'young', where: "age < 30 and region = 'north'", owner: 'ana', minSupport: 50, thresholds: { accuracy: { min: 0.8 } } };
const LINES = `  young:
    where: age < 30 and region = 'north'
    owner: ana
    minSupport: 50
    thresholds: { accuracy: { min: 0.8 } }
`;

describe('a slice put into runyard.yaml', () => {
  it('makes the file where there is none', () => {
    const text = withSlice('', young, false);
    expect(text).toBe(`# What Runyard knows about this workspace beyond what it finds by itself.\nversion: 1\n\nslices:\n${LINES}`);
    expect(parseConfig(text, 'runyard.yaml')).toMatchObject({ problems: [], config: { slices: { young: { line: 5, spec: { minSupport: 50 } } } } });
  });

  it.each([
    ['at the end where there is no section', 'version: 1 # one\n\n# my notes\nmetrics:   {acc: {main: true}}', `version: 1 # one\n\n# my notes\nmetrics:   {acc: {main: true}}\n\nslices:\n${LINES}`],
    ['under an empty section', 'slices:   # to come\n\n  # old: x\nversion: 1\n', `slices:   # to come\n${LINES}\n  # old: x\nversion: 1\n`],
    ['after the last one', 'slices:\n  old:   # kept\n    where:   age >   60  # odd\n    # inside\nother: "a"   # end\n', `slices:\n  old:   # kept\n    where:   age >   60  # odd\n    # inside\n${LINES}other: "a"   # end\n`],
    ['after a last one that has no line break', 'slices:\n  old: { where: a > 1 }', `slices:\n  old: { where: a > 1 }\n${LINES}`],
    ['after a block of text', 'slices:\n  old:\n    where: |\n      a > 1\n       and b\n', `slices:\n  old:\n    where: |\n      a > 1\n       and b\n${LINES}`],
    ['as far in as the others', 'slices:\n    old:\n        where: a > 1\n', `slices:\n    old:\n        where: a > 1\n${LINES.replace(/^ +/gm, (indent) => indent.repeat(2))}`],
    ['with the line ends of the file', 'version: 1\r\nslices:\r\n  old: a > 1\r\n', `version: 1\r\nslices:\r\n  old: a > 1\r\n${LINES.replaceAll('\n', '\r\n')}`],
  ])('stands %s, and all else as it was', (_, before, after) => {
    expect(withSlice(before, young, false)).toBe(after);
  });

  it('is refused where one of that name is there, and takes its place where that is asked', () => {
    const before = 'slices:\n  young:\n    # why\n    where: "a > 1"   # old\n    evaluations: [x]\n    minSupport: 9\n  # next\n  other: b > 2\n';
    expect(() => withSlice(before, { name: 'young', where: 'c' }, false)).toThrowError(expect.objectContaining({ code: 'already_exists' }) as Error);
    expect(withSlice(before, { name: 'young', where: 'a > 2', owner: 'bo' }, true)).toBe('slices:\n  young:\n    # why\n    where: a > 2   # old\n    evaluations: [x]\n    minSupport: 9\n    owner: bo\n  # next\n  other: b > 2\n');
    expect(withSlice('slices:\n  young: a > 1 # short\n  other: b > 2\n', { name: 'young', where: 'a > 2', owner: 'bo' }, true)).toBe('slices:\n  young:\n    where: a > 2\n    owner: bo\n  other: b > 2\n');
    expect(withSlice('slices:\n  young:\n    tagger: t.py:f\n    owner: x\n', { name: 'young', where: 'a > 2' }, true)).toBe('slices:\n  young:\n    owner: x\n    where: a > 2\n');
  });

  it('finds its place in flow maps too', () => {
    for (const before of ['slices: {}\n', '{version: 1}\n', 'slices: { old: { where: a > 1 }, # one\n  more: b > 2 }\n']) {
      const after = withSlice(before, young, false);
      expect(parseDocument(after).toJS().slices).toMatchObject({ ...parseDocument(before).toJS().slices, young: { where: young.where, owner: 'ana' } });
      expect(after.includes('# one')).toBe(before.includes('# one'));
    }
  });

  it('is refused in a file that isn\'t YAML', () => {
    expect(() => withSlice('a: [\n', young, false)).toThrowError(expect.objectContaining({ code: 'bad_input' }) as Error);
  });

  it('says what it was given, whatever the words and whatever else is in the file', () => {
    const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== '' && text !== '__proto__');
    const others = fc.dictionary(word, fc.record({ where: word, owner: fc.option(word, { nil: undefined }) }), { maxKeys: 3 });
    fc.assert(fc.property(word, word, others, fc.constantFrom({ flow: true, indent: 2 }, { flow: false, indent: 2 }, { flow: false, indent: 4 }), (name, where, slices, { flow, indent }) => {
      const before = stringify({ version: 1, ...(Object.keys(slices).length > 0 && { slices }), last: 'x' }, { indent, collectionStyle: flow ? 'flow' : 'block' });
      const said = parseDocument(before).toJS() as { slices?: Record<string, object> };
      const after = parseDocument(withSlice(before, { name, where, note: where }, true));
      expect(after.errors).toEqual([]);
      expect(after.toJS()).toEqual({ ...said, slices: { ...said.slices, [name]: { ...said.slices?.[name], where, note: where } } });
    }));
  });
});
