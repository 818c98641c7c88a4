import { describe, expect, it } from 'vitest';
import { uniqueParams } from '../../../../src/core/registry/logged-models';
import { registry } from './support';

const made = { experiment: 3, name: 'net', type: 'T', run: 'abc', params: { a: '1' }, tags: { t: 'x' }, location: 'mlflow-artifacts:/3/' };

describe('a logged model', () => {
  it('has an id and a place of its own, and waits to be whole', () => {
    const { logged, now } = registry();
    const one = logged.create(made);
    expect(one.id).toMatch(/^m-[0-9a-f]{32}$/);
    expect(one).toMatchObject({ experiment: 3, name: 'net', type: 'T', run: 'abc', params: { a: '1' }, tags: { t: 'x' }, status: 'LOGGED_MODEL_PENDING', artifacts: `mlflow-artifacts:/3/models/${one.id}/artifacts`, deleted: false });
    expect(one.created).toBeLessThanOrEqual(now());
    expect(logged.get(one.id)).toEqual(one);
    expect(logged.finalize(one.id, 'LOGGED_MODEL_READY').status).toBe('LOGGED_MODEL_READY');
    expect(logged.get(one.id).updated).toBeGreaterThan(one.updated);
  });

  it.each(['a/b', 'a:b', 'a.b', 'a%b', "a'b", 'a"b', ''])('can\'t be called %j', (name) => {
    expect(() => registry().logged.create({ ...made, name })).toThrow(/Invalid model name/);
  });

  it('has each param once: the same again is no fault, another value is', () => {
    const { logged } = registry();
    const { id } = logged.create(made);
    logged.addParams(id, [{ key: 'a', value: '1' }, { key: 'b', value: '2' }]);
    expect(() => logged.addParams(id, [{ key: 'c', value: '3' }, { key: 'b', value: 'other' }])).toThrow(/Param with key='b' was already logged with value='2'/);
    expect(logged.get(id).params).toEqual({ a: '1', b: '2' });
    expect(() => uniqueParams([{ key: 'x', value: '1' }, { key: 'x', value: '1' }])).toThrow(/Duplicate parameter keys/);
    expect(Object.keys(uniqueParams([{ key: '__proto__', value: '1' }]))).toEqual(['__proto__']);
  });

  it('has tags that are set over and taken away', () => {
    const { logged } = registry();
    const { id } = logged.create(made);
    logged.tag(id, { t: 'y', u: 'z' });
    logged.untag(id, 't');
    expect(logged.get(id).tags).toEqual({ u: 'z' });
    expect(() => logged.untag(id, 't')).toThrow(`No tag with key 't' found for model with ID '${id}'.`);
  });

  it('that was deleted is found by who asks for it only', () => {
    const { logged } = registry();
    const { id } = logged.create(made);
    logged.remove(id);
    expect(() => logged.get(id)).toThrow(`Logged model with ID '${id}' not found.`);
    expect(logged.get(id, { deleted: true }).deleted).toBe(true);
    logged.remove(id);
    expect(() => logged.remove('m-nothing')).toThrow("Logged model with ID 'm-nothing' not found.");
  });

  it('is listed with its experiment, the newest first', () => {
    const { logged } = registry();
    const ids = [logged.create(made).id, logged.create({ ...made, experiment: 4 }).id, logged.create(made).id];
    expect(logged.list([3]).map(({ id }) => id)).toEqual([ids[2], ids[0]]);
    expect(logged.list([3, 4])).toHaveLength(3);
    expect(logged.list([])).toEqual([]);
  });
});
