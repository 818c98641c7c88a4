/** The engine's side of evaluator processes: starts them, asks them, stops them. A crash in one is an error of its jobs and of nothing else. */
import { fork, type ChildProcess } from 'node:child_process';
import { RunyardError, type ErrorCode } from '../../base/errors';
import { stopped } from '../../base/stopping';
import type { Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import type { FromEvaluator, JobName, JobParams, JobResult, ToEvaluator } from './jobs';

export interface Watching { signal?: AbortSignal | undefined; progress?: ((phase: string, done: number, total: number) => void) | undefined }
export interface Evaluator extends Disposable {
  /** In a process of its own, which ends with the job: where the signal is given and it doesn't stop in time it is killed. */
  alone<K extends JobName>(name: K, params: JobParams<K>, watching?: Watching): Promise<JobResult<K>>;
  /** In a process that stays for the next short question, until nobody has asked for a while. */
  ask<K extends JobName>(name: K, params: JobParams<K>, watching?: Watching): Promise<JobResult<K>>;
}
export interface EvaluatorOptions { /** path of the evaluator's bundle */ script: string; log: Log; idleSeconds?: number; graceMs?: number }

interface Pending { done(result: unknown): void; failed(error: RunyardError): void; progress: Watching['progress'] }
interface Child { process: ChildProcess; pending: Map<number, Pending>; errors: string; close(): void }

export function createEvaluator({ script, log, idleSeconds = 60, graceMs = 2000 }: EvaluatorOptions): Evaluator {
  const children = new Set<Child>();
  let warm: Child | null = null;
  let idle: NodeJS.Timeout | undefined;
  let next = 1;
  let disposed = false;

  function start(): Child {
    const child: Child = {
      process: fork(script, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [] }),
      pending: new Map(), errors: '', close: () => child.process.kill('SIGKILL'),
    };
    children.add(child);
    child.process.stderr?.on('data', (text) => { child.errors = (child.errors + String(text)).slice(-4000); });
    child.process.on('message', (message: FromEvaluator) => hear(child, message));
    child.process.on('error', (error) => lose(child, error.message));
    child.process.on('exit', (code, signal) => lose(child, `it ended with ${signal ?? code ?? 'nothing'}`));
    return child;
  }

  function hear(child: Child, message: FromEvaluator): void {
    if (message.kind === 'ready') return;
    const asked = child.pending.get(message.job);
    if (message.kind === 'progress') {
      asked?.progress?.(message.phase, message.done, message.total);
      return;
    }
    child.pending.delete(message.job);
    if (message.kind === 'done') asked?.done(message.result);
    else asked?.failed(new RunyardError(message.code as ErrorCode, message.message, message.hint));
    if (message.kind === 'failed' && message.code === 'internal') log.error('a job of the evaluator failed', new Error(message.message));
  }

  /** Whoever waits for it hears why; a native crash says little more than its signal. */
  function lose(child: Child, why: string): void {
    if (!children.delete(child)) return;
    if (warm === child) warm = null;
    if (child.errors.trim()) log.warn(`the evaluator said: ${child.errors.trim()}`);
    for (const asked of child.pending.values()) asked.failed(disposed ? stopped('the engine is stopping') : new RunyardError('internal', `the evaluation's process ended: ${why}`, "try again; where it happens again, the engine's log has its last words, and less memory may help: fewer rows, or a smaller batch"));
    child.pending.clear();
  }

  function post<K extends JobName>(child: Child, { name, params, watching = {} }: { name: K; params: JobParams<K>; watching?: Watching | undefined }): Promise<JobResult<K>> {
    const job = next++;
    const { signal, progress } = watching;
    return new Promise<JobResult<K>>((resolve, reject) => {
      if (signal?.aborted) return reject(stopped());
      let kill: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        child.process.send({ kind: 'cancel', job } satisfies ToEvaluator, (error) => { if (error) lose(child, error.message); });
        kill = setTimeout(() => giveUp(child, job), graceMs);
      };
      const settle = (): void => {
        clearTimeout(kill);
        signal?.removeEventListener('abort', cancel);
      };
      child.pending.set(job, {
        progress,
        done(result) { settle(); resolve(result as JobResult<K>); },
        failed(error) { settle(); reject(signal?.aborted ? stopped() : error); },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      child.process.send({ kind: 'job', job, name, params } satisfies ToEvaluator, (error) => { if (error) lose(child, error.message); });
    });
  }

  /** It doesn't stop: its process ends, unless others wait for that one too; then only this one's answer is waited for no more. */
  function giveUp(child: Child, job: number): void {
    if (child.pending.size <= 1) return child.close();
    const asked = child.pending.get(job);
    child.pending.delete(job);
    asked?.failed(stopped());
  }

  function rest(): void {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (!warm || warm.pending.size > 0) return;
      warm.close();
      warm = null;
    }, idleSeconds * 1000);
    idle.unref();
  }

  async function alone<K extends JobName>(name: K, params: JobParams<K>, watching?: Watching): Promise<JobResult<K>> {
    const child = start();
    try {
      return await post(child, { name, params, watching });
    } finally {
      child.close();
    }
  }

  return {
    alone,
    async ask(name, params, watching) {
      const child = (warm ??= start());
      try {
        return await post(child, { name, params, watching });
      } catch (error) {
        // It died, perhaps before it heard of this: once more by itself, so that whichever question it was dies alone.
        if (children.has(child) || disposed || watching?.signal?.aborted) throw error;
        return await alone(name, params, watching);
      } finally {
        rest();
      }
    },
    dispose() {
      disposed = true;
      clearTimeout(idle);
      for (const child of [...children]) child.close();
    },
  };
}
