/** runyard.yaml in the workspace: where it lies, and where something stands in it. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Host } from '../host';
import { scanEntries, type Entry, type Section } from './yaml';

/** The file that is there; nothing where there is none. */
export async function configFile(host: Pick<Host, 'folder'>): Promise<vscode.Uri | undefined> {
  if (!host.folder) return undefined;
  for (const name of ['runyard.yaml', 'runyard.yml']) {
    const uri = vscode.Uri.joinPath(host.folder.uri, name);
    if (await vscode.workspace.fs.stat(uri).then(() => true, () => false)) return uri;
  }
  return undefined;
}

/** Opens runyard.yaml at an entry. @throws RunyardError not_found where the file or the entry isn't there */
export async function openEntry(host: Host, section: Section, name: string): Promise<void> {
  const uri = await configFile(host);
  if (!uri) throw new RunyardError('not_found', 'this workspace has no runyard.yaml', 'make one with "Runyard: Create runyard.yaml"');
  const document = await vscode.workspace.openTextDocument(uri);
  const find = (): Entry | undefined => scanEntries(document.getText()).find((one) => one.section === section && one.name === name);
  const entry = find() ?? (await hasEntry(uri, { section, name }) ? await afterChange(document, find) : undefined);
  if (!entry) throw new RunyardError('not_found', `'${name}' is not under ${section}: of ${vscode.workspace.asRelativePath(uri)}`, section === 'slices' ? 'the evaluation that is shown may be older than the file' : '');
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(entry.line, entry.start, entry.line, entry.end), viewColumn: vscode.ViewColumn.Active });
}

/** Whether it is there on the disk: a file that is open follows what was written into it a moment later. */
async function hasEntry(uri: vscode.Uri, { section, name }: Pick<Entry, 'section' | 'name'>): Promise<boolean> {
  return scanEntries(await textOf(uri)).some((one) => one.section === section && one.name === name);
}

/** How long an editor may take to see what was written, in ms. */
const PATIENCE = 5000;

function afterChange<T>(document: vscode.TextDocument, find: () => T | undefined): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      changes.dispose();
      resolve(find());
    };
    const timer = setTimeout(end, PATIENCE);
    const changes = vscode.workspace.onDidChangeTextDocument((event) => { if (event.document === document && find() !== undefined) end(); });
  });
}

/** As it is on the disk; empty where there is no such file. */
export async function textOf(uri: vscode.Uri): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(uri).then((found) => found, () => new Uint8Array());
  return new TextDecoder().decode(bytes);
}
