/** Long questions of evaluations: with progress while they are answered, and stopped when the person says so. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { EvaluationDoc, EvaluationProgress } from '../../protocol/evaluation/result';
import { formatAgo } from '../base/format';
import { saveFirst } from '../commands/launch';
import type { Host } from '../host';
import { chosenInterpreter } from '../python';
import { configFile, textOf } from './place';
import { progressWords } from './words';
import { scanEntries } from './yaml';

/** `configured` is a name of runyard.yaml; `request` goes before what that says. */
export interface Asked { configured?: string | undefined; request?: Record<string, unknown> | undefined; fresh?: boolean }
export interface Evaluated { evaluation: EvaluationDoc; /** kept from before */ cached: boolean }
export interface Watched { token?: vscode.CancellationToken; tell?(progress: EvaluationProgress): void }

/** Evaluations that this window asked for. */
export const madeHere = new Set<string>();

/** Evaluates. What is being edited is saved first, if the settings want that. @throws RunyardError 'cancelled' where the person stopped it */
export async function evaluate(host: Host, asked: Asked, { token, tell }: Watched = {}): Promise<Evaluated> {
  await saveFirst();
  const job = randomUUID();
  const python = host.folder === undefined ? undefined : await chosenInterpreter(host.folder.uri, host.log);
  const refuseCancelled = (): void => { if (token?.isCancellationRequested) throw new RunyardError('cancelled', 'the evaluation was cancelled'); };
  const stop = (): void => {
    host.engine.request('evaluations.cancel', { job }).catch((error: unknown) => host.log.warn(`the evaluation could not be stopped: ${describeError(error)}`));
  };
  refuseCancelled();
  const subscriptions = [
    host.engine.onEvaluating((progress) => { if (progress.job === job) tell?.(progress); }),
    ...(token ? [token.onCancellationRequested(stop)] : []),
  ];
  try {
    const answer = await host.engine.request('evaluations.run', {
      job, workspaceSlices: true, fresh: asked.fresh ?? false,
      ...(asked.configured === undefined ? {} : { configured: asked.configured }),
      ...(asked.request === undefined ? {} : { request: asked.request }),
      ...(python === undefined ? {} : { python }),
    });
    madeHere.add(answer.evaluation.id);
    return answer;
  } catch (error) {
    refuseCancelled();
    throw error;
  } finally {
    for (const one of subscriptions) one.dispose();
  }
}

/** The same with a notification that counts along and has a Cancel button. @throws RunyardError */
export async function evaluateInNotification(host: Host, asked: Asked, { title, tell }: { title: string; tell?(progress: EvaluationProgress): void }): Promise<Evaluated> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Runyard: ${title}`, cancellable: true }, (progress, token) =>
    evaluate(host, asked, {
      token,
      tell(now) {
        progress.report({ message: progressWords(now) });
        tell?.(now);
      },
    }));
}

/** Says that the answer is one that was there already; evaluates afresh where the person wants that. */
export async function tellCached({ evaluation, cached }: Evaluated, again: () => Promise<void>): Promise<void> {
  if (!cached) return;
  const when = formatAgo(evaluation.created / 1000, Date.now() / 1000);
  const choice = await vscode.window.showInformationMessage(`Runyard: model, data and slices are those of ${evaluation.name} from ${when}, so that answer is shown.`, 'Evaluate Afresh');
  if (choice) await again();
}

/** By its name where runyard.yaml still has it, so that what was changed there counts; else as it was asked. */
export async function questionOf(host: Host, doc: EvaluationDoc, fresh: boolean): Promise<Asked> {
  const { configured } = await host.engine.request('evaluations.list', { limit: 1 });
  const name = doc.request.name;
  if (name !== undefined && configured.includes(name)) return { configured: name, fresh };
  // Slices and pinned examples come from the workspace again, as they are there now.
  const file = await configFile(host);
  const there = new Set(scanEntries(file === undefined ? '' : await textOf(file)).filter(({ section }) => section === 'slices').map((entry) => entry.name));
  return { request: { ...doc.request, pinned: [], slices: doc.request.slices.filter((slice) => !there.has(slice.name)) }, fresh };
}
