import { expect, it } from 'vitest';
import { importColumns, type ImportAsked } from '../../../../../src/core/monitoring/feedback/import-columns';

const log = { columns: { keys: ['ry_request'], row: 'ry_row' }, names: ['age', 'city', 'ry_request', 'ry_row'] };
const found = (names: string[], asked: ImportAsked = {}, of: { columns: { keys: string[]; row: string | null }; names: string[] } = log) => importColumns('labels.csv', names, of, asked);

it('are told by their names where nobody says them', () => {
  expect(found(['Request ID', 'Outcome'])).toEqual({ label: 'Outcome', pairs: [{ file: 'Request ID', log: 'ry_request' }], row: null, time: null, byRequest: true });
  expect(found(['ry_request', 'ry_row', 'paid', 'labelled_at'])).toMatchObject({ label: 'paid', row: 'ry_row', time: 'labelled_at' });
  expect(found(['a', 'b', 'c'], { request: 'a', label: 'c' })).toMatchObject({ label: 'c', byRequest: true });
});

it('of a log that several columns name are all of them', () => {
  const two = { columns: { keys: ['customer', 'day'], row: null }, names: ['customer', 'day', 'x'] };
  expect(found(['customer', 'day', 'paid', 'row'], { label: 'paid' }, two)).toMatchObject({ pairs: [{ file: 'customer', log: 'customer' }, { file: 'day', log: 'day' }], byRequest: true, row: null });
  expect(() => found(['id', 'paid'], { request: 'id' }, two)).toThrow(expect.objectContaining({ hint: 'write --key COLUMN=customer --key COLUMN=day' }));
});

it('by other keys join rows that are equal in them', () => {
  expect(found(['years', 'label'], { keys: { years: 'age' } })).toMatchObject({ pairs: [{ file: 'years', log: 'age' }], byRequest: false });
  expect(() => found(['years', 'label'], { keys: { years: 'agge' } })).toThrow(expect.objectContaining({ code: 'not_found', hint: expect.stringContaining('did you mean age?') as string }));
  expect(() => found(['years', 'label'], { keys: { yeers: 'age' } })).toThrow(expect.objectContaining({ code: 'not_found', hint: expect.stringContaining('did you mean years?') as string }));
  expect(() => found(['a', 'label'], { keys: { a: 'age' }, request: 'a' })).toThrow(expect.objectContaining({ code: 'bad_input' }));
});
