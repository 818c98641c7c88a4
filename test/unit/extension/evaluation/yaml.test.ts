import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { evaluationEntry, insertEntry, scanEntries, yamlValue } from '../../../../src/extension/evaluation/yaml';

const config = `version: 1
evaluations:
  # the one that CI runs
  car-loan:
    model: out/model.onnx
    slices: {not: this}
  "two words": {model: m.onnx, data: d.csv, label: y}
experiments:
  train:
    command: [python, train.py]
slices: # owned by risk
    young-north:
        where: age < 30
    'it''s old':
        where: age > 60
`;

describe('entries of runyard.yaml', () => {
  test('are found with their places, in both sections and in no other', () => {
    expect(scanEntries(config)).toEqual([
      { section: 'evaluations', name: 'car-loan', line: 3, start: 2, end: 10 },
      { section: 'evaluations', name: 'two words', line: 6, start: 2, end: 13 },
      { section: 'slices', name: 'young-north', line: 11, start: 4, end: 15 },
      { section: 'slices', name: "it's old", line: 13, start: 4, end: 15 },
    ]);
  });
  test('are none in a file that is half typed', () => {
    expect(scanEntries('slices:\n  you')).toEqual([]);
    expect(scanEntries('evaluations: {a: {}}\n')).toEqual([]);
  });
  test('are found with Windows line ends', () => {
    expect(scanEntries('slices:\r\n  a:\r\n    where: x\r\n').map(({ name }) => name)).toEqual(['a']);
  });
});

const insert = (text: string, lines: readonly string[]): string => {
  const found = insertEntry(text, 'evaluations', lines);
  if (!found) throw new Error('refused');
  const all = text.split('\n');
  const before = all.slice(0, found.line).join('\n');
  const from = found.line >= all.length ? text.length : before.length + (found.line > 0 ? 1 : 0);
  return text.slice(0, from) + found.text + text.slice(from);
};

describe('a new entry', () => {
  const request = { model: { file: 'out/model.onnx' }, data: { files: ['data/test.csv'], types: {} }, label: 'repaid', id: 'loan_id', positive: '1', run: 'r1' };
  const lines = evaluationEntry('test', request);
  test('says in one word what one word says', () => {
    expect(lines).toEqual(['test:', '  model: out/model.onnx', '  data: data/test.csv', '  label: repaid', '  id: loan_id', '  positive: "1"']);
  });
  test.each([
    ['an empty file', ''], ['a file without the section', 'version: 1\nmetrics: {}\n'], ['a file without an end of line', 'version: 1'],
    ['a section that is empty', 'version: 1\nevaluations:\n'], ['a section at the very end', 'version: 1\nevaluations:'], ['a section with others', config],
  ])('goes into %s, and all else stays', (_, text) => {
    const after = insert(text, lines);
    const [read, before] = [parse(after) as Record<string, Record<string, unknown>>, (parse(text) ?? { version: 1 }) as Record<string, Record<string, unknown> | null>];
    expect(read['evaluations']?.['test']).toEqual({ model: 'out/model.onnx', data: 'data/test.csv', label: 'repaid', id: 'loan_id', positive: '1' });
    expect(read).toEqual({ ...before, evaluations: { ...before['evaluations'], test: read['evaluations']?.['test'] } });
    for (const line of text.split('\n').filter((one) => one.includes('#'))) expect(after).toContain(line);
  });
  test('is refused where the section is written between braces', () => {
    expect(insertEntry('evaluations: {a: {}}\n', 'evaluations', lines)).toBeNull();
  });
  test('keeps what a mapping and several files say', () => {
    const entry = evaluationEntry('a', { ...request, model: { file: 'm.onnx', mapping: { inputs: { x: { columns: ['a b', 'c,d'] } } } }, data: { files: ['a.csv', 'b.csv'] } });
    expect(parse(entry.join('\n'))).toMatchObject({ a: { model: { file: 'm.onnx', mapping: { inputs: { x: { columns: ['a b', 'c,d'] } } } }, data: ['a.csv', 'b.csv'] } });
  });
});

test('any value reads back from YAML as it was', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('yes', 'null', '1e3', '- a', 'a: b', '#x', '2026-01-01', '~'), fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.string({ minLength: 1 }), tie('any'), { maxKeys: 3, noNullPrototype: true })),
  })).any;
  fc.assert(fc.property(value, (one) => { expect(parse(yamlValue(one))).toEqual(one); }));
});
