/** The Models tree: what waits for a person, models, what is live in each environment and since when, and versions. */
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { Host } from '../host';
import { modelItem } from './models-items';
import { modelNodes, rootNodes, type ModelsNode } from './models-nodes';

export interface ModelsView extends vscode.Disposable {
  readonly selection: readonly ModelsNode[];
  /** All versions of a model, from now on. */
  showAll(model: string): void;
  refresh(): void;
}

/** "since 5 min ago" goes on. */
const MINUTE_MS = 60_000;

export function createModelsView(host: Host): ModelsView {
  const fired = new vscode.EventEmitter<ModelsNode | undefined>();
  const whole = new Set<string>();

  const roots = async (): Promise<ModelsNode[]> => {
    try {
      const overview = await host.registry.overview();
      view.message = undefined;
      return rootNodes(overview);
    } catch (error) {
      if (error instanceof RunyardError && error.code === 'cancelled') return [];
      view.message = `${describeError(error)} — see "Runyard: Show Engine Log".`;
      return [];
    }
  };
  const provider: vscode.TreeDataProvider<ModelsNode> = {
    onDidChangeTreeData: fired.event,
    getTreeItem(node) {
      const item = modelItem(node, Date.now());
      if (node.kind === 'older') item.command = { command: 'runyard._showAllVersions', title: 'Show All Versions', arguments: [node.model] };
      return item;
    },
    async getChildren(node) {
      if (!node) return roots();
      if (node.kind === 'group') return node.children;
      return node.kind === 'model' ? modelNodes(await host.registry.model(node.model), whole.has(node.model)) : [];
    },
  };
  const view = vscode.window.createTreeView('runyard.models', { treeDataProvider: provider, showCollapseAll: true });
  const redraw = (): void => fired.fire(undefined);
  /** What commands and the container's badge hang on: known whether or not the tree is open. */
  const mark = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return;
    const { models, waiting } = await host.registry.overview();
    view.badge = waiting.length === 0 ? undefined : { value: waiting.length, tooltip: `${waiting.length} waiting for approval` };
    await vscode.commands.executeCommand('setContext', 'runyard.hasModels', models.length > 0);
  };
  const clock = setInterval(() => { if (view.visible) redraw(); }, MINUTE_MS);
  const changes = host.registry.onChange(() => {
    redraw();
    mark().catch((error: unknown) => host.log.debug(`nothing is known of models: ${describeError(error)}`));
  });
  return {
    get selection() { return view.visible ? view.selection : []; },
    showAll(model) {
      whole.add(model);
      redraw();
    },
    refresh: () => host.registry.refresh(),
    dispose() {
      clearInterval(clock);
      for (const one of [changes, view, fired]) one.dispose();
    },
  };
}
