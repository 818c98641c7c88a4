/** The evaluator: a child process of the engine in which data are read, models run and figures computed. It is asked over IPC, one job beside another, and ends with its parent. */
import { describeError, RunyardError } from '../../base/errors';
import type { FromEvaluator, JobName, JobTable, ToEvaluator } from './jobs';

const running = new Map<number, AbortController>();
const TELL_MS = 100;

function send(message: FromEvaluator): void {
  if (process.connected) process.send?.(message);
}

async function work(jobs: JobTable, { job, name, params }: Extract<ToEvaluator, { kind: 'job' }>): Promise<void> {
  const stop = new AbortController();
  running.set(job, stop);
  let told = 0;
  let last = '';
  const progress = (phase: string, done: number, total: number): void => {
    if (phase === last && done < total && performance.now() - told < TELL_MS) return;
    [told, last] = [performance.now(), phase];
    send({ kind: 'progress', job, phase, done, total });
  };
  try {
    const run = jobs[name] as JobTable[JobName] as (params: unknown, watch: { signal: AbortSignal; progress: typeof progress }) => Promise<unknown>;
    const result = await run(params, { signal: stop.signal, progress });
    send({ kind: 'done', job, result });
  } catch (error) {
    const stopped = stop.signal.aborted;
    const known = error instanceof RunyardError;
    send({
      kind: 'failed', job, code: stopped ? 'cancelled' : known ? error.code : 'internal',
      message: stopped ? 'stopped' : known ? error.message : describeError(error), hint: known ? error.hint : '',
    });
    if (!known && !stopped) process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  } finally {
    running.delete(job);
  }
}

/** Answers jobs until the parent is gone. */
export function serve(jobs: JobTable): void {
  process.on('message', (message: ToEvaluator) => {
    if (message.kind === 'cancel') running.get(message.job)?.abort();
    else void work(jobs, message);
  });
  process.on('disconnect', () => process.exit(0));
  send({ kind: 'ready' });
}
