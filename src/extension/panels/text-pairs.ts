/** Two texts that aren't files, in VS Code's own diff editor. */
import * as vscode from 'vscode';
import type { TextPair } from '../../protocol/engine';

const scheme = 'runyard-text';
const texts = new Map<string, string>();
let made = 0;

/** Serves the texts that openPair shows, for as long as they are open. */
export function registerTextPairs(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '' }),
    vscode.workspace.onDidCloseTextDocument((document) => { if (document.uri.scheme === scheme) texts.delete(document.uri.path); }),
  );
}

/** Opens the pair; `extension` tells the editor how to colour it. */
export async function openPair(pair: TextPair, extension: string): Promise<void> {
  const keep = (name: string, text: string): vscode.Uri => {
    const path = `/${++made}/${name.replace(/[^\w.-]+/g, '_')}.${extension}`;
    texts.set(path, text);
    return vscode.Uri.from({ scheme, path });
  };
  await vscode.commands.executeCommand('vscode.diff', keep(pair.leftName, pair.left), keep(pair.rightName, pair.right), pair.title, { preview: true });
}
