/** Long questions outside a panel: with progress while they are answered, and stopped when the person says so. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../core/base/errors';
import { progressWords } from './evaluation/words';
import type { Host } from './host';
import { chosenInterpreter } from './python';

export interface Watched { title: string; /** the engine's method that stops a job of this kind */ cancel: 'registry.cancel' | 'monitors.cancel' }

/** A question with a job of our making; in a notification that counts along and has a Cancel button. @throws RunyardError 'cancelled' where the person stopped it */
export function watchedJob<T>(host: Host, { title, cancel }: Watched, ask: (job: string) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Runyard: ${title}`, cancellable: true }, async (progress, token) => {
    const job = randomUUID();
    const stop = (): void => {
      host.engine.request(cancel, { job }).catch((error: unknown) => host.log.warn(`${title} could not be stopped: ${describeError(error)}`));
    };
    const subscriptions = [
      host.engine.onEvaluating((now) => { if (now.job === job) progress.report({ message: progressWords(now) }); }),
      token.onCancellationRequested(stop),
    ];
    try {
      return await ask(job);
    } catch (error) {
      if (token.isCancellationRequested) throw new RunyardError('cancelled', `${title} was cancelled`);
      throw error;
    } finally {
      for (const one of subscriptions) one.dispose();
    }
  });
}

/** The Python that the person chose: what a command, a rule, a check or a retraining runs with. */
export async function python(host: Host): Promise<{ python?: string }> {
  const chosen = host.folder === undefined ? undefined : await chosenInterpreter(host.folder.uri, host.log);
  return chosen === undefined ? {} : { python: chosen };
}
