/** The "Run Details" tree: everything known of the run that is selected in the Experiments tree, live while it runs. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { RunDetail } from '../../protocol/model';
import type { Comment } from '../../protocol/registry';
import { escapeMarkdown } from '../base/markdown';
import { markdownImage, sparkline } from '../base/sparkline';
import { concerns } from '../engine';
import type { Host } from '../host';
import { sectionsOf, type Fact, type Section } from './facts';
import type { TreeNode } from './nodes';
import type { TraceTreeNode, TracesNode } from './trace-nodes';
import { createTraceNodes } from './traces';

type DetailNode = { kind: 'section'; section: Section } | { kind: 'fact'; fact: Fact } | TraceTreeNode;

export interface DetailsView extends vscode.Disposable {
  /** Shows a run, by id; nothing empties the view. */
  show(run: string | undefined): Promise<void>;
  readonly run: string | undefined;
}

export function createDetailsView(host: Host, selected: vscode.Event<readonly TreeNode[]>): DetailsView {
  const fired = new vscode.EventEmitter<undefined>();
  let id: string | undefined;
  let detail: RunDetail | undefined;
  let traced = 0;
  let comments: readonly Comment[] = [];
  const traces = createTraceNodes(host, () => { fired.fire(undefined); });

  const load = async (): Promise<void> => {
    const asked = id;
    const [found, total, said] = asked === undefined ? [undefined, 0, []] : await Promise.all([host.engine.request('runs.get', { run: asked }), traces.total(asked), saidOf(asked)]);
    if (asked !== id) return;
    detail = found;
    comments = said;
    traced = total;
    view.description = found?.name ?? '';
    await vscode.commands.executeCommand('setContext', 'runyard.runShown', found !== undefined);
    fired.fire(undefined);
  };

  /** A run is shown whether or not the engine can say what people said of it. */
  const saidOf = async (run: string): Promise<readonly Comment[]> => {
    try {
      return (await host.engine.request('registry.comments', { on: { run } })).comments;
    } catch (error) {
      host.log.debug(`no comments of the run: ${describeError(error)}`);
      return [];
    }
  };

  const provider: vscode.TreeDataProvider<DetailNode> = {
    onDidChangeTreeData: fired.event,
    getTreeItem: (node) => (node.kind === 'section' ? sectionItem(node.section) : node.kind === 'fact' ? factItem(node.fact, detail) : traces.item(node)),
    getChildren(node) {
      if (!detail) return [];
      if (!node) return withTraces(sectionsOf(detail, Date.now() / 1000, comments), { kind: 'traces', run: detail.id, total: traced });
      if (node.kind === 'section') return node.section.facts.map((fact) => ({ kind: 'fact', fact }));
      return node.kind === 'fact' ? [] : traces.children(node);
    },
    async resolveTreeItem(item, node) {
      if (node.kind !== 'fact' && node.kind !== 'section') item.tooltip = await traces.tooltip(node);
      if (node.kind === 'fact' && node.fact.metric !== undefined && detail) item.tooltip = await metricTooltip(host, detail, node.fact);
      return item;
    },
  };
  const view = vscode.window.createTreeView('runyard.details', { treeDataProvider: provider, showCollapseAll: true });
  const reload = (): void => void load().catch((error: unknown) => host.log.warn(`no details of the run: ${describeError(error)}`));
  const parts = [
    view, fired, traces,
    selected((nodes) => {
      const runs = nodes.filter((node) => node.kind === 'run');
      const wanted = runs.length === 1 ? runs[0]?.row.id : undefined;
      // One that could not be loaded is tried again.
      if (wanted === undefined || (wanted === id && detail?.id === id)) return;
      id = wanted;
      reload();
    }),
    host.registry.onChange(() => { if (id !== undefined) reload(); }),
    host.engine.onChanged((event) => { if (id !== undefined && concerns(event, id)) reload(); }),
  ];
  return {
    get run() { return id; },
    async show(run) {
      id = run;
      await load();
    },
    dispose() { for (const part of parts) part.dispose(); },
  };
}

/** After what a run is told apart by. */
function withTraces(sections: readonly Section[], traces: TracesNode): DetailNode[] {
  const nodes = sections.map((section): DetailNode => ({ kind: 'section', section }));
  if (traces.total === 0) return nodes;
  const after = sections.filter(({ key }) => ['overview', 'comments', 'metrics', 'params'].includes(key)).length;
  return [...nodes.slice(0, after), traces, ...nodes.slice(after)];
}

function sectionItem(section: Section): vscode.TreeItem {
  const item = new vscode.TreeItem(section.label, section.open ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `section:${section.key}`;
  item.iconPath = new vscode.ThemeIcon(section.icon);
  if (section.key !== 'overview') item.description = String(section.facts.length);
  item.contextValue = 'section';
  return item;
}

function factItem(fact: Fact, detail: RunDetail | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(fact.label, vscode.TreeItemCollapsibleState.None);
  item.description = fact.value;
  item.contextValue = fact.open ? 'fact file' : 'fact';
  if (fact.icon) item.iconPath = new vscode.ThemeIcon(fact.icon);
  // A metric's tooltip holds its curve and is made when it is pointed at.
  if (fact.metric === undefined) item.tooltip = `${fact.label}: ${fact.full ?? fact.value}`;
  if (fact.open && detail) item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(path.join(detail.folder, fact.open.file))] };
  return item;
}

async function metricTooltip(host: Host, run: RunDetail, fact: Fact): Promise<vscode.MarkdownString> {
  const key = fact.metric ?? '';
  const { curves } = await host.engine.request('runs.curves', { runs: [run.id], key, px: 100 });
  const values = curves[0]?.points.map((point) => point.value) ?? [];
  const image = values.length > 1 ? markdownImage(sparkline(values), `${key} by step`) : '';
  return new vscode.MarkdownString([`**${escapeMarkdown(key)}** ${escapeMarkdown(fact.full ?? fact.value)}`, image].filter(Boolean).join('\n\n'));
}
