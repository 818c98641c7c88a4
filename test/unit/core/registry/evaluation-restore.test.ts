import { expect, it } from 'vitest';
import { createEvaluationDatasets } from '../../../../src/core/registry/evaluation-datasets';
import { restoreEvaluationDataset } from '../../../../src/core/registry/evaluation-restore';
import { store } from '../store/support';

const foreign = {
  id: 'd-1', name: 'golden', experiments: ['1'], tags: { a: 'b' }, doc: { digest: 'abcd', created_time: 5, last_update_time: '7', created_by: 'me', schema: '{"inputs":{}}' },
  records: '[{"dataset_record_id": "dr-1", "inputs": {"q": 1.0}, "expectations": {"e": 2}, "tags": {}, "created_time": 5, "last_update_time": 6, "created_by": "me"}, {"dataset_record_id": "dr-2", "inputs": {"q": 2}, "outputs": "x"}]',
};

it('takes a dataset in under its own ids, once, and completes what is missing', () => {
  const { records } = store();
  const at = createEvaluationDatasets(records, () => 100);
  expect(restoreEvaluationDataset(records, { ...foreign, records: '[]' })).toBe('made');
  expect(restoreEvaluationDataset(records, foreign)).toBe('completed');
  expect(restoreEvaluationDataset(records, foreign)).toBe('same');
  expect(at.get('d-1')).toEqual({ id: 'd-1', name: 'golden', digest: 'abcd', created: 5, updated: 7, createdBy: 'me', updatedBy: null, tags: { a: 'b' }, experiments: ['1'], schema: '{"inputs":{}}', count: 2, last: 2 });
  expect(at.records('d-1').map(({ id, inputs, outputs }) => [id, inputs, outputs])).toEqual([['dr-1', '{"q":1.0}', null], ['dr-2', '{"q":2}', '"x"']]);
  expect(at.upsert('d-1', '[{"inputs": {"q": 1.0}}, {"inputs": {"q": 3}}]')).toEqual({ inserted: 1, updated: 1 });
  expect(at.records('d-1').map(({ inputs }) => inputs)).toEqual(['{"q":1.0}', '{"q":2}', '{"q":3}']);
});
