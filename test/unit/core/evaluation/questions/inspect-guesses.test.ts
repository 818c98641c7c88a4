import { expect, test } from 'vitest';
import { guessId, guessLabel, guessTask } from '../../../../../src/core/evaluation/questions/inspect-guesses';
import type { Inspection } from '../../../../../src/protocol/evaluation/result';

type Seen = Inspection['data']['columns'][number];
const column = (name: string, more: Partial<Seen> = {}): Seen => ({ name, type: 'string', stored: 'VARCHAR', missing: 0, distinct: 3, examples: [], ...more });

test('a label is known by its name, and none is made up', () => {
  expect(guessLabel([column('age'), column('y'), column('Target')])).toBe('Target');
  expect(guessLabel([column('age'), column('loan label')])).toBe('loan label');
  expect(guessLabel([column('a_class'), column('b_class')])).toBeNull();
  expect(guessLabel([column('age'), column('repaid')])).toBeNull();
});

test('an id is called one and differs in every row', () => {
  const unique = { distinct: 100, type: 'int' } as const;
  expect(guessId([column('age', unique), column('loan_id', unique), column('id', unique)], 100, null)).toBe('id');
  expect(guessId([column('customerId', unique)], 100, null)).toBe('customerId');
  expect(guessId([column('id', { ...unique, missing: 1 })], 100, null)).toBeNull();
  expect(guessId([column('id', { ...unique, distinct: 99 })], 100, null)).toBeNull();
  expect(guessId([column('id', { ...unique, distinct: 10_000 })], 50_000, null)).toBe('id');
  expect(guessId([column('paid', unique), column('x', unique)], 100, null)).toBeNull();
});

test.each([
  [column('y', { type: 'int', distinct: 2 }), 'binary'], [column('y', { type: 'bool', distinct: 1 }), 'binary'], [column('y', { distinct: 3 }), 'multiclass'],
  [column('y', { type: 'int', distinct: 10 }), 'multiclass'], [column('y', { type: 'int', distinct: 300 }), 'regression'], [column('y', { type: 'float', distinct: 9 }), 'regression'], [undefined, null],
] as const)('the task is told by the values of the label: %j', (label, task) => {
  expect(guessTask(label)).toBe(task);
});
