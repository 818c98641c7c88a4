/** A question that was put together in the form, kept in runyard.yaml under a name: then it can be asked again, its slices are tests, and its evaluations are one history. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { EvaluationInput } from '../../protocol/evaluation/request';
import { textStep } from '../base/steps';
import { nameFor } from '../forms/evaluation/draft';
import type { Host } from '../host';
import { configFile } from './place';
import { evaluationEntry, insertEntry, scanEntries } from './yaml';

/** Asks whether to keep it, then for the name. */
export async function offerToKeep(host: Host, request: EvaluationInput): Promise<void> {
  const choice = await vscode.window.showInformationMessage('Runyard: keep this evaluation in runyard.yaml? Then slices and pinned examples of it are tests.', 'Keep…');
  if (choice === undefined || !host.folder) return;
  const uri = (await configFile(host)) ?? vscode.Uri.joinPath(host.folder.uri, 'runyard.yaml');
  const before = await textOf(uri);
  const taken = new Set(scanEntries(before).filter((one) => one.section === 'evaluations').map((one) => one.name));
  const name = await textStep({
    title: 'Keep Evaluation', prompt: 'Its name in runyard.yaml', value: nameFor(request.data.files[0] ?? ''),
    check(value) {
      if (value.trim() === '') return { wrong: 'an evaluation needs a name' };
      return taken.has(value.trim()) ? { wrong: `runyard.yaml has an evaluation '${value.trim()}' already` } : {};
    },
  });
  if (typeof name === 'string') await keep(uri, before, name.trim(), request);
}

const textOf = (uri: vscode.Uri): Promise<string> =>
  Promise.resolve(vscode.workspace.openTextDocument(uri).then((document) => document.getText(), () => ''));

/** As an edit of the open file, so that it can be undone. @throws RunyardError refused where the section isn't written as a block */
async function keep(uri: vscode.Uri, before: string, name: string, request: EvaluationInput): Promise<void> {
  const found = insertEntry(before, 'evaluations', evaluationEntry(name, request));
  if (!found) throw new RunyardError('refused', 'evaluations: in runyard.yaml is not written as a block', `put each evaluation on lines of its own, then add ${name}`);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  edit.insert(uri, new vscode.Position(found.line, 0), found.text);
  await vscode.workspace.applyEdit(edit);
  const document = await vscode.workspace.openTextDocument(uri);
  await document.save();
  const entry = scanEntries(document.getText()).find((one) => one.section === 'evaluations' && one.name === name);
  const at = new vscode.Position(entry?.line ?? found.line, entry?.start ?? 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}
