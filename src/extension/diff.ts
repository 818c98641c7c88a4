/** Two texts that aren't files, in VS Code's own diff editor. */
import * as vscode from 'vscode';
import type { DiffSubject } from '../protocol/compare';
import type { TextPair } from '../protocol/engine';
import type { Host } from './host';

const scheme = 'runyard-text';
const texts = new Map<string, string>();
let made = 0;

/** Serves the texts that openDiff shows, for as long as they are open. */
export function registerTextPairs(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '' }),
    vscode.workspace.onDidCloseTextDocument((document) => { if (document.uri.scheme === scheme) texts.delete(document.uri.path); }),
  );
}

/** Opens what differs between two runs in one respect. @throws RunyardError not_found */
export async function openDiff(host: Host, left: string, right: string, what: DiffSubject): Promise<void> {
  const pairs = await host.engine.request('runs.diff', { left, right });
  await openPair(pairs[what], what === 'code' ? 'diff' : 'yaml');
}

/** `extension` tells the editor how to colour it. */
async function openPair(pair: TextPair, extension: string): Promise<void> {
  const keep = (name: string, text: string): vscode.Uri => {
    const path = `/${++made}/${name.replace(/[^\w.-]+/g, '_')}.${extension}`;
    texts.set(path, text);
    return vscode.Uri.from({ scheme, path });
  };
  await vscode.commands.executeCommand('vscode.diff', keep(pair.leftName, pair.left), keep(pair.rightName, pair.right), pair.title, { preview: true });
}
