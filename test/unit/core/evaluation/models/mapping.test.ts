// Which columns feed which inputs: told by names, by the model's own metadata, by order; refused where it can't be told.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inferMapping, type MappingOptions } from '../../../../../src/core/evaluation/models/mapping';
import type { ModelInput } from '../../../../../src/core/evaluation/models/types';
import type { ColumnType } from '../../../../../src/protocol/evaluation/request';

const input = (name: string, type = 'float32', ...shape: (number | null)[]): ModelInput => ({ name, type, shape: shape.length > 0 ? shape : [null, 1] });
const columns = (types: Record<string, ColumnType>) => Object.entries(types).map(([name, type]) => ({ name, type, stored: type.toUpperCase() }));
function mapped(inputs: ModelInput[], types: Record<string, ColumnType>, options: Partial<MappingOptions> = {}) {
  const { feeds, problems, notes } = inferMapping(inputs, columns(types), { label: 'y', id: 'id', ...options });
  return { fed: Object.fromEntries(feeds.map((feed) => [feed.input.name, feed.columns.map(({ name }) => name)])), problems: problems.map(({ message }) => message), hints: problems.map(({ hint }) => hint), notes };
}
const data: Record<string, ColumnType> = { id: 'int', Age: 'int', 'home town': 'string', income: 'float', member: 'bool', born: 'date', y: 'int' };

describe('inputs of one column', () => {
  test('are fed by the column of their name, then by one that differs in case and signs only', () => {
    expect(mapped([input('age'), input('home_town', 'string'), input('income')], data)).toEqual({ fed: { age: ['Age'], home_town: ['home town'], income: ['income'] }, problems: [], hints: [], notes: [] });
    expect(mapped([input('a_b'), input('A_B')], { a_b: 'float', A_B: 'float' }).fed).toEqual({ a_b: ['a_b'], A_B: ['A_B'] });
  });
  test('that no column has the name of are a problem that names type, shape and the nearest', () => {
    expect(mapped([input('incme', 'int64'), input('age')], data)).toMatchObject({ problems: ['input \'incme\' (int64 [N,1]) is fed by no column: the data has none of that name'], hints: [expect.stringContaining('income')] });
  });
  test('that two columns could feed are a problem, not a guess', () => {
    expect(mapped([input('ab'), input('x')], { 'a b': 'float', a_b: 'float', x: 'float' }).problems).toEqual(['input \'ab\' (float32 [N,1]) could be fed by a b, a_b']);
  });
  test('are never fed the label, the id, or, by a likeness of names, what was left out', () => {
    expect(mapped([input('y'), input('id'), input('Income')], data, { exclude: ['income'] })).toMatchObject({ fed: {}, problems: [expect.stringContaining('\'y\''), expect.stringContaining('\'id\''), expect.stringContaining('\'Income\'')] });
  });
  test('are fed a column that was left out, such as the split, where the model calls for it by its very name', () => {
    expect(mapped([input('income')], data, { exclude: ['income'] })).toMatchObject({ fed: { income: ['income'] }, problems: [] });
    expect(mapped([input('X', 'float32', null, 2)], data, { exclude: ['income'], features: ['age', 'income'] })).toMatchObject({ fed: { X: ['Age', 'income'] }, problems: [] });
  });
  test.each([['float32', 'string'], ['int64', 'string'], ['float64', 'date'], ['string', 'float'], ['bool', 'float'], ['string', 'other'], ['int32', 'other']] as [string, ColumnType][])('of %s refuse a column of %s, naming both', (type, column) => {
    expect(mapped([input('x', type)], { x: column }).problems).toEqual([`input 'x' (${type} [N,1]) can't take column x, which is ${column} (${column.toUpperCase()})`]);
  });
  test.each([['float32', 'int'], ['float32', 'bool'], ['int64', 'float'], ['int64', 'bool'], ['string', 'int'], ['string', 'bool'], ['string', 'date'], ['string', 'time'], ['bool', 'int']] as [string, ColumnType][])('of %s take a column of %s', (type, column) => {
    expect(mapped([input('x', type)], { x: column }).fed).toEqual({ x: ['x'] });
  });
});

