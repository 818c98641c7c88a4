import { describe, expect, it } from 'vitest';
import { pickDriver } from '../../../../src/core/store/driver';
import { LEVELS, readBuckets, width } from '../../../../src/core/store/rollups';
import { id, m, say, spec, store } from './support';

const all = { first: -1e6, last: 1e6 };

describe('rollups', () => {
  it('are made once a curve is long, and hold at every level all its points', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    const batch = (from: number, count: number): void => say(at, 1, ...Array.from({ length: count }, (_, i) => m(from + i, { y: i % 100 })));
    batch(0, 4096);
    const db = pickDriver().open({ file: `${at.dir}/runyard.db`, readonly: true });
    const shift = (): number => db.prepare('SELECT rolled FROM metrics').get<{ rolled: number }>()?.rolled ?? -1;
    expect(shift()).toBe(0);
    batch(4096, 1000);
    expect(shift()).toBe(4);
    batch(5096, 777);
    for (let level = 0; level < LEVELS; level += 1) {
      const buckets = readBuckets(db, { curve: 1, level, ...all });
      expect(buckets.reduce((sum, bucket) => sum + bucket.n, 0)).toBe(5873);
      expect(buckets.length).toBe(Math.ceil(5873 / width(4, level)));
      expect(buckets.every((bucket) => Number(bucket.lo?.value) <= Number(bucket.hi?.value))).toBe(true);
    }
    db.close();
  });

  it('become finer where a curve that began sparse grows dense', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    const steps = Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 40_000);
    for (let i = 0; i < steps.length; i += 4000) say(at, 1, ...steps.slice(i, i + 4000).map((step) => m(step, { y: step })));
    const db = pickDriver().open({ file: `${at.dir}/runyard.db`, readonly: true });
    expect(db.prepare('SELECT rolled FROM metrics').get<{ rolled: number }>()?.rolled).toBeLessThanOrEqual(5);
    expect(readBuckets(db, { curve: 1, level: 0, ...all }).reduce((sum, bucket) => sum + bucket.n, 0)).toBe(40_000);
    db.close();
    const curve = at.curve({ run: id(1), key: 'y', x: 'step', from: 100, to: 900, px: 100 });
    expect(curve.points.map((point) => point.value)).toEqual(Array.from({ length: curve.points.length }, (_, i) => curve.points[i]?.step));
  });
});
