/** The experiments tree's nodes as what the editor draws. */
import * as vscode from 'vscode';
import { count, formatAgo, formatTime } from '../base/format';
import type { ExperimentNode, TreeNode, Grouping } from './nodes';
import { runContext, runDescription, stateLooks } from './state';

export interface ItemContext { mainMetric(experiment: string): string | null; grouping: Grouping; now: number }

/** Icon of a run's state in its colour. */
function stateIcon(state: keyof typeof stateLooks): vscode.ThemeIcon {
  const look = stateLooks[state];
  return new vscode.ThemeIcon(look.icon, look.color === undefined ? undefined : new vscode.ThemeColor(look.color));
}

/** The item of a node; a run's tooltip comes later, when somebody points at it. */
export function itemOf(node: TreeNode, context: ItemContext): vscode.TreeItem {
  switch (node.kind) {
    case 'experiment': return experimentItem(node, context.now);
    case 'group': {
      const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Collapsed);
      item.id = `group:${node.experiment}:${node.key}`;
      item.description = count(node.runs.length, 'run');
      item.contextValue = 'group';
      const state = node.runs[0]?.row.state;
      item.iconPath = context.grouping === 'state' && state ? stateIcon(state) : new vscode.ThemeIcon(context.grouping === 'script' ? 'file-code' : 'symbol-parameter');
      return item;
    }
    case 'run': {
      const { row } = node;
      const item = new vscode.TreeItem(row.name, vscode.TreeItemCollapsibleState.None);
      item.id = `run:${row.id}`;
      item.description = runDescription(row, context.mainMetric(row.experiment), context.now);
      item.iconPath = stateIcon(row.state);
      item.contextValue = runContext(row);
      item.accessibilityInformation = { label: `${row.name}, ${stateLooks[row.state].word}, ${item.description}` };
      return item;
    }
    case 'more': {
      const item = new vscode.TreeItem('Load more…', vscode.TreeItemCollapsibleState.None);
      item.id = `more:${node.experiment}`;
      item.description = `${node.loaded.toLocaleString('en-US')} of ${node.total.toLocaleString('en-US')}`;
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: 'runyard.loadMore', title: 'Load More Runs', arguments: [node] };
      item.contextValue = 'more';
      return item;
    }
    case 'note': {
      const item = new vscode.TreeItem('', vscode.TreeItemCollapsibleState.None);
      item.description = node.text;
      item.contextValue = 'note';
      return item;
    }
  }
}

function experimentItem({ row, open }: ExperimentNode, now: number): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.name, row.runs === 0 ? None : open ? Expanded : Collapsed);
  item.id = `experiment:${row.name}`;
  item.description = row.runs === 0 ? 'no runs yet' : [count(row.runs, 'run'), ...(row.live > 0 ? [`${row.live} live`] : [])].join(' · ');
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.contextValue = row.configured ? 'experiment configured' : 'experiment';
  const lines = [`**${row.name.replace(/[\\`*_[\]<>]/g, '\\$&')}**`, row.configured ? 'named in runyard.yaml' : '', row.mainMetric ? `main metric \`${row.mainMetric}\`` : ''];
  if (row.runs > 0) lines.push(`last activity ${formatAgo(row.lastActivity, now)} (${formatTime(row.lastActivity)})`);
  item.tooltip = new vscode.MarkdownString(lines.filter(Boolean).join('  \n'));
  return item;
}
