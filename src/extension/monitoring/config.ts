/** runyard.yaml at a monitor, and a new one written into it. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import { pickStep, textStep } from '../base/steps';
import { configFile, textOf } from '../evaluation/place';
import type { Host } from '../host';
import type { WatchedSource } from '../../protocol/monitoring';
import { scanMonitors } from './lines';
import { monitorName } from './monitor-name';
import { logWords } from './words';

/** At its name, or at `line` (from 1). @throws RunyardError not_found where the file or the monitor isn't there */
export async function openMonitor(host: Host, name: string, line?: number): Promise<void> {
  const uri = await configFile(host);
  if (!uri) throw new RunyardError('not_found', 'this workspace has no runyard.yaml', 'make one with "Runyard: Create runyard.yaml"');
  const document = await vscode.workspace.openTextDocument(uri);
  if (line !== undefined) {
    const at = document.lineAt(Math.min(Math.max(line, 1), document.lineCount) - 1);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at.lineNumber, at.firstNonWhitespaceCharacterIndex, at.lineNumber, at.text.trimEnd().length), viewColumn: vscode.ViewColumn.Active });
    return;
  }
  const place = scanMonitors(document.getText()).find((one) => one.name === name);
  if (!place) throw new RunyardError('not_found', `'${name}' is not under monitors: of ${vscode.workspace.asRelativePath(uri)}`, 'it may have been taken out or renamed');
  const range = new vscode.Range(place.line, place.start, place.line, place.stop);
  await vscode.window.showTextDocument(document, { selection: range, viewColumn: vscode.ViewColumn.Active });
}

/** Asks what is to be watched and under which name, writes it as an edit that can be undone, and shows it. Answers the name; nothing where the person turned away. */
export async function addMonitor(host: Host): Promise<string | undefined> {
  if (!host.folder) throw new RunyardError('refused', 'no folder is open', 'open the folder that holds your training scripts');
  const watched = await askWatched(host);
  if (!watched) return undefined;
  const uri = (await configFile(host)) ?? vscode.Uri.joinPath(host.folder.uri, 'runyard.yaml');
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  const before = open?.getText() ?? (await textOf(uri));
  const taken = new Set(scanMonitors(before).map((one) => one.name));
  const name = await textStep({
    title: 'Add Monitor', prompt: 'Its name in runyard.yaml', value: monitorName(watched, taken),
    check: (value) => (value.trim() === '' ? { wrong: 'a monitor needs a name' } : taken.has(value.trim()) ? { wrong: `runyard.yaml has a monitor '${value.trim()}' already` } : {}),
  });
  if (typeof name !== 'string') return undefined;
  const { text: after } = await host.engine.request('monitors.example', { text: before, name: name.trim(), watched });
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  edit.replace(uri, new vscode.Range(0, 0, before.split('\n').length, 0), after);
  await vscode.workspace.applyEdit(edit);
  const document = await vscode.workspace.openTextDocument(uri);
  await document.save();
  // Closed until there is something in it.
  await vscode.commands.executeCommand(`${'runyard.monitoring'}.focus`);
  await openMonitor(host, name.trim());
  void offerToRun(name.trim(), 'model' in watched ? watched.model : watched.files.join(', '));
  return name.trim();
}

async function offerToRun(monitor: string, what: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`Runyard: ${monitor} watches ${what} from now on.`, 'Run Now');
  if (choice !== undefined) await vscode.commands.executeCommand('runyard.runMonitor', { monitor });
}

/** Models that are logged or live, or files of somebody else's serving. */
async function askWatched(host: Host): Promise<WatchedSource | undefined> {
  const [{ logs }, { models }] = await Promise.all([host.monitoring.overview(), host.registry.overview()]);
  const now = Date.now();
  const found = new Map<string, string>(models.flatMap((row) => row.live.filter(({ version }) => version !== null).map((one) => [`${row.name}@${one.environment}`, `version ${one.version} is live`] as const)));
  for (const row of logs) found.set(row.model, logWords(row, now));
  const items = [...found].map(([model, description]) => ({ label: `$(server-environment) ${model}`, description, value: model }));
  const chosen = await pickStep<string>({ title: 'Add Monitor', placeholder: 'What is to be watched', back: false, items: [...items, { label: '$(file) Files of My Own\u2026', description: 'CSV, Parquet or JSON Lines with a column that says when', value: '' }] });
  if (typeof chosen !== 'string') return undefined;
  if (chosen !== '') return { model: chosen };
  const files = await textStep({ title: 'Add Monitor', prompt: 'Its files, as a path or pattern in the workspace', value: '', placeholder: 'logs/*.parquet', check: (value) => (value.trim() === '' ? { wrong: 'name a file, or a pattern' } : {}) });
  if (typeof files !== 'string') return undefined;
  const time = await textStep({ title: 'Add Monitor', prompt: 'The column that says when a row was answered', value: 'time', check: (value) => (value.trim() === '' ? { wrong: 'name a column' } : {}) });
  return typeof time === 'string' ? { files: [files.trim()], time: time.trim() } : undefined;
}
