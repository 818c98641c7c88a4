/** Whether this folder is one of ours: it has a store or a runyard.yaml. Only then is an engine started without being asked. */
import * as vscode from 'vscode';

export interface Store extends vscode.Disposable {
  has(): Promise<boolean>;
  /** The first of those files was made: by a run from a terminal, or by hand. */
  readonly onAppear: vscode.Event<void>;
}

const SIGNS = ['.runyard', 'runyard.yaml', 'runyard.yml'];

export function createStore(folder: vscode.WorkspaceFolder | undefined): Store {
  const appear = new vscode.EventEmitter<void>();
  let known = false;
  const has = async (): Promise<boolean> => {
    if (!folder || !vscode.workspace.isTrusted) return false;
    if (known) return true;
    const found = await Promise.all(SIGNS.map((name) => vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, name)).then(() => true, () => false)));
    known = found.includes(true);
    await vscode.commands.executeCommand('setContext', 'runyard.hasStore', known);
    return known;
  };
  const check = async (): Promise<void> => {
    if (!known && (await has())) appear.fire();
  };
  const watchers = folder === undefined ? [] : ['.runyard/.gitignore', 'runyard.{yaml,yml}'].map((pattern) => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern), false, true, true);
    watcher.onDidCreate(() => void check());
    return watcher;
  });
  return {
    has,
    onAppear: appear.event,
    dispose() { for (const one of [...watchers, appear]) one.dispose(); },
  };
}
