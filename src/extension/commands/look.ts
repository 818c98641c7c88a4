/** Looking at what a run left: output, details, folder, id, the table of runs. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/model';
import { runsToCsv, runsToMarkdown } from '../base/table';
import type { Host } from '../host';
import type { Handlers, Parts } from './parts';
import { manyRuns, namedRuns, oneRun } from './targets';

export function lookCommands(host: Host, { experiments, details }: Parts): Handlers {
  return {
    'runyard.openOutput': async (args) => {
      const row = await oneRun(host, args.length === 0 && details.run !== undefined ? [details.run] : args, { title: 'Open Output' });
      if (!row) return;
      const { showOutput } = await import('../output');
      await showOutput(host, row.id, { focus: true, automatic: false });
    },
    'runyard.showDetails': async (args) => {
      const row = await oneRun(host, args, { title: 'Show Run Details' });
      if (!row) return;
      await details.show(row.id);
      await experiments.reveal(row.id);
      await vscode.commands.executeCommand(`${'runyard.details'}.focus`);
    },
    'runyard.openFolder': async (args) => {
      const row = await oneRun(host, args, { title: 'Open Run Folder' });
      if (!row) return;
      const { folder } = await host.engine.request('runs.get', { run: row.id });
      // A remote window has no file manager to show it in: its folder opens beside the workspace's then.
      if (vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
      else await openInside(vscode.Uri.file(folder));
    },
    'runyard.copyRunId': async (args) => {
      const ids = (await manyRuns(host, args, { title: 'Copy Run Id' })).map((one) => one.id);
      if (ids.length > 0) await vscode.env.clipboard.writeText(ids.join('\n'));
    },
    'runyard.copyValue': async ([node]) => {
      const text = factText(node);
      if (text !== undefined) await vscode.env.clipboard.writeText(text);
    },
    'runyard.exportTable': async (args) => {
      const named = namedRuns(args);
      await exportTable(host, named.length > 0 ? named : await allRuns(host, experiments.filter, args[0]));
    },
  };
}

/** The text that a row of the details stands for. */
function factText(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || !('fact' in node)) return undefined;
  const { fact } = node;
  if (typeof fact !== 'object' || fact === null || !('value' in fact)) return undefined;
  if ('full' in fact && typeof fact.full === 'string') return fact.full;
  return typeof fact.value === 'string' ? fact.value : undefined;
}

/** A quick pick of the folder's files, opened in the editor. */
async function openInside(folder: vscode.Uri): Promise<void> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const items = entries.filter(([, kind]) => kind === vscode.FileType.File).map(([label]) => ({ label: `$(file) ${label}`, name: label }));
  const chosen = await vscode.window.showQuickPick([{ label: '$(copy) Copy the Folder’s Path', name: '' }, ...items], { title: folder.fsPath });
  if (!chosen) return;
  if (chosen.name === '') await vscode.env.clipboard.writeText(folder.fsPath);
  else await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, chosen.name));
}

/** An experiment's runs where one was clicked, else all; the tree's filter holds. */
async function allRuns(host: Host, filter: string, node: unknown): Promise<RunRow[]> {
  const experiment = typeof node === 'object' && node !== null && 'row' in node && typeof node.row === 'object' && node.row !== null && 'name' in node.row ? String(node.row.name) : undefined;
  const { rows } = await host.engine.request('runs.search', {
    filter, limit: 50_000, orderBy: ['attributes.start_time DESC'], ...(experiment === undefined ? {} : { experiments: [experiment] }),
  });
  return rows;
}

async function exportTable(host: Host, rows: readonly RunRow[]): Promise<void> {
  const formats = [{ label: 'CSV file…', format: 'csv' }, { label: 'Markdown table to the clipboard', format: 'markdown' }];
  const chosen = await vscode.window.showQuickPick(formats, { title: `Export ${rows.length.toLocaleString('en-US')} runs` });
  if (chosen?.format === 'markdown') return vscode.env.clipboard.writeText(runsToMarkdown(rows));
  if (chosen?.format !== 'csv') return;
  const start = host.folder ? vscode.Uri.joinPath(host.folder.uri, 'runs.csv') : undefined;
  const target = await vscode.window.showSaveDialog({ filters: { CSV: ['csv'] }, ...(start ? { defaultUri: start } : {}) });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(runsToCsv(rows)));
  const open = await vscode.window.showInformationMessage(`Runyard: wrote ${vscode.workspace.asRelativePath(target)}.`, 'Open');
  if (open) await vscode.window.showTextDocument(target);
}
