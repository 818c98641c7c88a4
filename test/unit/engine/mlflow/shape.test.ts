import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { list, text, int } from '../../../../src/engine/mlflow/fields';
import { shaped } from '../../../../src/engine/mlflow/shape';

const schema = z.object({ run_id: text, max_results: int.optional(), items: list(z.object({ model_id: text, value: text.default('') })), meta: z.record(z.string(), z.unknown()).optional() });

describe('what came over the wire', () => {
  it('has the schema\'s names, also where it said them in camelCase, at every depth', () => {
    expect(shaped(schema, { runId: 'a', maxResults: 5, items: [{ modelId: 'm' }] })).toEqual({ run_id: 'a', max_results: 5, items: [{ model_id: 'm' }] });
  });

  it('keeps the keys of a map as they are', () => expect(shaped(schema, { meta: { runId: null } })).toEqual({ meta: { runId: null } }));

  it('is refused where it says a field under both names', () => expect(() => shaped(schema, { items: [{ modelId: 'a', model_id: 'b' }] })).toThrowError(/both 'model_id' and 'modelId'/));

  it('lacks what is null, keeps what nobody asked for, and can name no prototype', () => {
    expect(shaped(schema, { run_id: null, other_thing: 1 })).toEqual({ other_thing: 1 });
    const odd = shaped(schema, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect([Object.keys(odd as object), ({} as { polluted?: boolean }).polluted]).toEqual([['__proto__'], undefined]);
  });

  it('is a list of one in a query, and no list in a body', () => {
    expect(shaped(schema, { items: 'x' }, { query: true })).toEqual({ items: ['x'] });
    expect(shaped(schema, { items: 'x' })).toEqual({ items: 'x' });
  });
});
