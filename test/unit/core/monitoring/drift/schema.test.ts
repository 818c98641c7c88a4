import { expect, test } from 'vitest';
import { schemaChanges, windowSchema } from '../../../../../src/core/monitoring/drift/schema';

const columns = (types: Record<string, string>): { name: string; type: string }[] => Object.entries(types).map(([name, type]) => ({ name, type }));

test('columns that are gone, new, of another type or renamed are told', () => {
  expect(schemaChanges(columns({ age: 'int', income: 'float', region: 'string', note: 'string' }), columns({ age: 'string', incomes: 'float', region: 'string', zone: 'bool' }))).toEqual([
    { column: 'age', change: 'type', text: 'age was int and is string' }, { column: 'income', change: 'renamed', text: 'income is gone, and incomes is new: renamed?', to: 'incomes' },
    { column: 'note', change: 'gone', text: 'note is gone' }, { column: 'zone', change: 'new', text: 'zone is new' },
  ]);
});
test('whole numbers where there were fractions are no change', () => {
  expect(schemaChanges(columns({ age: 'float' }), columns({ age: 'int' }))).toEqual([]);
});

test('what a model takes as text is no other type in its log than in the data that it was made from; between two windows of the log it is', () => {
  const sides = { reference: columns({ owner: 'bool', age: 'int', note: 'string' }), current: columns({ owner: 'string', age: 'float' }) };
  expect(windowSchema(sides, { columns: undefined, training: true })).toEqual([]);
  expect(windowSchema(sides, { columns: undefined, training: false }).map(({ column, change }) => [column, change])).toEqual([['owner', 'type'], ['note', 'gone']]);
  expect(windowSchema({ reference: columns({ age: 'string' }), current: columns({ age: 'float' }) }, { columns: undefined, training: true })).toHaveLength(1);
});
