import { expect, test } from 'vitest';
import { schemaChanges } from '../../../../../src/core/monitoring/drift/schema';

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
