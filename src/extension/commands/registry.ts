/** Making versions, and what people say of them: description, tags, aliases, card. */
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { ModelDetail } from '../../protocol/registry';
import { BACK, pickStep, textStep } from '../base/steps';
import { readTags } from '../base/tags';
import { placeOf } from '../forms/evaluation/choices';
import type { Draft } from '../forms/registry/draft';
import type { Host } from '../host';
import { meantVersion, targetOf } from '../registry/pick';
import { watched } from '../registry/run';
import type { Handlers, Parts } from './parts';
import { meant } from './registry-target';
import { oneRun } from './targets';

export function registryCommands(host: Host, { models }: Parts): Handlers {
  return {
    'runyard.registerModel': ([first]) => register(host, { ...(targetOf(first).model === undefined ? {} : { model: targetOf(first).model }) }),
    'runyard.registerFile': ([first]) => {
      const uri = first instanceof vscode.Uri ? first : vscode.window.activeTextEditor?.document.uri;
      if (uri?.scheme !== 'file') throw new RunyardError('bad_input', 'no file was chosen', 'choose a model in the Explorer');
      return register(host, { source: { file: placeOf(host, uri) } });
    },
    'runyard.registerRun': async (args) => {
      const row = await oneRun(host, args, { title: 'Register Model of a Run', accept: (one) => one.state === 'finished' });
      if (!row) return;
      const { artifactOf } = await import('../forms/registry/source');
      const source = await artifactOf(host, row, `Register Model of ${row.name}`);
      if (source) await register(host, { source });
    },
    'runyard.registerEvaluation': async ([first]) => {
      const shown = typeof first === 'string' ? first : (await import('../panels/evaluation')).activeEvaluation();
      const { pickEvaluation } = await import('../evaluation/history');
      const one = shown === undefined ? await pickEvaluation(host, { title: 'Register Model of an Evaluation' }) : await host.engine.request('evaluations.get', { evaluation: shown });
      if (one) await register(host, { source: { evaluation: one.id, what: one.name } });
    },
    'runyard.describeModel': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Describe');
      if (detail) await describe(host, detail, target.version);
    },
    'runyard.setAlias': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Set Alias');
      if (detail) await setAlias(host, detail, target.version);
    },
    'runyard.fetchWeights': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Fetch Weights');
      // A row that is selected in the tree is meant only where its weights are away.
      const away = detail?.versions.some((one) => one.version === target.version && !one.here) === true;
      const row = detail && (await meantVersion(detail, away ? target : {}, { title: 'Fetch Weights', accept: (one) => !one.here, none: `all versions of ${detail.model.name} are on this machine` }));
      if (row) await fetchWeights(host, row.model, row.version);
    },
    'runyard.writeCard': async (args) => {
      const { target, detail } = await meant(host, models, args, 'Write Model Card');
      const row = detail && (await meantVersion(detail, target, { title: 'Write Model Card' }));
      if (row) await writeCard(host, row.model, row.version);
    },
  };
}

