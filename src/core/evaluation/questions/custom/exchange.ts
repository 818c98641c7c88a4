/** One question at a time to something that answers, can be too slow, can be stopped and can end by itself. */
import { RunyardError } from '../../../base/errors';
import { stopped } from '../../../base/stopping';
import type { Disposable } from '../../../base/disposable';
import type { CustomPlace } from './place';

export interface Asked extends Disposable {
  /** Throws bad_input where the other side ends first or takes longer than allowed, cancelled where it was told to stop. */
  ask(question: unknown): Promise<unknown>;
}
export interface Exchange extends Asked { answered(answer: unknown): void; ended(error: RunyardError): void }

export function createExchange(of: string, { signal, seconds = 300 }: CustomPlace, { post, kill }: { post(question: unknown): void; kill(): void }): Exchange {
  let waiting: { done(answer: unknown): void; failed(error: RunyardError): void } | null = null;
  let over: RunyardError | null = null;
  const ended = (error: RunyardError): void => {
    over ??= error;
    kill();
    waiting?.failed(over);
    waiting = null;
  };
  const stop = (): void => ended(stopped());
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  return {
    ask: (question) => new Promise((resolve, reject) => {
      if (over) return reject(over);
      const late = setTimeout(() => ended(new RunyardError('bad_input', `${of} took longer than ${seconds} s`, 'make the function faster, or give it fewer rows')), seconds * 1000);
      waiting = {
        done(answer) { clearTimeout(late); resolve(answer); },
        failed(error) { clearTimeout(late); reject(error); },
      };
      post(question);
    }),
    answered(answer) {
      const asked = waiting;
      waiting = null;
      asked?.done(answer);
    },
    ended,
    dispose() {
      signal?.removeEventListener('abort', stop);
      stop();
    },
  };
}
