/** Starting a retraining, and replaying what a policy would have done. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { RetrainingRun } from '../../protocol/monitoring';
import { pickStep, textStep } from '../base/steps';
import { saveFirst } from '../commands/launch';
import type { Host } from '../host';
import { showBacktest } from './documents';
import { python, watchedJob } from './run';
import { expectEnd } from './retrained';
import { attemptWords, isGoing } from './words';

/** Says why and starts it; what cool-down or budget holds back can be forced, with a reason. */
export async function retrain(host: Host, name: string, alert?: string): Promise<void> {
  const reason = await textStep({ title: `Retrain: ${name}`, value: '', prompt: 'Why now; may be empty' });
  if (typeof reason !== 'string') return;
  const ask = (why: string, force: boolean): Promise<RetrainingRun> => host.engine.request('retraining.run', { name, reason: why, force, ...(alert === undefined ? {} : { alert }) });
  const anyway = async (held: string): Promise<RetrainingRun | undefined> => {
    const choice = await vscode.window.showWarningMessage(`Runyard: ${held}`, 'Retrain Anyway\u2026');
    const why = choice === undefined ? undefined : await askForce(name, reason.trim());
    return why === undefined ? undefined : ask(why, true);
  };
  try {
    const first = await ask(reason.trim(), false);
    const done = first.state === 'held' ? await anyway(`${name} is held back: ${first.text}`) : first;
    if (done) tell(done);
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'refused' || !/\bforce/i.test(error.hint)) throw error;
    const done = await anyway(error.message);
    if (done) tell(done);
  } finally {
    host.monitoring.refresh();
  }
}

/** `before`: what was said already. */
async function askForce(name: string, before: string): Promise<string | undefined> {
  const why = await textStep({ title: `Retrain Anyway: ${name}`, value: before, prompt: 'Why cool-down and budget are passed over: it stays with the retraining', check: (value) => (value.trim() === '' ? { wrong: 'say why' } : {}) });
  return typeof why === 'string' ? why.trim() : undefined;
}

/** It takes a while: what comes of it is told when it ends. */
function tell(done: RetrainingRun): void {
  const { id, name, text } = done;
  if (isGoing(done)) expectEnd(id);
  const words = isGoing(done) ? `${name} has begun. What comes of it is told here, and stands in the Monitoring tree.` : `${name}: ${text === '' ? attemptWords(done, Date.now()) : text}`;
  void vscode.window.showInformationMessage(`Runyard: ${words}`);
}

/** The logged history under each policy, as a report. */
export async function backtest(host: Host, name: string): Promise<void> {
  const run = await pickStep<boolean>({
    title: `Back-Test Retraining: ${name}`, placeholder: 'Which models stand for those that a policy would have made', back: false, items: [
      { label: '$(zap) Trees That Stand In', description: 'fitted on the logged rows: seconds', value: false },
      { label: '$(play) The Experiment Itself', description: 'its command runs once for each model: as long as that takes', value: true },
    ],
  });
  if (typeof run !== 'boolean') return;
  if (run) await saveFirst();
  const found = await watchedJob(host, `back-testing ${name}`, async (job) => host.engine.request('retraining.backtest', { job, name, run, ...(await python(host)) }));
  await showBacktest(found);
}
