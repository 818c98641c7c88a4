/** Restores compare panels after a reload; what they need is loaded when there is one. */
import * as vscode from 'vscode';
import type { Host } from '../host';

export function registerComparePanels(host: Host): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer('runyard.compare', {
    async deserializeWebviewPanel(panel, state: unknown) {
      const { restoreCompare } = await import('./compare');
      restoreCompare(host, panel, state);
    },
  });
}
