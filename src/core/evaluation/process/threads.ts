/** Worker threads: pure work by its name, handed out as threads get free. */
import { parentPort, Worker } from 'node:worker_threads';
import { RunyardError } from '../../base/errors';
import { stopped } from '../../base/stopping';

/** Results are copied; what is given in shared memory is worked on where it lies. */
export type ThreadWork = Readonly<Record<string, (params: never) => unknown>>;
interface Asked { name: string; params: unknown }
interface Answered { result?: unknown; error?: string }
interface Task { asked: Asked; resolve(result: unknown): void; reject(error: Error): void }

/** The thread is gone, with whatever it was doing: its memory was too little, or it could not start. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

/** What a worker thread does: answers until it is ended. */
export function answerThreads(work: ThreadWork): void {
  parentPort?.on('message', ({ name, params }: Asked) => {
    let answer: Answered;
    try {
      answer = { result: (work[name] as (params: unknown) => unknown)(params) };
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(answer);
  });
}

export interface Threads extends AsyncDisposable {
  /** Throws `ThreadLost`, cancelled where the signal says so, and internal for what the work throws. */
  ask<T>(name: string, params: unknown): Promise<T>;
}

/** At most `threads` of them, each started when there is work for it. `script`: a program that calls `answerThreads`. */
export function startThreads(script: string, { threads, signal }: { threads: number; signal?: AbortSignal | undefined }): Threads {
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const living = new Map<Worker, Task | null>();
  let lost = 0;
  const give = (worker: Worker, task: Task): void => {
    living.set(worker, task);
    worker.postMessage(task.asked);
  };
  const start = (): Worker => {
    const worker = new Worker(script, { stdout: false });
    worker.on('message', ({ result, error }: Answered) => {
      const task = living.get(worker);
      const next = waiting.shift();
      living.set(worker, null);
      if (next) give(worker, next);
      else idle.push(worker);
      if (error === undefined) task?.resolve(result);
      else task?.reject(new RunyardError('internal', `a thread could not do its part (${task.asked.name}): ${error}`, 'report it with the data at hand'));
    });
    const gone = (): void => {
      if (!living.has(worker)) return;
      const task = living.get(worker);
      living.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      lost += 1;
      for (const one of [...(task ? [task] : []), ...(living.size === 0 ? waiting.splice(0) : [])]) one.reject(new ThreadLost(one.asked.name));
    };
    worker.on('error', gone);
    worker.on('exit', gone);
    return worker;
  };
  const end = async (why: () => Error): Promise<void> => {
    const workers = [...living];
    living.clear();
    for (const task of [...waiting.splice(0), ...workers.flatMap(([, task]) => task ?? [])]) task.reject(why());
    await Promise.all(workers.map(([worker]) => worker.terminate()));
  };
  const stop = (): void => void end(stopped);
  signal?.addEventListener('abort', stop, { once: true });
  return {
    ask: <T>(name: string, params: unknown) => new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted) return reject(stopped());
      const task: Task = { asked: { name, params }, resolve, reject };
      const free = idle.pop();
      if (free) give(free, task);
      else if (living.size + lost < threads) give(start(), task);
      else if (living.size > 0) waiting.push(task);
      else reject(new ThreadLost(name));
    }) as Promise<T>,
    [Symbol.asyncDispose]: async () => {
      signal?.removeEventListener('abort', stop);
      await end(stopped);
    },
  };
}
