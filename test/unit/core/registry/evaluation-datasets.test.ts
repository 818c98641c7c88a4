import { describe, expect, it } from 'vitest';
import { createEvaluationDatasets } from '../../../../src/core/registry/evaluation-datasets';
import { store } from '../store/support';

function datasets(): ReturnType<typeof createEvaluationDatasets> {
  let seconds = 1000;
  return createEvaluationDatasets(store().records, () => (seconds += 1));
}
const made = { name: 'golden', tags: { 'mlflow.user': 'me' }, experiments: ['1', '1', '2'] };

describe('an evaluation dataset', () => {
  it('is made, tagged, moved among experiments and taken away', () => {
    const at = datasets();
    const one = at.create(made);
    expect(one).toMatchObject({ name: 'golden', createdBy: 'me', updatedBy: 'me', experiments: ['1', '2'], schema: null, count: 0 });
    expect(one.id).toMatch(/^d-[0-9a-f]{32}$/);
    expect(one.digest).toMatch(/^[0-9a-f]{8}$/);
    at.tag(one.id, { a: 'b' });
    at.untag(one.id, 'mlflow.user');
    at.untag(one.id, 'nothing');
    at.untag('nobody', 'a');
    expect(at.get(one.id).tags).toEqual({ a: 'b' });
    expect(at.setExperiments(one.id, ['2', '3', '3']).experiments).toEqual(['2', '3']);
    at.upsert(one.id, '[{"inputs": {"q": 1}}]');
    at.remove(one.id);
    at.remove(one.id);
    expect(() => at.get(one.id)).toThrow(`Evaluation dataset with id '${one.id}' not found`);
    expect(at.records(one.id)).toEqual([]);
    expect(() => at.tag(one.id, {})).toThrow(/not found/);
  });

  it('lays a row over the one with the same inputs, whatever the order of their keys', () => {
    const at = datasets();
    const { id, digest } = at.create(made);
    expect(at.upsert(id, '[{"inputs": {"a": 1, "b": 2}, "expectations": {"x": 1}, "outputs": "o", "tags": {"mlflow.user": "you", "t": "1"}}, {"inputs": {"a": 2}}]')).toEqual({ inserted: 2, updated: 0 });
    expect(at.upsert(id, '[{"inputs": {"b": 2, "a": 1}, "expectations": {"y": 2}, "tags": {"t": "2"}}]')).toEqual({ inserted: 0, updated: 1 });
    const [first, second] = at.records(id);
    expect([first?.inputs, first?.expectations, first?.outputs, first?.tags, first?.createdBy].map(String)).toEqual(['{"a":1,"b":2}', '{"x":1,"y":2}', '"o"', '{"mlflow.user":"you","t":"2"}', 'you']);
    expect([second?.inputs, second?.expectations, second?.outputs, second?.tags]).toEqual(['{"a":2}', null, '{}', '{}']);
    expect(first?.updated).toBeGreaterThan(first?.created ?? 0);
    expect(at.get(id)).toMatchObject({ count: 2, schema: '{"inputs":{"a":"integer","b":"integer"},"outputs":"string","expectations":{"x":"integer","y":"integer"},"version":"1.0"}' });
    expect(at.get(id).digest).not.toBe(digest);
    at.upsert(id, '[{"inputs": {"a": 2}, "outputs": null}]');
    expect(at.records(id)[1]?.outputs).toBeNull();
  });

  it('keeps numbers as they were written', () => {
    const at = datasets();
    const { id } = at.create(made);
    at.upsert(id, '[{"inputs": {"one": 1.0, "big": 12345678901234567890, "none": NaN, "text": "NaN: [Infinity, 1.0]"}, "outputs": {"f": 0.5, "l": [1], "o": {}, "b": true, "n": null}}]');
    const [row] = at.records(id);
    expect(row?.inputs).toBe('{"one":1.0,"big":12345678901234567890,"none":NaN,"text":"NaN: [Infinity, 1.0]"}');
    expect(JSON.parse(at.get(id).schema ?? '')).toEqual({
      inputs: { one: 'float', big: 'integer', none: 'float', text: 'string' }, outputs: { f: 'float', l: 'array', o: 'object', b: 'boolean', n: 'null' }, expectations: {}, version: '1.0',
    });
    expect(at.upsert(id, '[{"inputs": {"text": "NaN: [Infinity, 1.0]", "none": NaN, "big": 12345678901234567890, "one": 1.0}}]')).toEqual({ inserted: 0, updated: 1 });
  });

  it('tells where a row came from', () => {
    const at = datasets();
    const { id } = at.create(made);
    at.upsert(id, '[{"inputs": {}, "source": {"source_type": "trace", "source_data": {"trace_id": "tr-1"}}}, {"inputs": {"a": 1}, "source": {"source_type": "HUMAN"}}]');
    expect(at.records(id).map(({ sourceType, sourceId, source }) => [sourceType, sourceId, source])).toEqual([
      ['TRACE', 'tr-1', '{"source_type":"TRACE","source_data":{"trace_id":"tr-1"}}'], ['HUMAN', null, '{"source_type":"HUMAN","source_data":{}}'],
    ]);
  });

  it('loses the rows that are deleted, and counts them', () => {
    const at = datasets();
    const { id } = at.create(made);
    at.upsert(id, '[{"inputs": {"a": 1}}, {"inputs": {"a": 2}}]');
    const [first] = at.records(id);
    expect([at.removeRecords(id, [first?.id ?? '', 'dr-nothing']), at.removeRecords(id, [first?.id ?? '']), at.removeRecords('nobody', ['x'])]).toEqual([1, 0, 0]);
    expect([at.get(id).count, at.records(id).length]).toEqual([1, 1]);
  });

  it.each(['', 'zz', '{}', '[1]', '[[]]', 'null'])('takes nothing from %j', (rows) => {
    const at = datasets();
    const { id } = at.create(made);
    expect(() => at.upsert(id, rows)).toThrow(/Invalid value for parameter 'records'/);
    expect(at.records(id)).toEqual([]);
  });

  it('takes all rows or none', () => {
    const at = datasets();
    expect(() => at.upsert('nobody', '[{"inputs": {"a": 1}}]')).toThrow(/not found/);
    expect(at.records('nobody')).toEqual([]);
  });
});
