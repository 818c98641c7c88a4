/**
 * Requests of one version put together into batches for its scorer: what queued while the last batch ran is the next one. A scorer that ends is started again and what it was
 * asked is asked once more, each request by itself, so that one that makes it end takes no other with it.
 */
import { RunyardError, describeError } from '../../base/errors';
import { stopped } from '../../base/stopping';
import type { Disposable } from '../../base/disposable';
import type { Rows, Scored } from '../types';
import { joined, part } from './rows';

/** What a batch is given to; rejects with `lost` true where it ended. */
export interface Scorer extends Disposable { score(rows: Rows): Promise<Scored>; lost(error: unknown): boolean; /** when it ended, and why */ readonly ended: Promise<string> }
export interface BatcherOptions {
  /** a new scorer, ready */
  start(): Promise<Scorer>;
  rows: number; waitMs: number;
  /** a scorer that answers no more in this time counts as gone */
  timeoutMs?: number;
  /** rows that may wait; with more a request is refused */
  most?: number;
  onLost(why: string): void;
}
export interface Batcher extends Disposable {
  /** Throws `conflict` where too much waits, `internal` where the scorer ends with it twice or can't be started; what the model throws. */
  ask(rows: Rows): Promise<Scored>;
  readonly waiting: number;
  configure(batch: { rows: number; waitMs: number }): void;
  /** when nothing waits any more */
  drained(): Promise<void>;
}

interface Item { rows: Rows; again: boolean; done(scored: Scored): void; failed(error: Error): void }
const RETRY_MS = [50, 200, 1000, 5000];

export function createBatcher(options: BatcherOptions, first: Scorer): Batcher {
  const { start, onLost, timeoutMs = 60_000, most = 200_000 } = options;
  let { rows: most1, waitMs } = options;
  const queue: Item[] = [];
  const suspects: Item[] = [];
  let scorer: Scorer | null = first;
  let running: Item[] = [];
  let waiting = 0;
  let timer: NodeJS.Timeout | null = null;
  let disposed = false;
  let idle: (() => void)[] = [];

  /** One that ends while nobody asks is started again at once, so that the next one who asks doesn't wait for it. */
  function attend(one: Scorer): Scorer {
    void one.ended.then((why) => {
      if (scorer === one && running.length === 0 && !disposed) lose(one, [], why);
    });
    return one;
  }
  attend(first);

  function pump(): void {
    if (running.length > 0 || disposed) return;
    if (queue.length + suspects.length === 0) {
      for (const tell of idle.splice(0)) tell();
      return;
    }
    if (!scorer) return;
    const suspect = suspects.shift();
    if (suspect) return run([suspect]);
    if (waitMs > 0 && waiting < most1) {
      timer ??= setTimeout(() => { timer = null; run(next()); }, waitMs);
      return;
    }
    run(next());
  }

  function next(): Item[] {
    if (running.length > 0 || !scorer) return [];
    const items: Item[] = [];
    let count = 0;
    for (let item = queue[0]; item && (items.length === 0 || count + item.rows.count <= most1); item = queue[0]) {
      items.push(item);
      count += item.rows.count;
      queue.shift();
    }
    return items;
  }

  function run(items: Item[]): void {
    const asked = scorer;
    if (items.length === 0 || !asked) return;
    running = items;
    if (timer) clearTimeout(timer);
    timer = null;
    void patiently(asked.score(joined(items.map(({ rows }) => rows)))).then((scored) => {
      let from = 0;
      for (const item of items) {
        item.done(part(scored, from, item.rows.count));
        from += item.rows.count;
      }
    }, (error: unknown) => {
      if (disposed) return fail(items, gone());
      if (asked.lost(error) || error instanceof Silent) return lose(asked, items, describeError(error));
      // a question that the model answers with an error: each by itself, so that only the one at fault hears of it
      if (items.length > 1) suspects.push(...items.map((item) => ({ ...item, again: true })));
      else fail(items, error instanceof Error ? error : new Error(String(error)));
    }).then(() => {
      running = [];
      pump();
    });
  }

  function patiently(answer: Promise<Scored>): Promise<Scored> {
    let late: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => { late = setTimeout(() => reject(new Silent(`it did not answer for ${Math.round(timeoutMs / 1000)} s`)), timeoutMs); });
    return Promise.race([answer, silent]).finally(() => clearTimeout(late));
  }

  function fail(items: readonly Item[], error: Error): void {
    for (const { failed } of items) failed(error);
  }

  function lose(asked: Scorer, items: Item[], why: string): void {
    asked.dispose();
    if (scorer === asked) scorer = null;
    onLost(why);
    const [only] = items;
    if (items.length === 1 && only?.again) fail(items, new RunyardError('internal', `the model's process ended over this request, twice: ${why}`, 'look at what is special about its rows'));
    else suspects.unshift(...items.map((item) => ({ ...item, again: true })));
    void restart(0);
  }

  async function restart(attempt: number): Promise<void> {
    if (disposed) return;
    try {
      const fresh = await start();
      if (disposed) return fresh.dispose();
      scorer = attend(fresh);
      pump();
    } catch (error) {
      if (attempt >= RETRY_MS.length - 1) fail([...suspects.splice(0), ...queue.splice(0)], new RunyardError('internal', `the model can't be started again: ${describeError(error)}`, 'it is tried again every few seconds'));
      setTimeout(() => void restart(attempt + 1), RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
  }

  return {
    get waiting() { return waiting; },
    ask: (rows) => new Promise<Scored>((resolve, reject) => {
      if (disposed) return reject(gone());
      if (waiting > 0 && waiting + rows.count > most) return reject(new RunyardError('conflict', `${waiting} rows wait for the model already`, 'send fewer at once, or try again'));
      waiting += rows.count;
      const settle = <T>(then: (value: T) => void) => (value: T): void => {
        waiting -= rows.count;
        then(value);
      };
      queue.push({ rows, again: false, done: settle(resolve), failed: settle(reject) });
      pump();
    }),
    configure(batch) { most1 = batch.rows; waitMs = batch.waitMs; },
    drained: () => new Promise((resolve) => {
      idle.push(resolve);
      pump();
    }),
    dispose() {
      disposed = true;
      if (timer) clearTimeout(timer);
      scorer?.dispose();
      fail([...suspects.splice(0), ...queue.splice(0)], gone());
      for (const tell of idle.splice(0)) tell();
      idle = [];
    },
  };
}

class Silent extends Error {}
const gone = (): RunyardError => stopped('the scoring server is stopping');
