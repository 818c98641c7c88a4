/** Moving what is live: gates, approvals, promoting, rolling back. */
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { Approval, ModelDetail } from '../../protocol/registry';
import { pickStep, textStep } from '../base/steps';
import type { Host } from '../host';
import { meantEnvironment, meantVersion, type Target } from '../registry/pick';
import { askGates, watched } from '../registry/run';
import { waitingWords } from '../registry/words';
import type { Handlers, Parts } from './parts';
import { meant, named } from './registry-target';

export function registryMoveCommands(host: Host, { models }: Parts): Handlers {
  const judge = async (args: readonly unknown[], judgement: 'approved' | 'rejected'): Promise<void> => {
    const title = judgement === 'approved' ? 'Approve' : 'Reject';
    const first = await meantWaiting(host, named(models, args), title);
    if (first === undefined) return;
    const { target, detail } = await meant(host, models, [first], title);
    const step = detail && (await meantStep(detail, waitingFor(detail, target), title));
    if (step) await say(host, { model: step.model, version: step.version, to: step.to, judgement });
  };
  return {
    'runyard.promote': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Promote');
      const step = detail && (await meantStep(detail, target, 'Promote'));
      if (step) await (await import('../registry/moves')).promote(host, step);
    },
    'runyard.rollBack': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Roll Back');
      if (detail) await rollBackOne(host, detail, target, false);
    },
    'runyard.rollBackTo': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Roll Back To');
      if (detail) await rollBackOne(host, detail, target, true);
    },
    'runyard.checkGates': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Check Gates');
      const step = detail && (await meantStep(detail, target, 'Check Gates'));
      if (!step) return;
      const report = await watched(host, `asking the gates of ${step.to}`, (job) => askGates(host, { ...step, job }));
      await (await import('../registry/documents')).showGateReport(report);
    },
    'runyard.approve': (args) => judge(args, 'approved'),
    'runyard.reject': (args) => judge(args, 'rejected'),
  };
}

/** Where the call names nothing: what waits, the one thing or the one that is picked; with nothing waiting the usual questions follow. Nothing where the person turned away. */
async function meantWaiting(host: Host, target: Target, title: string): Promise<Target | undefined> {
  const { waiting } = target.model === undefined ? await host.registry.overview() : { waiting: [] };
  if (waiting.length <= 1) return waiting[0] ?? target;
  const now = Date.now();
  const items = waiting.map((row) => ({ label: `$(bell) ${row.model} ${row.version} to ${row.environment}`, description: waitingWords(row, now), row }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'What waits for approval', matchOnDescription: true }))?.row;
}

interface Step { model: string; version: number; to: string }

/** A version and where it is to go; each is picked where the call doesn't name it. */
async function meantStep(detail: ModelDetail, target: Target, title: string): Promise<Step | undefined> {
  const { environment } = target;
  const row = await meantVersion(detail, target, { title, ...(environment === undefined ? {} : { accept: (one) => !one.live.includes(environment) }), none: `${detail.model.name} has no other version` });
  if (!row) return undefined;
  const to = await meantEnvironment(detail, target, { title: `${title}: ${row.model} ${row.version} to`, version: row, none: `${row.model} ${row.version} is live in every environment` });
  return to === undefined ? undefined : { model: row.model, version: row.version, to };
}

/** What waits is meant, where one thing waits and nothing else was named. */
function waitingFor(detail: ModelDetail, target: Target): Target {
  const fitting = detail.model.waiting.filter((row) => (target.version ?? row.version) === row.version && (target.environment ?? row.environment) === row.environment);
  const [only] = fitting;
  return only && fitting.length === 1 ? { ...target, version: only.version, environment: only.environment } : target;
}

/** A word with a comment, for the ledger; an approval can be signed. */
async function say(host: Host, { model, version, to, judgement }: Step & { judgement: 'approved' | 'rejected' }): Promise<void> {
  const what = `${model} ${version} for ${to}`;
  const title = `${judgement === 'approved' ? 'Approve' : 'Reject'} ${what}`;
  const comment = await textStep({
    title, value: '', prompt: judgement === 'approved' ? 'What you looked at, and why it is fine: the comment stays in the ledger' : 'Why it should not go there: the comment stays in the ledger',
    check: (value) => (value.trim() === '' ? { wrong: 'a word without a comment says nothing later' } : {}),
  });
  if (typeof comment !== 'string') return;
  const sign = judgement === 'rejected' ? false : await pickStep({
    title, placeholder: 'With a signature nobody else can have said it', back: false, items: [
      { label: '$(pass) Approve', description: 'under your name in git', value: false },
      { label: '$(key) Approve and Sign', description: 'with the SSH or GPG key that git is set to sign with', value: true },
    ],
  });
  if (typeof sign !== 'boolean') return;
  const done = await signed(sign, (how) => host.engine.request('registry.approve', { model, version, to, judgement, comment: comment.trim(), sign: how }));
  if (!done) return;
  const notes = [done.own ? ' It is your own version, so this counts nothing.' : '', done.signed === false ? ' But git does not know the key that signed it: the signature does not hold here.' : ''].join('');
  const words = `Runyard: you ${judgement} ${what}${done.signed === true ? ', signed' : ''}.${notes}`;
  const choice = await vscode.window.showInformationMessage(words, ...(judgement === 'approved' && !done.own ? ['Promote…'] : []));
  if (choice !== undefined) await vscode.commands.executeCommand('runyard.promote', { model, version, environment: to });
}

/** What was typed is not lost where git can't sign. */
async function signed(sign: boolean, ask: (sign: boolean) => Promise<Approval>): Promise<Approval | undefined> {
  try {
    return await ask(sign);
  } catch (error) {
    if (!sign || !(error instanceof RunyardError) || error.code !== 'refused' || !error.message.startsWith('git can\'t sign')) throw error;
    const choice = await vscode.window.showErrorMessage(`Runyard: ${describeError(error)}`, 'Try Again', 'Approve Without Signing');
    return choice === undefined ? undefined : signed(choice === 'Try Again', ask);
  }
}

/** Back to the version before, or to any that was live there. */
async function rollBackOne(host: Host, detail: ModelDetail, target: Target, choose: boolean): Promise<void> {
  const model = detail.model.name;
  const filled = (name: string): boolean => detail.model.live.some((one) => one.environment === name && one.version !== null);
  const environment = await meantEnvironment(detail, target, { title: 'Roll Back', accept: ({ name }) => filled(name), none: `nothing of ${model} is live` });
  if (environment === undefined) return;
  const row = choose ? await meantVersion(detail, {}, { title: `Roll Back ${environment} To`, accept: (one) => one.was.includes(environment) && !one.live.includes(environment), none: `no other version of ${model} was live in ${environment}` }) : undefined;
  if (choose && !row) return;
  const { rollBack } = await import('../registry/moves');
  await rollBack(host, { model, environment, ...(row ? { to: row.version } : {}) });
}
