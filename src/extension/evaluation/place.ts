/** runyard.yaml in the workspace: where it lies, and where something stands in it. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Host } from '../host';
import { scanEntries, type Section } from './yaml';

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
  const entry = scanEntries(document.getText()).find((one) => one.section === section && one.name === name);
  if (!entry) throw new RunyardError('not_found', `'${name}' is not under ${section}: of ${vscode.workspace.asRelativePath(uri)}`, section === 'slices' ? 'the evaluation that is shown may be older than the file' : '');
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(entry.line, entry.start, entry.line, entry.end), viewColumn: vscode.ViewColumn.Active });
}
