import { expect, test } from 'vitest';
import { joinDocs } from '../../../../../src/core/monitoring/monitors/join';
import { driftRequest, type ColumnDrift, type DriftDoc } from '../../../../../src/protocol/drift';

const column = (name: string, reason = ''): ColumnDrift => ({ name, type: 'numeric', role: 'input', figures: {}, noise: null, tests: [], outcome: 'pass', reason });
const side = { files: ['a'], rows: 1, digest: '', bytes: 1 };
const doc = (more: Partial<DriftDoc>): DriftDoc => ({ version: 1, created: 0, duration: 0, reference: side, current: side, request: driftRequest.parse({ reference: { files: ['a'] }, current: { files: ['b'] } }), columns: {}, label: null, predictions: {}, schema: [], leftOut: [], drifted: [], outcome: 'pass', reasons: [], ...more });

test('columns that only one check looked at are seen beside what another says of the predictions', () => {
  const said = doc({ predictions: { score: column('score') } });
  const narrow = doc({ columns: { income: column('income') }, drifted: ['income'], outcome: 'fail', reasons: ['income drifted'], multivariate: [{ measure: 'domain_auc', value: 0.7, reference: 0.5, lower: null, upper: 0.6, p: null, outcome: 'fail', reason: '', columns: [] }] });
  const joined = joinDocs(said, [narrow, said, null]);
  expect(Object.keys(joined?.columns ?? {})).toEqual(['income']);
  expect(Object.keys(joined?.predictions ?? {})).toEqual(['score']);
  expect(joined).toMatchObject({ drifted: ['income'], outcome: 'fail', reasons: ['income drifted'], multivariate: [{ measure: 'domain_auc' }] });
});

test('what the first one says of a column counts', () => {
  expect(joinDocs(doc({ columns: { x: column('x', 'first') } }), [doc({ columns: { x: column('x', 'second'), y: column('y') } })])?.columns).toMatchObject({ x: { reason: 'first' }, y: { name: 'y' } });
});

test('one is itself, and none is none', () => {
  const one = doc({});
  expect(joinDocs(null, [one, one])).toBe(one);
  expect(joinDocs(null, [null])).toBeNull();
});
