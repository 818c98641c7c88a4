/** The long questions of one panel: which job's progress is its own, and what is stopped when it is closed. */
import type * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';

export interface PanelJobs extends vscode.Disposable {
  has(job: string): boolean;
  /** Follows the job that the params name, if they do, while it is answered. One that `outlives` the panel isn't stopped with it: its result is kept. */
  during<T>(params: unknown, act: () => Promise<T>, how?: { outlives: boolean }): Promise<T>;
}

/** `stop` asks the engine to end a job; a panel that is closed stops its own. `what` is what they are called where that fails. */
export function panelJobs(host: Host, { what, stop }: { what: string; stop(job: string): Promise<unknown> }): PanelJobs {
  const running = new Map<string, { outlives: boolean }>();
  return {
    has: (job) => running.has(job),
    async during(params, act, how = { outlives: false }) {
      const job = typeof params === 'object' && params !== null && 'job' in params && typeof params.job === 'string' ? params.job : undefined;
      // Words about a job that goes on (to stop it, say) are none of their own.
      if (job === undefined || running.has(job)) return act();
      running.set(job, how);
      try {
        return await act();
      } finally {
        running.delete(job);
      }
    },
    dispose() {
      for (const [job, { outlives }] of running) if (!outlives) stop(job).catch((error: unknown) => host.log.warn(`${what} could not be stopped: ${describeError(error)}`));
    },
  };
}
