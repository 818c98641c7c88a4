import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/core/store/store';
import { likeToGlob } from '../../../../src/core/store/conditions';
import { rankRuns } from '../../../../src/core/store/ranking';
import { find, id, m, say, spec, store } from './support';

function sample(): Store {
  const at = store();
  at.createRun(spec(1, { params: { p2: '3', lr: '0.1', model: 'Tree' }, tags: { team: 'x' }, experiment: 'a', datasets: [{ name: 'cars', role: 'train', digest: 'd1' }] }), 'queued');
  at.createRun(spec(2, { params: { p2: '3', lr: '1e-3', model: 'forest' }, experiment: 'a' }), 'running');
  at.createRun(spec(3, { params: { p2: '4', lr: '10', model: 'tree_2' }, experiment: 'b', name: "it's" }), 'queued');
  at.createRun(spec(4, { params: { lr: 'auto' }, experiment: 'b', created: 1003 }), 'queued');
  say(at, 1, m(1, { m1: 0.95, 'val acc': 1 }));
  say(at, 2, m(1, { m1: 0.91 }));
  say(at, 3, m(1, { m1: 'NaN' }));
  say(at, 1, { e: 'started', t: 1_700_000_000, started: { pid: 1 } });
  at.setState(id(1), { state: 'stopped', t: 1_700_000_100 });
  return at;
}
const where = (filter: string): number[] => find(sample(), { filter });

describe('search', () => {
  it.each([
    ["metrics.m1 > 0.9 and params.p2 = '3'", [2, 1]],
    ['metrics.m1 >= 0.95', [1]],
    ['metrics.m1 < inf', [2, 1]],
    ['metrics.m1 != 0.95', [3, 2]],
    ['metric.`val acc` = 1', [1]],
    ['metrics."val acc" IS NOT NULL', [1]],
    ['metrics.m1 IS NULL', [4]],
    ['metrics.nothing > 0', []],
    ["params.model LIKE 'tree%'", [3]],
    ["params.model ILIKE 'tree%'", [3, 1]],
    ["params.model like 'tree__'", [3]],
    ["params.p2 != '3'", [3]],
    ["params.p2 IN ('3', '4')", [3, 2, 1]],
    ["params.p2 NOT IN ('4')", [2, 1]],
    ['params.lr > 0.01', [3, 1]],
    ['params.lr IN (0.1, 10)', [3, 1]],
    ["tags.team = 'x'", [1]],
    ["dataset.name = 'cars' AND datasets.context = 'train'", [1]],
    ["attributes.status = 'running'", [2]],
    ["status = 'KILLED'", [1]],
    ["attributes.state != 'queued'", [2, 1]],
    ["run_name = 'it''s'", [3]],
    ["name LIKE 'run-_'", [4, 2, 1]],
    ["experiment = 'b'", [4, 3]],
    [`run_id IN ('${id(1)}', '${id(9)}')`, [1]],
    ['start_time > 1699999999', [1]],
    ['start_time >= 1700000000000', [1]],
    ['attributes.duration = 100', [1]],
    ['end_time IS NULL', [4, 3, 2]],
    ['', [1, 2, 3, 4]],
  ])('%s', (filter, runs) => expect(new Set(where(filter))).toEqual(new Set(runs)));

  it('never takes a value for SQL', () => {
    expect(where("params.model = 'x'') OR 1=1 --'")).toEqual([]);
    expect(where("params.`a') OR 1=1 --` = '1'")).toEqual([]);
  });

  it('orders by metrics with NaN after numbers and what is missing last, both ways', () => {
    const at = sample();
    expect(find(at, { orderBy: ['metrics.m1 DESC'] })).toEqual([1, 2, 3, 4]);
    expect(find(at, { orderBy: ['metrics.m1'] })).toEqual([2, 1, 3, 4]);
  });

  it('orders params that are numbers as numbers, before text', () => {
    const at = sample();
    expect(find(at, { orderBy: ['params.lr ASC'] })).toEqual([2, 1, 3, 4]);
    expect(find(at, { orderBy: ['params.lr DESC'] })).toEqual([3, 1, 2, 4]);
  });

  it('breaks ties by the next term, then newest first, then id', () => {
    const at = sample();
    expect(find(at)).toEqual([3, 4, 2, 1]);
    expect(find(at, { orderBy: ['params.p2'] })).toEqual([2, 1, 3, 4]);
    expect(find(at, { orderBy: ['params.p2', 'metrics.m1 DESC'] })).toEqual([1, 2, 3, 4]);
    expect(find(at, { orderBy: ['attributes.experiment DESC', 'start_time'] })).toEqual([3, 4, 1, 2]);
  });

  it('pages, counts, and keeps to experiments, ids and view', () => {
    const at = sample();
    say(at, 2, { e: 'edit', t: 1, trashed: true });
    const base = { filter: '', orderBy: ['metrics.m1'], limit: 1, offset: 1, view: 'active' } as const;
    expect(at.search(base)).toMatchObject({ total: 3, rows: [{ id: id(3) }] });
    expect(find(at, { view: 'trashed' })).toEqual([2]);
    expect(find(at, { view: 'all', experiments: ['a'] })).toEqual([2, 1]);
    expect(find(at, { ids: [id(4), id(2)] })).toEqual([4]);
    expect(find(at, { offset: 99 })).toEqual([]);
  });

  it('sees what was written since it was last asked', () => {
    const at = sample();
    expect(find(at, { filter: 'metrics.m1 > 2' })).toEqual([]);
    say(at, 4, m(1, { m1: 3 }));
    expect(find(at, { filter: 'metrics.m1 > 2' })).toEqual([4]);
  });

  it('brings the columns that are asked for', () => {
    const at = sample();
    const rows = at.search({ filter: "name = 'run-1'", orderBy: [], limit: 9, offset: 0, view: 'active', columns: ['metrics.m1', 'params.lr', 'status'] }).rows;
    expect(rows[0]).toMatchObject({ params: { lr: '0.1' }, metrics: { m1: { value: 0.95 } }, tags: {} });
    expect(Object.keys(rows[0]?.metrics ?? {})).toEqual(['m1']);
  });
});

describe('LIKE', () => {
  it('keeps the signs that mean something to GLOB as themselves', () => {
    expect(likeToGlob('a%b_c*d?e[f')).toBe('a*b?c[*]d[?]e[[]f');
  });
});

describe('ranking', () => {
  it('is the same as comparing term by term', () => {
    const groups = fc.uniqueArray(fc.integer({ min: 1, max: 40 })).chain((runs) => fc.array(fc.boolean(), { minLength: runs.length, maxLength: runs.length }).map((cuts) => ({ runs, cuts })));
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 40 })), fc.array(groups, { maxLength: 3 }), (base, terms) => {
      const texts = terms.map(({ runs, cuts }) => runs.map((run, i) => (i === 0 ? '' : cuts[i] ? ';' : ',') + run).join(''));
      const rank = (text: string, run: number): number => { const at = text.split(';').findIndex((group) => group.split(',').includes(String(run))); return at < 0 ? Infinity : at; };
      const expected = base.map((run, i) => ({ run, i })).sort((a, b) => {
        for (const text of texts) { const [x, y] = [rank(text, a.run), rank(text, b.run)]; if (x !== y) return x - y; }
        return a.i - b.i;
      }).map(({ run }) => run);
      expect([...rankRuns(Float64Array.from(base), texts)]).toEqual(expected);
    }));
  });
});
