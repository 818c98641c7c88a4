import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextPage, offsetOf, pageSize, pageToken, viewType } from '../../../../src/engine/mlflow/paging';

const bad = expect.objectContaining({ code: 'INVALID_PARAMETER_VALUE', status: 400 }) as Error;

test('a token gives back its offset', () => {
  fc.assert(fc.property(fc.nat(), (offset) => { expect(offsetOf(pageToken(offset))).toBe(offset); }));
});

test('no token is the beginning', () => {
  expect([offsetOf(undefined), offsetOf('')]).toEqual([0, 0]);
});

test('anything else is told to be none', () => {
  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
  for (const token of ['x', '%%%', forged({}), forged({ offset: -1 }), forged({ offset: 1.5 }), forged({ offset: '1' }), forged(null), forged([1])]) expect(() => offsetOf(token)).toThrow(bad);
});

test('there is a next page where more is left', () => {
  expect([nextPage(0, 10, 10), nextPage(0, 10, 11), nextPage(10, 0, 5)]).toEqual([{}, { next_page_token: pageToken(10) }, {}]);
});

test('a page has a size within its limits', () => {
  expect([pageSize(undefined, { otherwise: 7, most: 9 }), pageSize(9, { otherwise: 7, most: 9 })]).toEqual([7, 9]);
  for (const size of [0, -1, 10]) expect(() => pageSize(size, { otherwise: 7, most: 9 })).toThrow(bad);
});

test('a view is a word or its number', () => {
  expect([viewType.parse(undefined), viewType.parse('ALL'), viewType.parse(2), viewType.parse('3')]).toEqual(['ACTIVE_ONLY', 'ALL', 'DELETED_ONLY', 'ALL']);
  for (const view of ['some', 0, 4, null]) expect(viewType.safeParse(view).success).toBe(false);
});
