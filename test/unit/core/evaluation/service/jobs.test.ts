import { describe, expect, it, vi, onTestFinished } from 'vitest';
import { createJobTable, createLane, type Asker } from '../../../../../src/core/evaluation/service/jobs';
import type { EvaluationProgress } from '../../../../../src/protocol/evaluation/result';

const never = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));

describe('long questions', () => {
  it('are told of at most ten times a second, the newest word last', async () => {
    vi.useFakeTimers();
    onTestFinished(() => { vi.useRealTimers(); });
    const told: EvaluationProgress[] = [];
    const jobs = createJobTable((progress) => told.push(progress));
    const done = jobs.run('a', undefined, async ({ progress }) => {
      for (let i = 0; i < 1000; i++) {
        progress('scoring', i, 1000);
        await vi.advanceTimersByTimeAsync(1);
      }
      await vi.advanceTimersByTimeAsync(200);
    });
    await done;
    expect(told.length).toBeGreaterThan(8);
    expect(told.length).toBeLessThanOrEqual(12);
    expect([told[0], told.at(-1)]).toEqual([{ job: 'a', phase: 'scoring', done: 0, total: 1000 }, { job: 'a', phase: 'scoring', done: 999, total: 1000 }]);
  });

  it('are stopped by their name, and by nothing else', async () => {
    const jobs = createJobTable(() => undefined);
    const a = jobs.run('a', undefined, ({ signal }) => never(signal));
    expect([jobs.busy(), jobs.cancel('b')]).toEqual([true, false]);
    await expect(jobs.run('a', undefined, async () => 1)).rejects.toMatchObject({ code: 'conflict' });
    expect(jobs.cancel('a')).toBe(true);
    await expect(a).rejects.toThrow('stopped');
    expect([jobs.busy(), jobs.cancel('a')]).toEqual([false, false]);
  });

  it('of somebody who is gone are stopped, those of others go on', async () => {
    const jobs = createJobTable(() => undefined);
    const asker = (): { asker: Asker; go(): void; listeners: (() => void)[] } => {
      const listeners: (() => void)[] = [];
      return { listeners, asker: { onGone: (heard) => { listeners.push(heard); } }, go: () => { for (const heard of listeners) heard(); } };
    };
    const [one, other] = [asker(), asker()];
    await jobs.run('short', one.asker, async () => 1);
    const mine = jobs.run('mine', one.asker, ({ signal }) => never(signal));
    const theirs = jobs.run('theirs', other.asker, ({ signal }) => never(signal));
    expect(one.listeners).toHaveLength(1);
    one.go();
    await expect(mine).rejects.toThrow('stopped');
    expect(jobs.busy()).toBe(true);
    jobs.dispose();
    await expect(theirs).rejects.toThrow('stopped');
  });

  it('pass one at a time in the order in which they came; whoever gives up makes room', async () => {
    const lane = createLane();
    const signal = new AbortController().signal;
    const gives = new AbortController();
    const ahead: string[] = [];
    const waiting = (name: string) => (n: number) => { ahead.push(`${name} ${n}`); };
    const order: string[] = [];
    const first = await lane.enter(signal, waiting('first'));
    const second = lane.enter(gives.signal, waiting('second'));
    const third = lane.enter(signal, waiting('third')).then((turn) => { order.push('third'); return turn; });
    const fourth = lane.enter(signal, waiting('fourth')).then((turn) => { order.push('fourth'); return turn; });
    gives.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(order).toEqual([]);
    first.dispose();
    first.dispose();
    (await third).dispose();
    (await fourth).dispose();
    expect(order).toEqual(['third', 'fourth']);
    expect(ahead).toEqual(['second 1', 'third 2', 'fourth 3', 'fourth 1']);
    (await lane.enter(signal, waiting('fifth'))).dispose();
    await expect(lane.enter(gives.signal, waiting('late'))).rejects.toMatchObject({ code: 'cancelled' });
  });
});
