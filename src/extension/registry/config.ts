/** runyard.yaml at what is said of an environment. By its looks, so that a half-typed file works too; the engine alone says what is right in it. */
import * as vscode from 'vscode';
import { configFile } from '../evaluation/place';
import type { Host } from '../host';
import { registryLine } from './config-line';

/** At the gates of the edges to this environment, else at `registry:`, else at the end, where it could be said. */
export async function openRegistrySection(host: Host, environment?: string): Promise<void> {
  const uri = await configFile(host);
  if (!uri) return void (await vscode.commands.executeCommand('runyard.createConfig'));
  const document = await vscode.workspace.openTextDocument(uri);
  const at = document.lineAt(registryLine(document.getText(), environment) ?? document.lineCount - 1).range.start;
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), viewColumn: vscode.ViewColumn.Active });
}
