/** The server's side of one child process. */
import { fork } from 'node:child_process';
import { RunyardError, type ErrorCode } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import type { Answers, FromScorer, ToScorer } from './protocol';

type Kind = keyof Answers;
export type Question<K extends Kind> = Omit<Extract<ToScorer, { kind: K }>, 'kind' | 'job'>;
/** Its process ended before it answered. */
export class ScorerLost extends Error {
  override readonly name = 'ScorerLost';
}
export interface ScorerChild extends Disposable {
  readonly pid: number | undefined;
  /** Rejects with ScorerLost where the process ends first. */
  ask<K extends Kind>(kind: K, question: Question<K>): Promise<Answers[K]>;
  readonly ended: Promise<string>;
}

export function startChild(script: string): ScorerChild {
  const child = fork(script, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [] });
  const pending = new Map<number, { done(result: unknown): void; failed(error: Error): void }>();
  let next = 1;
  let errors = '';
  let over: string | null = null;
  let tell: (why: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => { tell = resolve; });
  const lose = (why: string): void => {
    if (over !== null) return;
    over = errors.trim() ? `${why}: ${errors.trim().slice(-500)}` : why;
    for (const { failed } of pending.values()) failed(new ScorerLost(over));
    pending.clear();
    tell(over);
  };
  child.stderr?.on('data', (text) => { errors = (errors + String(text)).slice(-4000); });
  child.on('message', (message: FromScorer) => {
    const asked = pending.get(message.job);
    pending.delete(message.job);
    if (message.kind === 'done') asked?.done(message.result);
    else asked?.failed(new RunyardError(message.code as ErrorCode, message.message, message.hint));
  });
  child.on('error', (error) => lose(error.message));
  child.on('exit', (code, signal) => lose(`it ended with ${signal ?? code ?? 'nothing'}`));
  return {
    get pid() { return child.pid; },
    ended,
    ask: <K extends Kind>(kind: K, question: Question<K>) => new Promise<Answers[K]>((resolve, reject) => {
      if (over !== null) return reject(new ScorerLost(over));
      const job = next++;
      pending.set(job, { done: (result) => resolve(result as Answers[K]), failed: reject });
      child.send({ kind, job, ...question } as unknown as ToScorer, (error) => { if (error) lose(error.message); });
    }),
    dispose() { child.kill('SIGKILL'); },
  };
}
