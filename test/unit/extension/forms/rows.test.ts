import { describe, expect, test } from 'vitest';
import { changedParams, formRows, newForm, readAssignment, seedChanges, seedParam } from '../../../../src/extension/forms/rows';

describe('what is typed in the form', () => {
  test.each([
    ['lr=0.05', { key: 'lr', value: '0.05' }], [' --batch-size = 32 ', { key: 'batch_size', value: '32' }], ['name=a = b', { key: 'name', value: 'a = b' }],
    ['lr=', { key: 'lr', value: '' }], ['lr', undefined], ['0.1=x', undefined],
  ])('%j is %j', (typed, set) => {
    expect(readAssignment(typed)).toEqual(set);
  });
});

test('the rows say what was changed and what it was', () => {
  const start = newForm({ lr: '0.1', depth: '3' });
  const state = { ...start, params: { ...start.params, lr: '0.05', extra: '1' } };
  expect(changedParams(state)).toEqual({ lr: '0.05', extra: '1' });
  const rows = formRows(state, { action: 'Run', preview: '' });
  expect(rows[0]).toMatchObject({ kind: 'run', description: 'lr 0.05, extra 1' });
  expect(rows.flatMap((row) => (row.kind === 'param' ? row.description : []))).toEqual(['0.05  (was 0.1)', '3', '1  (new)']);
  expect(formRows(start, { action: 'Run', preview: '' })[0]).toMatchObject({ description: 'nothing changed' });
});

test('further seeds follow the one that was, under the name that the script has for it', () => {
  expect(seedParam({ random_state: '7', lr: '1' })).toBe('random_state');
  expect(seedChanges({ seed: '3' }, 2)).toEqual([{ seed: '4' }, { seed: '5' }]);
  expect(seedChanges({ lr: '1' }, 2)).toEqual([{ seed: '0' }, { seed: '1' }]);
});
