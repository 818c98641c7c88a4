import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { double, flag, int, list, pairs, readFields, required, text } from '../../../../src/engine/mlflow/fields';

const schema = z.object({ run_id: required, step: int.default(0), value: double.optional(), on: flag.optional(), ids: list(text), tags: pairs });
const told = (input: unknown): string => {
  try {
    readFields(schema, input);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_PARAMETER_VALUE', status: 400 });
    return (error as Error).message;
  }
};

test('numbers come as numbers or text, flags as words too, and a list of one as its value', () => {
  expect(readFields(schema, { run_id: 'r', step: '12', value: '1.5e3', on: 'true', ids: 'a' }, { query: true })).toMatchObject({ step: 12, value: 1500, on: true, ids: ['a'] });
  expect(readFields(schema, { run_id: 'r', value: 'NaN' }).value).toBeNaN();
  expect(readFields(schema, { run_id: 'r', value: '-Infinity' }).value).toBe(-Infinity);
});

test('null is absent and unknown fields are passed over', () => {
  expect(readFields(schema, { run_id: 'r', step: null, what: { is: 'this' }, tags: [{ key: 'a', value: null }] })).toMatchObject({ step: 0, tags: [{ key: 'a', value: '' }] });
});

test.each([
  [{}, "Missing value for required parameter 'run_id'"], [{ run_id: '' }, "Missing value for required parameter 'run_id'"], [{ run_id: null }, "Missing value for required parameter 'run_id'"],
  [{ run_id: 3 }, "Invalid value 3 for parameter 'run_id'"], [{ run_id: 'r', step: 'x' }, `Invalid value "x" for parameter 'step'`], [{ run_id: 'r', step: 1.5 }, "Invalid value 1.5 for parameter 'step'"],
  [{ run_id: 'r', step: 1e300 }, "for parameter 'step'"], [{ run_id: 'r', step: '9223372036854775807' }, "for parameter 'step'"], [{ run_id: 'r', value: [] }, "Invalid value [] for parameter 'value'"],
  [{ run_id: 'r', value: '' }, "for parameter 'value'"], [{ run_id: 'r', on: 'yes' }, `Invalid value "yes" for parameter 'on'`],
  [{ run_id: 'r', tags: [{ key: 'a', value: '1' }, { value: '2' }] }, "Missing value for required parameter 'tags[1].key'"], [{ run_id: 'r', tags: [{ key: 'a', value: {} }] }, "for parameter 'tags[0].value'"],
])('%j is told with its field', (input, message) => {
  expect(told(input)).toContain(message);
});

test('a value that is told is cut', () => {
  expect(told({ run_id: 'r', step: 'x'.repeat(100_000) }).length).toBeLessThan(1000);
});

test('whatever comes is read or told, never another failure', () => {
  fc.assert(fc.property(fc.anything({ withNullPrototype: true, maxDepth: 3 }), fc.jsonValue(), (some, json) => {
    for (const value of [some, json]) {
      for (const input of [value, { run_id: 'r', step: value, value, ids: value, tags: value }]) {
        try {
          readFields(schema, input);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
        }
      }
    }
  }));
});
