/** Labels from a file: what they would do is shown first. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Host } from '../host';
import { importLines, importedWords } from './feedback-words';
import { watchedJob } from './run';

/** Asks for the file, shows what it would do, and does it once the person says so. */
export async function importLabels(host: Host, model: string): Promise<void> {
  const [uri] = (await vscode.window.showOpenDialog({ title: `Labels for ${model}`, openLabel: 'Look at It', canSelectMany: false, filters: { Labels: ['csv', 'tsv', 'jsonl', 'parquet'] }, ...(host.folder ? { defaultUri: host.folder.uri } : {}) })) ?? [];
  if (uri) await importFile(host, model, uri);
}

export async function importFile(host: Host, model: string, uri: vscode.Uri): Promise<void> {
  const file = placeOf(host, uri);
  const ask = (dryRun: boolean, title: string): Thenable<Awaited<ReturnType<typeof host.engine.request<'feedback.import'>>>> =>
    watchedJob(host, title, (job) => host.engine.request('feedback.import', { job, model, file, dryRun }));
  const plan = await ask(true, `looking at ${path.basename(file)}`);
  if (plan.joined === 0) return void vscode.window.showWarningMessage(`Runyard: no row of ${path.basename(file)} belongs to a row that ${model} answered.`, { modal: true, detail: importLines(plan).join('\n') });
  const choice = await vscode.window.showInformationMessage(`Import ${plan.joined.toLocaleString('en-US')} labels for ${model}?`, { modal: true, detail: importLines(plan).join('\n') }, 'Import');
  if (choice === undefined) return;
  const done = await ask(false, `importing labels of ${model}`);
  host.monitoring.refresh();
  void vscode.window.showInformationMessage(`Runyard: ${importedWords(model, done)}`);
}

/** Relative to the workspace where it lies in it. */
function placeOf({ folder }: Host, uri: vscode.Uri): string {
  const relative = folder ? path.relative(folder.uri.fsPath, uri.fsPath) : uri.fsPath;
  return relative.startsWith('..') || path.isAbsolute(relative) ? uri.fsPath : relative.split(path.sep).join('/');
}
