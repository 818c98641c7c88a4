/** Looking at the registry: its panel, histories, the ledger, what was live when, and what people said. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { RegistryShow } from '../../protocol/registry-panel';
import type { CommentTarget } from '../../protocol/registry';
import { formatTime } from '../base/format';
import { pickRun } from '../base/pick';
import { pickStep, textStep } from '../base/steps';
import { targetWords } from '../registry/documents';
import type { Host } from '../host';
import { meantEnvironment, meantModel, meantVersion, targetOf } from '../registry/pick';
import { readMoment } from '../registry/moment';
import { personName } from '../registry/words';
import type { Handlers, Parts } from './parts';
import { meant, named } from './registry-target';
import { namedRuns } from './targets';

export function registryLookCommands(host: Host, { models }: Parts): Handlers {
  return {
    'runyard.openRegistry': async (args) => {
      const target = named(models, args);
      const model = await meantModel(host, target, 'Open Registry');
      if (model === undefined) return;
      const { openRegistry } = await import('../panels/registry');
      openRegistry(host, model, showOf(target, args[0]));
    },
    'runyard.showHistory': async (args) => {
      const model = await meantModel(host, named(models, args), 'Show History');
      if (model !== undefined) await (await import('../registry/documents')).showHistory(model);
    },
    'runyard.whatWasLive': async (args) => {
      const { target, detail } = await meant(host, models, args, 'What Was Live');
      if (!detail) return;
      const environment = await meantEnvironment(detail, target, { title: 'What Was Live' });
      if (environment !== undefined) await whatWasLive(host, detail.model.name, environment);
    },
    'runyard.verifyLedger': async () => {
      const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Runyard: verifying the ledger' }, () => host.engine.request('registry.verify', {}));
      if (!found.ok || found.conflicts.length > 0) return (await import('../registry/documents')).showVerification();
      const chains = found.chains.length === 1 ? 'one chain' : `${found.chains.length} chains`;
      const choice = await vscode.window.showInformationMessage(`Runyard: the ledger is whole: ${found.entries.toLocaleString('en-US')} entries in ${chains}.`, 'Show Details');
      if (choice !== undefined) await (await import('../registry/documents')).showVerification();
    },
    'runyard.comment': async (args) => {
      const on = await commentOn(host, models.selection.length === 1 && args.length === 0 ? [models.selection[0]] : args, 'Comment');
      if (!on) return;
      const text = await textStep({ title: `Comment on ${targetWords(on)}`, value: '', prompt: 'It stands in the ledger with your name from git and the time', check: (value) => (value.trim() === '' ? { wrong: 'say something' } : {}) });
      if (typeof text === 'string') await host.engine.request('registry.comment', { on, text: text.trim() });
    },
    'runyard.showComments': async (args) => {
      const on = await commentOn(host, args, 'Show Comments');
      if (on) await (await import('../registry/documents')).showComments(on);
    },
    'runyard.refreshModels': () => models.refresh(),
    'runyard._showAllVersions': ([model]) => { if (typeof model === 'string') models.showAll(model); },
  };
}

const PARTS = ['candidate', 'timeline', 'versions', 'comments', 'rollback'] as const satisfies readonly RegistryShow['part'][];

/** The part of the panel that a row of the tree or a link is about. */
function showOf({ version, environment }: { version?: number; environment?: string }, first: unknown): RegistryShow {
  const given = typeof first === 'object' && first !== null && 'part' in first ? first.part : undefined;
  const part = PARTS.find((one) => one === given);
  return { ...(version === undefined ? {} : { version }), ...(environment === undefined ? {} : { environment }), ...(part === undefined ? {} : { part }) };
}

async function whatWasLive(host: Host, model: string, environment: string): Promise<void> {
  const typed = await textStep({
    title: `What of ${model} was live in ${environment}`, value: formatTime(Date.now() / 1000 - 86_400).slice(0, 16), prompt: 'When: a date and time here (2026-05-03 14:00), or with its zone (2026-05-03T14:00Z)',
    check: (value) => (readMoment(value) === undefined ? { wrong: 'write it as 2026-05-03 14:00' } : {}),
  });
  const time = typeof typed === 'string' ? readMoment(typed) : undefined;
  if (time === undefined) return;
  const { version, since, by, reason } = await host.engine.request('registry.at', { model, environment, time });
  const at = formatTime(time / 1000);
  const words = version === null ? `nothing of ${model} was live in ${environment} at ${at}.`
    : `version ${version} of ${model} was live in ${environment} at ${at}${since === null ? '' : `, since ${formatTime(since / 1000)}`}${by ? `, moved by ${personName(by)}` : ''}.${reason === '' ? '' : ` Reason: ${reason}`}`;
  const choice = await vscode.window.showInformationMessage(`Runyard: ${words}`, 'Show History');
  if (choice !== undefined) await (await import('../registry/documents')).showHistory(model);
}

/** What is commented: a run or a version that was clicked, else what the person picks. */
async function commentOn(host: Host, args: readonly unknown[], title: string): Promise<CommentTarget | undefined> {
  const [run] = namedRuns(args);
  if (run) return { run: run.id };
  const { model, version } = targetOf(args[0]);
  if (model !== undefined) return { model, ...(version === undefined ? {} : { version }) };
  const kind = await pickStep<'version' | 'run' | 'slice'>({ title, placeholder: 'On what', back: false, items: [
    { label: '$(tag) A Version', value: 'version' }, { label: '$(beaker) A Run', value: 'run' }, { label: '$(filter) A Slice', value: 'slice' },
  ] });
  if (kind === 'run') {
    const row = await pickRun(host, { title });
    return row && { run: row.id };
  }
  if (kind === 'slice') return pickSlice(host, title);
  if (kind !== 'version') return undefined;
  const name = await meantModel(host, {}, title);
  const row = name === undefined ? undefined : await meantVersion(await host.registry.model(name), {}, { title });
  return row && { model: row.model, version: row.version };
}

async function pickSlice(host: Host, title: string): Promise<CommentTarget | undefined> {
  const names = [...new Set((await host.evaluations.tests()).filter(({ kind }) => kind === 'slice').map(({ name }) => name))];
  if (names.length === 0) throw new RunyardError('not_found', 'runyard.yaml has no slices', 'make one with "Runyard: New Slice…"');
  const slice = await vscode.window.showQuickPick(names, { title, placeHolder: 'A slice' });
  return slice === undefined ? undefined : { slice };
}
