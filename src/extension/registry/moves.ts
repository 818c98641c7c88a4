/** Promoting and rolling back as a person goes through it: what would change, a word of agreement, the move, and what came of it with the way on. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { GateReport, Plan } from '../../protocol/registry';
import type { Host } from '../host';
import { showGateReport, showHistory } from './documents';
import { expectOwn } from './attention-keys';
import { askPromote, askRollback, watched } from './run';
import { blockedLines, onlyApproval, planLines, promotedWords, reasonFault, rolledBackWords } from './words';

export interface Move { model: string; version: number; to: string }
export interface BackMove { model: string; environment: string; /** the one that was live before, where none is named */ to?: number }

/** Says exactly what will change and waits for a yes. @throws RunyardError refused where something stands in the way whatever the gates say */
async function agreed(plan: Plan, { rollback, forced, reason }: { rollback: boolean; forced?: readonly string[]; reason?: string }): Promise<boolean> {
  const { model, environment, to, refusal } = plan;
  if (refusal !== null) throw new RunyardError('refused', refusal);
  const word = forced ? (rollback ? 'Roll Back Anyway' : 'Promote Anyway') : rollback ? 'Roll Back' : 'Promote';
  const title = rollback ? `Roll ${model} in ${environment} back to version ${to}?` : `${forced ? 'Force' : 'Promote'} ${model} version ${to} ${forced ? 'into' : 'to'} ${environment}?`;
  const shown = { ...plan, folder: vscode.workspace.asRelativePath(plan.folder, false) };
  const detail = planLines(shown, { now: Date.now(), rollback, ...(forced ? { forced } : {}), ...(reason ? { reason } : {}) }).join('\n');
  return (await vscode.window.showWarningMessage(title, { modal: true, detail }, word)) === word;
}

/** A last word before something is forced: what changes, and what is passed over. What the gates say is not known here; the caller's page shows it. */
export async function confirmForced(host: Host, { model, environment, version, rollback, reason }: { model: string; environment: string; version: number; rollback: boolean; reason: string }): Promise<boolean> {
  const plan = await host.engine.request('registry.plan', { model, version, to: environment, rollback });
  return agreed(plan, { rollback, forced: [], reason });
}

/** Why it is done, for the ledger; nothing where the person turned away. An empty one is fine unless it is forced. */
export function askReason(title: string, forced: boolean): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title, ignoreFocusOut: true, prompt: forced ? 'Why the gates are passed over: this stays in the ledger for ever' : 'Why, for the ledger and the manifest; may be empty',
    validateInput: (value) => (forced ? reasonFault(value) : undefined),
  });
}

/** Asks, promotes, and tells what came of it. */
export async function promote(host: Host, { model, version, to }: Move): Promise<void> {
  const reason = await askReason(`Promote ${model} version ${version} to ${to}`, false);
  if (reason === undefined) return;
  const plan = await host.engine.request('registry.plan', { model, version, to });
  if (!(await agreed(plan, { rollback: false, reason }))) return;
  await carryOut(host, { plan, reason, force: false });
}

/** A second word for what the gates stopped: with a reason, and the names of what is passed over. */
export async function forcePromote(host: Host, report: GateReport): Promise<void> {
  const { model, version, environment } = report;
  const reason = await askReason(`Force ${model} version ${version} into ${environment}`, true);
  if (reason === undefined) return;
  const plan = await host.engine.request('registry.plan', { model, version, to: environment });
  if (await agreed(plan, { rollback: false, reason, forced: blockedLines({ report }) })) await carryOut(host, { plan, reason, force: true });
}

