/** Where the editor starts us: what is shown is made here, everything heavy is loaded by whoever needs it first. */
import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { createEngine } from './engine';
import { startEditor } from './editor';
import { createEvaluationFacts } from './evaluation/facts';
import type { Host } from './host';
import { registerRunLinks } from './mlflow/links';
import { createTerminals } from './mlflow/terminals';
import { registerMonitoringDocuments } from './monitoring/documents';
import { createMonitoringFacts } from './monitoring/facts';
import { createAlertNotifications } from './monitoring/notify';
import { createRetrainingNotifications } from './monitoring/retrained';
import { registerPanels } from './panels/restore';
import { createAttention } from './registry/attention';
import { registerRegistryDocuments } from './registry/documents';
import { createRegistryFacts } from './registry/facts';
import { createStore } from './store';
import { registerTesting } from './testing';
import { registerTraceDocuments } from './trace';
import { createDetailsView } from './views/details';
import { createExperimentsView, type ExperimentsView } from './views/experiments';
import { createModelsView } from './views/models';
import { createMonitoringView } from './views/monitoring';
import { createStatusItem } from './views/status';

export function activate(context: vscode.ExtensionContext): void {
  const add = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const log = add(vscode.window.createOutputChannel('Runyard', { log: true }));
  const folder = vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === 'file');
  const version = String((context.extension.packageJSON as { version?: unknown }).version ?? '0');
  const engine = add(createEngine({ folder, version, enginePath: context.asAbsolutePath('dist/engine.js'), log }));
  const store = add(createStore(folder));
  const evaluations = add(createEvaluationFacts({ engine, log, hasStore: () => store.has() }));
  const registry = add(createRegistryFacts({ engine, hasStore: () => store.has() }));
  const monitoring = add(createMonitoringFacts({ engine, log, hasStore: () => store.has() }));
  const host: Host = { context, log, engine, evaluations, registry, monitoring, folder, hasStore: () => store.has(), selection: () => experiments.selection };
  const experiments: ExperimentsView = add(createExperimentsView(host));
  const details = add(createDetailsView(host, experiments.onSelection));
  const models = add(createModelsView(host));
  const watching = add(createMonitoringView(host));
  add(createStatusItem(host));
  add(registerPanels(host));
  add(registerTraceDocuments(host));
  add(registerRegistryDocuments(host));
  add(createAttention(host));
  add(registerMonitoringDocuments(host));
  add(createAlertNotifications(host));
  add(createRetrainingNotifications(host));
  add(registerCommands(host, { experiments, details, models, monitoring: watching }));
  add(startEditor(host));
  add(registerTesting(host));
  add(createTerminals(host));
  add(registerRunLinks());
  // The store appears with the first run, wherever that is started; trust comes when the person gives it.
  const wake = (): void => {
    experiments.refresh();
    registry.refresh();
    monitoring.refresh();
  };
  add(store.onAppear(wake));
  add(vscode.workspace.onDidGrantWorkspaceTrust(wake));
  void store.has().then((there) => (there ? engine.request('engine.status', {}) : undefined)).catch((error: unknown) => log.warn(String(error)));
}
