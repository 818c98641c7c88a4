/** Other people's entries of the ledger come with a pull, as files in a folder that git keeps: the engine reads them when it is asked, so it is asked then. */
import * as vscode from 'vscode';

/** Wherever in the folder `registry.share` leads to; our own chain, which is told of anyway, lies in a folder that is left out. */
const CHAINS = '**/ledger/[0-9a-f]*.jsonl';

export function watchPulls(folder: vscode.WorkspaceFolder | undefined, pulled: () => void): vscode.Disposable {
  if (!folder) return vscode.Disposable.from();
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, CHAINS));
  const hear = ({ path }: vscode.Uri): void => { if (!path.includes('/.runyard/')) pulled(); };
  return vscode.Disposable.from(watcher, watcher.onDidCreate(hear), watcher.onDidChange(hear), watcher.onDidDelete(hear));
}
