/** The scoring server in a terminal of the editor: the command line that comes with the extension, started without a shell. */
import * as vscode from 'vscode';
import type { Host } from '../host';

/** Ctrl+C ends it, as does closing the terminal. */
export function serveInTerminal(host: Host, model: string): void {
  const terminal = vscode.window.createTerminal({
    name: `serve ${model}`, iconPath: new vscode.ThemeIcon('broadcast'), isTransient: true,
    shellPath: process.execPath, shellArgs: [host.context.asAbsolutePath('dist/cli.js'), 'serve-model', model],
    // The editor's own binary, which is Node when it is told so.
    env: { ELECTRON_RUN_AS_NODE: '1' },
    ...(host.folder ? { cwd: host.folder.uri } : {}),
  });
  terminal.show();
}
