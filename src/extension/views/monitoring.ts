/** The Monitoring tree: monitors with their alerts, serving logs with what people said of them, and retrainings. */
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import { count } from '../base/format';
import type { Host } from '../host';
import { isWaiting } from '../monitoring/words';
import { monitoringItem } from './monitoring-items';
import { childrenOf, rootNodes, type MonitoringNode } from './monitoring-nodes';

export interface MonitoringView extends vscode.Disposable {
  readonly selection: readonly MonitoringNode[];
  refresh(): void;
}

/** "2 h ago" and "next in 3 h" go on. */
const MINUTE_MS = 60_000;

export function createMonitoringView(host: Host): MonitoringView {
  const fired = new vscode.EventEmitter<MonitoringNode | undefined>();

  const roots = async (): Promise<MonitoringNode[]> => {
    try {
      const overview = await host.monitoring.overview();
      view.message = undefined;
      view.description = overview.onCall === null ? '' : `on call: ${overview.onCall}`;
      return rootNodes(overview);
    } catch (error) {
      if (error instanceof RunyardError && error.code === 'cancelled') return [];
      view.message = `${describeError(error)} — see "Runyard: Show Engine Log".`;
      return [];
    }
  };
  const provider: vscode.TreeDataProvider<MonitoringNode> = {
    onDidChangeTreeData: fired.event,
    getTreeItem: (node) => monitoringItem(node, Date.now()),
    getChildren: (node) => (node ? childrenOf(node) : roots()),
  };
  const view = vscode.window.createTreeView('runyard.monitoring', { treeDataProvider: provider, showCollapseAll: true, canSelectMany: true });
  const redraw = (): void => fired.fire(undefined);
  /** What commands and the container's badge hang on: known whether or not the tree is open. */
  const mark = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return;
    const { monitors, broken, open, logs, retrainings } = await host.monitoring.overview();
    const waiting = open.filter(isWaiting).length;
    view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: `${count(waiting, 'alert')} that nobody has acknowledged` };
    for (const [key, there] of [['hasMonitors', monitors.length + broken.length > 0], ['hasAlerts', open.length > 0], ['hasLogs', logs.length > 0], ['hasRetraining', retrainings.length > 0]] as const) {
      await vscode.commands.executeCommand('setContext', `runyard.${key}`, there);
    }
  };
  const clock = setInterval(() => { if (view.visible) redraw(); }, MINUTE_MS);
  const changes = host.monitoring.onChange(() => {
    redraw();
    mark().catch((error: unknown) => host.log.debug(`nothing is known of monitors: ${describeError(error)}`));
  });
  return {
    get selection() { return view.visible ? view.selection : []; },
    refresh: () => host.monitoring.refresh(),
    dispose() {
      clearInterval(clock);
      for (const one of [changes, view, fired]) one.dispose();
    },
  };
}
