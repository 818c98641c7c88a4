/** Read-only Markdown documents that are shown rendered, and follow what happens for as long as they are shown. */
import path from 'node:path';
import * as vscode from 'vscode';

export interface Previews {
  readonly onDidChange: vscode.Event<vscode.Uri>;
  /** To be called for each document that is read. */
  read(uri: vscode.Uri): void;
  show(uri: vscode.Uri): Promise<void>;
  /** What is shown of them may be other than it was; `which`: all unless it says no. */
  changed(which?: (uri: vscode.Uri) => boolean): void;
}

export function previewsOf(): Previews {
  /** The editor keeps what it has read of a document until it is told that it is another now. */
  const stale = new vscode.EventEmitter<vscode.Uri>();
  const known = new Map<string, vscode.Uri>();
  const isShown = (uri: vscode.Uri): boolean => {
    const name = path.posix.basename(uri.path);
    return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes(name)));
  };
  return {
    onDidChange: stale.event,
    read: (uri) => void known.set(uri.toString(), uri),
    async show(uri) {
      // Who asks again wants to see it as it is now.
      stale.fire(uri);
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    },
    changed(which = () => true) {
      const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
      for (const [key, uri] of known) {
        if (open.has(key)) {
          if (which(uri)) stale.fire(uri);
        } else if (!isShown(uri)) known.delete(key);
        // Some minutes after it was rendered the editor closes the document, and a preview hears no more of it; opened again it does.
        else if (which(uri)) void vscode.workspace.openTextDocument(uri).then(undefined, () => known.delete(key));
      }
    },
  };
}