/** The form, then the version with the way on. Answers its number; nothing where the person turned away. */
export async function register(host: Host, start: Partial<Draft>): Promise<number | undefined> {
  const [{ registerForm }, { emptyDraft }] = await Promise.all([import('../forms/registry/register'), import('../forms/registry/draft')]);
  const args = await registerForm(host, emptyDraft(start));
  if (!args) return undefined;
  const done = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Runyard: registering ${args.model}` }, () => host.engine.request('registry.register', args));
  // Closed until there is something in it.
  await vscode.commands.executeCommand(`${'runyard.models'}.focus`);
  void tellRegistered(done);
  return done.version;
}

async function tellRegistered({ model, version, existing }: { model: string; version: number; existing: boolean }): Promise<void> {
  const words = existing ? `Runyard: these bytes are ${model} version ${version} already, so nothing new was made.` : `Runyard: ${model} version ${version} is registered.`;
  const choice = await vscode.window.showInformationMessage(words, 'Promote…', 'Open Registry');
  if (choice === 'Promote…') await vscode.commands.executeCommand('runyard.promote', { model, version });
  if (choice === 'Open Registry') await vscode.commands.executeCommand('runyard.openRegistry', { model, version });
}

/** Description and tags, of the model where no version is named. */
async function describe(host: Host, detail: ModelDetail, version: number | undefined): Promise<void> {
  const row = version === undefined ? undefined : await meantVersion(detail, { version }, { title: 'Describe' });
  const name = row === undefined ? detail.model.name : `${row.model} ${row.version}`;
  const before = { description: row?.description ?? detail.model.description, tags: row?.tags ?? {} };
  const description = await textStep({ title: `Describe ${name}`, value: before.description, prompt: 'What people should know of it; its files and where they came from never change' });
  if (typeof description !== 'string') return;
  const shown = Object.entries(before.tags).filter(([key]) => !/^(?:runyard|mlflow)\./.test(key));
  const typed = row === undefined ? '' : await textStep({
    title: `Tags of ${name}`, value: shown.map(([key, value]) => `${key}=${value}`).join(', '), prompt: 'name=value, separated by commas; a name alone is a mark',
    check: (value) => (readTags(value) === undefined ? { wrong: 'each tag is name=value, or a name alone' } : {}),
  });
  const setTags = typeof typed === 'string' ? readTags(typed) : undefined;
  if (setTags === undefined) return;
  const tags = row === undefined ? {} : { version: row.version, setTags, deleteTags: shown.map(([key]) => key).filter((key) => !(key in setTags)) };
  await host.engine.request('registry.describe', { model: detail.model.name, description: description.trim(), ...tags });
}

async function setAlias(host: Host, detail: ModelDetail, version: number | undefined): Promise<void> {
  const model = detail.model.name;
  const title = `Alias of ${model}`;
  const there = Object.entries(detail.model.aliases).map(([alias, number]) => ({ label: `$(tag) ${alias}`, description: `version ${number}`, value: alias }));
  const chosen = there.length === 0 ? '' : await pickStep({ title, placeholder: 'An alias', items: [...there, { label: '$(add) A New Alias…', value: '' }], back: false });
  if (typeof chosen !== 'string') return;
  const alias = chosen !== '' ? chosen : await textStep({ title, value: '', placeholder: 'champion', prompt: 'A name that points at a version, as MLflow has it', check: aliasFault });
  if (typeof alias !== 'string') return;
  const { aliases } = detail.model;
  const none = { label: '$(trash) Take It Away', value: 0 };
  const versions = [...detail.versions].sort((a, b) => b.version - a.version).map((row) => ({ label: `$(tag) version ${row.version}`, description: row.live.length > 0 ? `live in ${row.live.join(', ')}` : '', value: row.version }));
  const to = version ?? (await pickStep({ title: `${title}: ${alias}`, placeholder: 'Which version it points at', items: [...versions, ...(alias in aliases ? [none] : [])], back: false, active: (one) => one === aliases[alias] }));
  if (to === undefined || to === BACK) return;
  await host.engine.request('registry.alias', { model, alias: alias.trim(), version: to === 0 ? null : to });
}

const aliasFault = (value: string): { wrong?: string } => {
  if (!/^[\w.-]+$/.test(value.trim())) return { wrong: 'letters, digits and . _ - alone' };
  return /^v?\d+$|^latest$/i.test(value.trim()) ? { wrong: 'this would read as a version\u2019s number' } : {};
};

/** From the folder that runyard.yaml names, else from one that the person picks. */
async function fetchWeights(host: Host, model: string, version: number): Promise<void> {
  const ask = (from?: string): Thenable<{ folder: string }> => watched(host, `fetching ${model} ${version}`, () => host.engine.request('registry.fetch', { model, version, ...(from === undefined ? {} : { from }) }));
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'not_found') throw error;
    if ((await vscode.window.showWarningMessage(`Runyard: ${describeError(error)}`, 'Choose a Folder…')) === undefined) return;
    const [uri] = (await vscode.window.showOpenDialog({ title: `The folder that holds ${model} ${version}`, canSelectFiles: false, canSelectFolders: true })) ?? [];
    if (!uri) return;
    await ask(uri.fsPath);
  }
  void vscode.window.showInformationMessage(`Runyard: the weights of ${model} ${version} are on this machine.`);
}

/** Writes it, keeping what people wrote, and opens it: what only a person can say is asked for in it. */
export async function writeCard(host: Host, model: string, version: number): Promise<void> {
  const card = await host.engine.request('registry.card', { model, version });
  if (!host.folder) return;
  await vscode.window.showTextDocument(vscode.Uri.file(path.resolve(host.folder.uri.fsPath, card.file)));
  if (card.missing.length === 0) return;
  const named = card.missing.slice(0, 4).map((one) => one.replaceAll('-', ' ')).join(', ');
  void vscode.window.showInformationMessage(`Runyard: only a person can write ${named}${card.missing.length > 4 ? ` and ${card.missing.length - 4} more sections` : ''} of this card.`, 'Show Problems')
    .then((choice) => (choice === undefined ? undefined : vscode.commands.executeCommand('workbench.actions.view.problems')));
}

