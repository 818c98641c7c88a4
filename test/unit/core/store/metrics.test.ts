import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/core/store/store';
import type { SpoolEvent } from '../../../../src/protocol/spool';
import { find, id, m, say, spec, store } from './support';

const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((x) => x + 0), fc.constantFrom('NaN' as const, 'Infinity' as const, '-Infinity' as const, 0, 1));
const point = fc.record({ e: fc.constant('m' as const), t: fc.integer({ min: 0, max: 50 }), s: fc.integer({ min: -3, max: 9 }), m: fc.dictionary(fc.constantFrom('a', 'b', '__proto__x', 'c d'), value, { minKeys: 1 }) });
const summary = fc.record({ e: fc.constant('summary' as const), t: fc.integer({ min: 0, max: 50 }), m: fc.dictionary(fc.constantFrom('a', 's'), value, { minKeys: 1 }) });

function all(of: Store, n: number): unknown {
  const { metrics } = of.getRun(id(n));
  return { metrics, points: Object.keys(metrics).sort().map((key) => of.points(id(n), key, { limit: 1000, offset: 0 })) };
}

describe('what is known of metrics', () => {
  it('is the same in whatever order, batches and repetitions the same was said', () => {
    const at = store();
    let n = 0;
    const events = fc.array(fc.oneof({ weight: 5, arbitrary: point }, { weight: 1, arbitrary: summary }), { maxLength: 40 });
    fc.assert(fc.property(events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.integer({ min: 1, max: 9 }))), ([list, shuffled, size]) => {
      n += 2;
      at.createRun(spec(n), 'running');
      at.createRun(spec(n + 1), 'running');
      say(at, n, ...list);
      for (let i = 0; i < shuffled.length; i += size) say(at, n + 1, ...shuffled.slice(i, i + size));
      say(at, n + 1, ...shuffled.slice(0, size));
      expect(all(at, n + 1)).toEqual(all(at, n));
    }), { numRuns: 60 });
  });

  it('does not change when the same batch comes again, whatever it holds', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    const batch = { run: id(1), file: 'f', to: 10, lines: 3, problems: [{ file: 'f', line: 2, text: 'bad' }], events: [m(1, { a: 1 }), { e: 'p', t: 1, p: { lr: '1' } }, { e: 'summary', t: 1, m: { b: 2 } }] satisfies SpoolEvent[] };
    at.applyBatch(batch);
    const before = [at.getRun(id(1)), at.offset(id(1), 'f')];
    at.applyBatch(batch);
    at.applyBatch({ ...batch, events: [{ e: 'p', t: 9, p: { lr: '2' } }], to: 9 });
    expect([at.getRun(id(1)), at.offset(id(1), 'f')]).toEqual(before);
    expect(before[1]).toEqual({ offset: 10, lines: 3 });
  });

  it('is not stored at all where one event of the batch can\'t be', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    const bad = { e: 'p', t: 1, p: { lr: {} } } as unknown as SpoolEvent;
    expect(() => at.applyBatch({ run: id(1), file: 'f', to: 10, lines: 2, problems: [], events: [m(1, { fresh: 1 }), bad] })).toThrow();
    expect([at.offset(id(1), 'f').offset, at.getRun(id(1)).metrics, at.keys().metrics]).toEqual([0, {}, []]);
    say(at, 1, m(1, { fresh: 1 }));
    expect(at.getRun(id(1)).metrics).toMatchObject({ fresh: { value: 1 } });
  });

  it('has the value of the largest step, then time, with extremes over all', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1, m(5, { a: 3 }, 100), m(2, { a: -1 }, 900), m(5, { a: 2 }, 101), m(1, { a: 'NaN' }));
    expect(at.getRun(id(1)).metrics['a']).toEqual({ value: 2, step: 5, t: 101, min: -1, max: 3, count: 4 });
  });

  it('has a final figure as the value, whatever points come', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1, m(5, { a: 3 }), { e: 'summary', t: 50, m: { a: 7, only: 1 } }, m(6, { a: 4 }));
    expect(at.getRun(id(1)).metrics).toEqual({ a: { value: 7, step: 6, t: 50, min: 3, max: 4, count: 2 }, only: { value: 1, step: 0, t: 50, min: 1, max: 1, count: 1 } });
    expect(find(at, { filter: 'metrics.a = 7' })).toEqual([1]);
  });

  it('may have any name', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1, { e: 'm', t: 1, s: 1, m: JSON.parse('{"__proto__": 1, "constructor": 2, "a.b c": 3}') as Record<string, number> });
    expect(Object.entries(at.getRun(id(1)).metrics).map(([key, { value: v }]) => [key, v]).sort()).toEqual([['__proto__', 1], ['a.b c', 3], ['constructor', 2]]);
  });
});
