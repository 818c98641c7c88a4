/** Starting a retraining, and replaying what a policy would have done. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { RetrainingRun } from '../../protocol/monitoring';
import { textStep } from '../base/steps';
import type { Host } from '../host';
import { showBacktest } from './documents';
import { python, watchedJob } from './run';
import { attemptWords } from './words';

/** Says why and starts it; what cool-down or budget holds back can be forced, with a reason. */
export async function retrain(host: Host, name: string, alert?: string): Promise<void> {
  const reason = await textStep({ title: `Retrain: ${name}`, value: '', prompt: 'Why now; may be empty' });
  if (typeof reason !== 'string') return;
  const ask = (why: string, force: boolean): Promise<RetrainingRun> => host.engine.request('retraining.run', { name, reason: why, force, ...(alert === undefined ? {} : { alert }) });
  try {
    await tell(host, await ask(reason.trim(), false), (why) => ask(why, true));
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'refused' || !/\bforce/i.test(error.hint)) throw error;
    const choice = await vscode.window.showWarningMessage(`Runyard: ${error.message}`, 'Retrain Anyway\u2026');
    const why = choice === undefined ? undefined : await askForce(name);
    if (why !== undefined) await tell(host, await ask(why, true));
  } finally {
    host.monitoring.refresh();
  }
}

async function askForce(name: string): Promise<string | undefined> {
  const why = await textStep({ title: `Retrain Anyway: ${name}`, value: '', prompt: 'Why cool-down and budget are passed over: it stays with the retraining', check: (value) => (value.trim() === '' ? { wrong: 'say why' } : {}) });
  return typeof why === 'string' ? why.trim() : undefined;
}

async function tell(host: Host, done: RetrainingRun, force?: (why: string) => Promise<RetrainingRun>): Promise<void> {
  const { name, state, text, run } = done;
  if (state === 'held' && force) {
    const choice = await vscode.window.showWarningMessage(`Runyard: ${name} is held back: ${text}`, 'Retrain Anyway\u2026');
    const why = choice === undefined ? undefined : await askForce(name);
    if (why !== undefined) await tell(host, await force(why));
    return;
  }
  const words = `Runyard: ${name}: ${text === '' ? attemptWords(done, Date.now()) : text}`;
  const show = state === 'failed' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  void show(words, ...(run === null ? [] : ['Show Run'])).then((choice) => (choice === undefined ? undefined : vscode.commands.executeCommand('runyard.showDetails', run)));
}

/** The logged history under each policy, as a report. */
export async function backtest(host: Host, name: string): Promise<void> {
  const found = await watchedJob(host, `back-testing ${name}`, async (job) => host.engine.request('retraining.backtest', { job, name, ...(await python(host)) }));
  await showBacktest(found);
}
