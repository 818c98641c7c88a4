/** Evaluating a model: what runyard.yaml names, a file, what a run left, or whatever the form is filled in with. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Asked } from '../evaluation/run';
import type { Draft } from '../forms/evaluation/draft';
import type { Host } from '../host';
import type { Handlers } from './parts';
import { oneRun } from './targets';

export function evaluateCommands(host: Host): Handlers {
  return {
    'runyard.evaluate': async ([first]) => {
      if (typeof first === 'string') return evaluateAndShow(host, { configured: first }, first);
      if (Array.isArray(first)) return evaluateOneOf(host, first.filter((one): one is string => typeof one === 'string'));
      const again = againOf(first);
      if (again) return evaluateAgain(host, again);
      return evaluateForm(host, {});
    },
    'runyard.evaluateFile': ([first]) => {
      const uri = first instanceof vscode.Uri ? first : vscode.window.activeTextEditor?.document.uri;
      if (uri?.scheme !== 'file') throw new RunyardError('bad_input', 'no file was chosen', 'choose a model or a data file in the Explorer');
      const file = placeIn(host, uri);
      return evaluateForm(host, path.extname(uri.fsPath).toLowerCase() === '.onnx' ? { model: { file } } : { files: [file] });
    },
    'runyard.evaluateRun': async (args) => {
      const row = await oneRun(host, args, { title: 'Evaluate Model of a Run', accept: (one) => one.state === 'finished' });
      if (!row) return;
      const { artifacts, folder, name } = await host.engine.request('runs.get', { run: row.id });
      const models = artifacts.filter((one) => one.path.toLowerCase().endsWith('.onnx')).map((one) => one.path);
      if (models.length === 0) throw new RunyardError('not_found', `${name} has no ONNX model among its artifacts`, 'log the exported model as an artifact, or evaluate a file with "Runyard: Evaluate Model…"');
      const chosen = models.length === 1 ? models[0] : await vscode.window.showQuickPick(models, { title: `Evaluate Model of ${name}`, placeHolder: 'A model among its artifacts' });
      if (chosen === undefined) return;
      await evaluateForm(host, { model: { name, file: placeIn(host, vscode.Uri.file(path.join(folder, 'artifacts', chosen))) }, run: row.id });
    },
  };
}

function placeIn(host: Host, uri: vscode.Uri): string {
  const relative = host.folder ? path.relative(host.folder.uri.fsPath, uri.fsPath) : uri.fsPath;
  return relative.startsWith('..') || path.isAbsolute(relative) ? uri.fsPath : relative.split(path.sep).join('/');
}

/** What our own parts pass: an evaluation that is to be made again. */
function againOf(value: unknown): { evaluation: string; fresh: boolean } | undefined {
  if (typeof value !== 'object' || value === null || !('evaluation' in value) || typeof value.evaluation !== 'string') return undefined;
  return { evaluation: value.evaluation, fresh: 'fresh' in value && value.fresh === true };
}

async function evaluateOneOf(host: Host, names: readonly string[]): Promise<void> {
  const name = await vscode.window.showQuickPick([...names], { title: 'Evaluate', placeHolder: 'An evaluation of runyard.yaml' });
  if (name !== undefined) await evaluateAndShow(host, { configured: name }, name);
}

async function evaluateAgain(host: Host, { evaluation, fresh }: { evaluation: string; fresh: boolean }): Promise<void> {
  const { questionOf } = await import('../evaluation/run');
  const doc = await host.engine.request('evaluations.get', { evaluation });
  await evaluateAndShow(host, await questionOf(host, doc, fresh), doc.name);
}

async function evaluateForm(host: Host, start: Partial<Draft>): Promise<void> {
  const [{ evaluationForm }, { emptyDraft, modelWords, requestOf }] = await Promise.all([import('../forms/evaluation/form'), import('../forms/evaluation/draft')]);
  const filled = await evaluationForm(host, emptyDraft(start));
  if (!filled) return;
  if ('configured' in filled) return evaluateAndShow(host, { configured: filled.configured }, filled.configured);
  const request = requestOf(filled.draft);
  if (!request) throw new RunyardError('internal', 'the form was not filled in');
  await evaluateAndShow(host, { request }, modelWords(filled.draft.model));
  const { offerToKeep } = await import('../evaluation/keep');
  await offerToKeep(host, request);
}

/** With progress; then its panel: the one that shows an earlier evaluation of that name, or a new one. */
async function evaluateAndShow(host: Host, asked: Asked, title: string): Promise<void> {
  const { evaluateInNotification, tellCached } = await import('../evaluation/run');
  const done = await evaluateInNotification(host, asked, { title: `evaluating ${title}` });
  const { openEvaluation } = await import('../panels/evaluation');
  openEvaluation(host, done.evaluation, { reuse: true });
  if (!asked.fresh) void tellCached(done, () => evaluateAndShow(host, { ...asked, fresh: true }, title));
}
