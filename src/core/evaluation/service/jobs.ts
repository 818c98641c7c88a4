/** Long questions under their callers' names: told of while they go on, stopped when asked or when nobody waits for them any more. */
import { disposable, type Disposable } from '../../base/disposable';
import { RunyardError } from '../../base/errors';
import { stopped } from '../../base/stopping';
import type { EvaluationProgress } from '../../../protocol/evaluation/result';

/** Whoever asks, for as long as they are connected. */
export interface Asker { onGone(heard: () => void): void }
export interface Watching { signal: AbortSignal; progress(phase: string, done: number, total: number): void }
export interface JobTable extends Disposable {
  /** Throws conflict where a job of that name goes on. */
  run<T>(job: string, asker: Asker | undefined, work: (watching: Watching) => Promise<T>): Promise<T>;
  /** False where there is no such job. */
  cancel(job: string): boolean;
  busy(): boolean;
}

/** Between two words of one job, ms: at most ten a second. */
const TELL_MS = 100;

export function createJobTable(tell: (progress: EvaluationProgress) => void): JobTable {
  const running = new Map<string, AbortController>();
  const askers = new WeakMap<Asker, Set<AbortController>>();

  /** One listener for each asker, however much they ask. */
  function controllersOf(asker: Asker): Set<AbortController> {
    const known = askers.get(asker);
    if (known) return known;
    const made = new Set<AbortController>();
    askers.set(asker, made);
    asker.onGone(() => { for (const one of made) one.abort(); });
    return made;
  }

  return {
    async run(job, asker, work) {
      if (running.has(job)) throw new RunyardError('conflict', `the job '${job}' goes on already`, 'give each question a name of its own');
      const stop = new AbortController();
      const others = asker && controllersOf(asker);
      const slow = throttle(tell, TELL_MS);
      running.set(job, stop);
      others?.add(stop);
      try {
        return await work({ signal: stop.signal, progress: (phase, done, total) => slow.say({ job, phase, done, total }) });
      } finally {
        slow.dispose();
        running.delete(job);
        others?.delete(stop);
      }
    },
    cancel(job) {
      running.get(job)?.abort();
      return running.has(job);
    },
    busy: () => running.size > 0,
    dispose() { for (const stop of running.values()) stop.abort(); },
  };
}

/** Says the first at once and the newest of the others each `ms`. */
function throttle<T>(tell: (value: T) => void, ms: number): Disposable & { say(value: T): void } {
  let timer: NodeJS.Timeout | undefined;
  let next: { value: T } | null = null;
  const tick = (): void => {
    timer = undefined;
    if (!next) return;
    const { value } = next;
    next = null;
    timer = setTimeout(tick, ms);
    tell(value);
  };
  return {
    say(value) {
      next = { value };
      if (!timer) tick();
    },
    ...disposable(() => {
      clearTimeout(timer);
      timer = undefined;
      next = null;
    }),
  };
}

/** Lets one through at a time, in the order in which they came. */
export interface Lane { enter(signal: AbortSignal, waiting: (ahead: number) => void): Promise<Disposable> }

export function createLane(): Lane {
  interface Waiter { go(): void; waiting(ahead: number): void }
  const queue: Waiter[] = [];
  let busy = false;
  const next = (): void => {
    const first = queue.shift();
    busy = first !== undefined;
    first?.go();
    for (const [i, { waiting }] of queue.entries()) waiting(i + 1);
  };
  return {
    enter: (signal, waiting) => new Promise((resolve, reject) => {
      if (signal.aborted) return reject(stopped());
      const leave = disposable(next);
      if (!busy) {
        busy = true;
        return resolve(leave);
      }
      const waiter: Waiter = {
        waiting,
        go() {
          signal.removeEventListener('abort', giveUp);
          resolve(leave);
        },
      };
      const giveUp = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(stopped());
      };
      signal.addEventListener('abort', giveUp, { once: true });
      queue.push(waiter);
      waiting(queue.length);
    }),
  };
}
