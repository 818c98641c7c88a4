import { describe, expect, test } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { createBatcher, type Batcher, type Scorer } from '../../../../../src/core/serving/scorer/batcher';
import type { Rows, Scored } from '../../../../../src/core/serving/types';
import { until } from '../../../../support/until';

const rows = (...values: number[]): Rows => ({ count: values.length, columns: { x: { type: 'float', values: Float64Array.from(values), missing: null } } });
const numbers = ({ scores }: Scored): number[] => [...(scores ?? [])];
class Crash extends Error {}

interface Rig { batcher: Batcher; sizes: number[]; starts: () => number; free(): void }
/** A scorer that doubles, answers when it is let, and ends at the number 666 (always) or 13 (the first time). */
function rig(options: { rows?: number; waitMs?: number; most?: number; held?: boolean } = {}): Rig {
  let starts = 1;
  let unlucky = true;
  const sizes: number[] = [];
  let open: (() => void)[] = [];
  let held = options.held ?? false;
  const scorer = (): Scorer => {
    let end: (why: string) => void = () => undefined;
    return {
      ended: new Promise((resolve) => { end = resolve; }), lost: (error) => error instanceof Crash, dispose: () => undefined,
      async score({ count, columns }) {
        sizes.push(count);
        if (held) await new Promise<void>((resolve) => open.push(resolve));
        const values = columns['x']?.values as Float64Array;
        if (values.includes(666) || (values.includes(13) && unlucky)) {
          unlucky = false;
          end('it crashed');
          throw new Crash('it crashed');
        }
        if (values.includes(400)) throw new RunyardError('bad_input', 'the model says no', '');
        return { labels: null, scores: values.map((one) => one * 2), width: 1, failed: new Map(values.includes(5) ? [[values.indexOf(5), 'five']] : []) };
      },
    };
  };
  const batcher = createBatcher({ rows: options.rows ?? 256, waitMs: options.waitMs ?? 0, start: () => { starts += 1; return Promise.resolve(scorer()); }, onLost: () => undefined, ...(options.most !== undefined && { most: options.most }) }, scorer());
  return { batcher, sizes, starts: () => starts, free() { held = false; for (const go of open.splice(0)) go(); open = []; } };
}

describe('requests of a version', () => {
  test('that queue while a batch runs are one batch, and each gets its own answer', async () => {
    const { batcher, sizes, free } = rig({ held: true });
    const asked = [rows(1), rows(2, 5), rows(3)].map((one) => batcher.ask(one));
    free();
    const [first, second, third] = await Promise.all(asked);
    expect([first, second, third].map((one) => numbers(one as Scored))).toEqual([[2], [4, 10], [6]]);
    expect(second?.failed).toEqual(new Map([[1, 'five']]));
    expect(sizes).toEqual([1, 3]);
  });

  test('are no more rows at once than are set, unless one has more', async () => {
    const { batcher, sizes, free } = rig({ held: true, rows: 2 });
    const asked = [rows(0), rows(1), rows(2), rows(3), rows(1, 2, 3)].map((one) => batcher.ask(one));
    free();
    await Promise.all(asked);
    expect(sizes).toEqual([1, 2, 1, 3]);
  });

  test('one at which the scorer ends each time fails; those beside it are answered, and so is one that was only there', async () => {
    const { batcher, free, starts } = rig({ held: true });
    const asked = [rows(0), rows(1), rows(666), rows(13)].map((one) => batcher.ask(one).then(numbers, (error: Error) => error.message));
    free();
    expect(await Promise.all(asked)).toEqual([[0], [2], "the model's process ended over this request, twice: it crashed", [26]]);
    expect(starts()).toBeGreaterThan(2);
    expect(numbers(await batcher.ask(rows(4)))).toEqual([8]);
  });

  test('that the model refuses do not take others with them', async () => {
    const { batcher, free } = rig({ held: true });
    const asked = [rows(0), rows(1), rows(400)].map((one) => batcher.ask(one).then(numbers, (error: Error) => error.message));
    free();
    expect(await Promise.all(asked)).toEqual([[0], [2], 'the model says no']);
  });

  test('are refused where too many wait, and all are answered before it is drained', async () => {
    const { batcher, free } = rig({ held: true, most: 2 });
    const asked = [batcher.ask(rows(1)), batcher.ask(rows(2))];
    await expect(batcher.ask(rows(3))).rejects.toThrow('2 rows wait for the model already');
    let drained = false;
    const done = batcher.drained().then(() => { drained = true; });
    expect(drained).toBe(false);
    free();
    await Promise.all(asked);
    await done;
    expect(batcher.waiting).toBe(0);
  });

  test('wait for others where that is set', async () => {
    const { batcher, sizes } = rig({ waitMs: 5 });
    await Promise.all([batcher.ask(rows(1)), batcher.ask(rows(2))]);
    expect(sizes).toEqual([2]);
  });

  test('end with the server', async () => {
    const { batcher, sizes } = rig({ held: true });
    void batcher.ask(rows(1)).catch(() => undefined);
    const waiting = batcher.ask(rows(2));
    await until('the first to run', () => sizes.length === 1);
    batcher.dispose();
    await expect(waiting).rejects.toThrow('stopping');
  });
});