describe('a tensor of many columns', () => {
  const wide = input('X', 'float32', null, 3);
  test('is fed the numbers that are left in the order of the data, which is said', () => {
    expect(mapped([wide], data)).toEqual({ fed: { X: ['Age', 'income', 'member'] }, problems: [], hints: [], notes: ['input \'X\' is fed the 3 columns that are left, in the order of the data: the model doesn\'t name its features'] });
  });
  test('is fed what the model\'s own metadata name, in that order', () => {
    expect(mapped([wide], data, { features: ['income', 'age', 'member'] })).toMatchObject({ fed: { X: ['income', 'Age', 'member'] }, notes: [] });
    expect(mapped([wide], data, { features: ['income', 'age', 'height'] }).problems).toEqual(['input \'X\' (float32 [N,3]) takes height, by the model\'s own metadata, and the data has no such column']);
  });
  test('is refused where there are more or fewer, naming them', () => {
    expect(mapped([input('X', 'float32', null, 4)], data).problems).toEqual(['input \'X\' (float32 [N,4]) takes 4 columns of numbers, and the data has 3 besides label and id: Age, income, member']);
    expect(mapped([input('X', 'string', null, 2)], data).problems).toEqual(['input \'X\' (string [N,2]) takes 2 columns of text, and the data has 1 besides label and id: home town']);
  });
  test('that says nothing of its columns takes them all', () => {
    expect(mapped([input('X', 'float32', null, null)], data).fed).toEqual({ X: ['Age', 'income', 'member'] });
  });
  test('stands beside inputs of one column, and beside one of texts', () => {
    expect(mapped([input('X', 'float32', null, 2), input('income'), input('S', 'string', null, 1)], data).problems).toEqual(['input \'S\' (string [N,1]) is fed by no column: the data has none of that name']);
    expect(mapped([input('X', 'float32', null, 2), input('income'), input('S', 'string', null, 2)], { ...data, street: 'string' }).fed).toEqual({ X: ['Age', 'member'], income: ['income'], S: ['home town', 'street'] });
  });
  test('can\'t be told from another of its type', () => {
    expect(mapped([wide, input('Z', 'float32', null, 3)], data).problems[0]).toContain('inputs \'X\' (float32 [N,3]) and \'Z\' could both take Age, income, member');
  });
  test('of more dimensions is fed their product of columns, and refused where one isn\'t known', () => {
    expect(mapped([input('X', 'float32', null, 1, 3)], data).fed).toEqual({ X: ['Age', 'income', 'member'] });
    expect(mapped([input('X', 'float32', null, null, 3)], data).problems).toEqual(['input \'X\' (float32 [N,?,3]) is no row of columns']);
  });
});

describe('a mapping that a person gave', () => {
  const wide = input('X', 'float32', null, 2);
  test('counts, also against names, and may use a column more than once', () => {
    expect(mapped([wide, input('age')], data, { given: { X: { columns: ['income', 'Age'] }, age: { columns: ['Age'] } } }).fed).toEqual({ X: ['income', 'Age'], age: ['Age'] });
  });
  test.each([
    [{ Y: { columns: ['Age'] } }, 'the model has no input \'Y\': it has X (float32 [N,2])'],
    [{ X: { columns: ['Age', 'incom'] } }, 'input \'X\' (float32 [N,2]) is to be fed column incom, which the data doesn\'t have'],
    [{ X: { columns: ['Age'] } }, 'input \'X\' (float32 [N,2]) takes 2 columns and is given 1: Age'],
    [{ X: { columns: ['Age', 'home town'] } }, 'input \'X\' (float32 [N,2]) can\'t take column home town, which is string (STRING)'],
  ])('is refused where it is wrong: %j', (given, message) => {
    expect(mapped([wide], data, { given }).problems).toContain(message);
  });
});

test('every input is fed as it takes, or is a problem, never both and never neither', () => {
  const types = fc.constantFrom<ColumnType>('float', 'int', 'bool', 'string', 'date', 'other');
  const names = fc.constantFrom('a', 'A', 'b', 'a_b', 'AB', 'c', 'x y');
  const inputs = fc.uniqueArray(fc.record({ name: names, type: fc.constantFrom('float32', 'string', 'int64', 'bool'), shape: fc.constantFrom<(number | null)[]>([null], [null, 1], [null, 2], [null, null], [1, 1], []) }), { selector: ({ name }) => name, maxLength: 4 });
  fc.assert(fc.property(inputs, fc.dictionary(names, types), (asked, table) => {
    const { feeds, problems } = inferMapping(asked, columns(table), { label: 'c' });
    for (const one of asked) {
      const fed = feeds.filter((feed) => feed.input === one);
      expect(fed.length + Math.min(1, problems.filter((problem) => problem.input === one.name).length)).toBe(1);
      expect(fed.every((feed) => feed.columns.length > 0 && feed.columns.every(({ name }) => name !== 'c'))).toBe(true);
    }
    const used = feeds.flatMap((feed) => feed.columns.map(({ name }) => name));
    expect(new Set(used).size).toBe(used.length);
  }));
});
