/** Restores panels after a reload; what they need is loaded when there is one. */
import * as vscode from 'vscode';
import type { Host } from '../host';

export function registerPanels(host: Host): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerWebviewPanelSerializer('runyard.compare', {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreCompare } = await import('./compare');
        restoreCompare(host, panel, state);
      },
    }),
    vscode.window.registerWebviewPanelSerializer('runyard.evaluation', {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreEvaluation } = await import('./evaluation');
        restoreEvaluation(host, panel, state);
      },
    }),
    vscode.window.registerWebviewPanelSerializer('runyard.registry', {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreRegistry } = await import('./registry');
        restoreRegistry(host, panel, state);
      },
    }),
    vscode.window.registerWebviewPanelSerializer('runyard.drift', {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreDrift } = await import('./drift');
        restoreDrift(host, panel, state);
      },
    }),
    vscode.window.registerWebviewPanelSerializer('runyard.review', {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreReview } = await import('./review');
        restoreReview(host, panel, state);
      },
    }),
  );
}