async function carryOut(host: Host, { plan, reason, force }: { plan: Plan; reason: string; force: boolean }): Promise<void> {
  const { model, environment, to: version } = plan;
  const own = expectOwn({ model, version, environment });
  try {
    const done = await watched(host, `promoting ${model} ${version} to ${environment}`, (job) => askPromote(host, { model, version, to: environment, reason, force, expect: plan.from, job }));
    if (!done.promoted) return void tellBlocked(host, done.report);
    const words = `Runyard: ${promotedWords(model, done)}`;
    const troubled = done.rolledBack || done.hooks.some(({ outcome }) => outcome !== 'done');
    void tell(troubled ? vscode.window.showWarningMessage : vscode.window.showInformationMessage, words, { model, version, environment, report: done.report });
  } finally {
    own.dispose();
  }
}

type Say = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function tell(say: Say, words: string, about: { model: string; version: number; environment: string; report?: GateReport }): Promise<void> {
  const choice = await say(words, ...(about.report ? ['Show Gates'] : []), 'Show History');
  if (choice === 'Show Gates' && about.report) await showGateReport(about.report);
  if (choice === 'Show History') await showHistory(about.model);
}

/** What stopped it, and what can be done about that: an expected outcome, no error. */
export async function tellBlocked(host: Host, report: GateReport): Promise<void> {
  const { model, version, environment } = report;
  const approval = onlyApproval({ report });
  const own = approval && await isOwn(host, report);
  const lines = blockedLines({ report });
  const words = approval
    ? `Runyard: ${model} ${version} waits for approval before it goes to ${environment}; all else is well.${own ? ' It is your own version: somebody else has to approve it.' : ''}`
    : `Runyard: ${model} ${version} was not promoted to ${environment}. ${lines.slice(0, 2).join('. ')}${lines.length > 2 ? `, and ${lines.length - 2} more` : ''}.`;
  const say = approval ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const choice = await say(words, 'Show Gates', ...(approval && !own ? ['Approve…'] : []), 'Force…');
  if (choice === 'Show Gates') await showGateReport(report);
  if (choice === 'Approve…') await vscode.commands.executeCommand('runyard.approve', { model, version, environment });
  if (choice === 'Force…') await forcePromote(host, report);
}

/** Whether whoever works here made the version: their approval would count nothing. */
async function isOwn({ engine }: Host, { model, version, environment }: GateReport): Promise<boolean> {
  const { waiting } = await engine.request('registry.models', {});
  return waiting.some((row) => row.own === true && row.model === model && row.version === version && row.environment === environment);
}

/** One step back, or to a version that is named: what changes, a yes, and it is done. */
export async function rollBack(host: Host, { model, environment, to }: BackMove): Promise<void> {
  const plan = await host.engine.request('registry.plan', { model, to: environment, rollback: true, ...(to === undefined ? {} : { version: to }) });
  if (!(await agreed(plan, { rollback: true }))) return;
  try {
    await carryBack(host, plan, { reason: '', force: false });
  } catch (error) {
    if (!mayForce(error)) throw error;
    const choice = await vscode.window.showErrorMessage(`Runyard: ${error.message}`, 'Roll Back Anyway…');
    if (choice === undefined) return;
    const reason = await askReason(`Roll ${model} in ${environment} back to version ${plan.to} anyway`, true);
    if (reason !== undefined && (await agreed(plan, { rollback: true, reason, forced: [error.message] }))) await carryBack(host, plan, { reason, force: true });
  }
}

/** Some refusals can be overridden: those say so. */
const mayForce = (error: unknown): error is RunyardError => error instanceof RunyardError && error.code === 'refused' && /\bforce/i.test(error.hint);

async function carryBack(host: Host, plan: Plan, { reason, force }: { reason: string; force: boolean }): Promise<void> {
  const { model, environment, to } = plan;
  const own = expectOwn({ model, version: to, environment });
  try {
    const done = await watched(host, `rolling ${model} in ${environment} back to version ${to}`, (job) => askRollback(host, { model, environment, to, reason, force, expect: plan.from, job }));
    void tell(vscode.window.showInformationMessage, `Runyard: ${rolledBackWords(model, environment, done)}`, { model, version: to, environment });
  } finally {
    own.dispose();
  }
}
