/** Long questions of the registry: with progress while they are answered, and stopped when the person says so. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { MethodParams } from '../../protocol/engine';
import type { GateReport, Promotion, Rollback } from '../../protocol/registry';
import { progressWords } from '../evaluation/words';
import type { Host } from '../host';
import { chosenInterpreter } from '../python';

/** A question with a job of our making; in a notification that counts along and has a Cancel button. @throws RunyardError 'cancelled' where the person stopped it */
export function watched<T>(host: Host, title: string, ask: (job: string) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Runyard: ${title}`, cancellable: true }, async (progress, token) => {
    const job = randomUUID();
    const stop = (): void => {
      host.engine.request('registry.cancel', { job }).catch((error: unknown) => host.log.warn(`${title} could not be stopped: ${describeError(error)}`));
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

/** The Python that the person chose: what an evaluation of a command or a rule runs with. */
async function python(host: Host): Promise<{ python?: string }> {
  const chosen = host.folder === undefined ? undefined : await chosenInterpreter(host.folder.uri, host.log);
  return chosen === undefined ? {} : { python: chosen };
}

export const askGates = async (host: Host, args: Omit<MethodParams<'registry.gate'>, 'python'>): Promise<GateReport> => host.engine.request('registry.gate', { ...args, ...(await python(host)) });
export const askPromote = async (host: Host, args: Omit<MethodParams<'registry.promote'>, 'python'>): Promise<Promotion> => host.engine.request('registry.promote', { ...args, ...(await python(host)) });
export const askRollback = async (host: Host, args: Omit<MethodParams<'registry.rollback'>, 'python'>): Promise<Rollback> => host.engine.request('registry.rollback', { ...args, ...(await python(host)) });
