/** The "Traces" section of a run's details: loaded when it is opened, a page at a time. */
import * as vscode from 'vscode';
import type { Host } from '../host';
import { page, spanDescription, spanLook, spanTooltip, spanTree, traceDescription, traceLooks, traceTooltip, type Look, type TraceTreeNode } from './trace-nodes';

const PAGE = 100;
/** Spans side by side are shown in larger pages: they come all at once anyway. */
const SPANS = 500;

export interface TraceNodes extends vscode.Disposable {
  /** How many traces a run has. */
  total(run: string): Promise<number>;
  children(node: TraceTreeNode): Promise<TraceTreeNode[]>;
  item(node: TraceTreeNode): vscode.TreeItem;
  tooltip(node: TraceTreeNode): Promise<vscode.MarkdownString | undefined>;
}

/** `changed`: more is wanted, the tree is to ask again. */
export function createTraceNodes({ engine }: Host, changed: () => void): TraceNodes {
  const wanted = new Map<string, number>();
  const more = vscode.commands.registerCommand('runyard._moreTraces', (of: string, shown: number) => {
    wanted.set(of, shown * 2);
    changed();
  });
  return {
    total: async (run) => (await engine.request('runs.traces', { run, limit: 1 })).total,
    async children(node) {
      switch (node.kind) {
        case 'traces': {
          const shown = wanted.get(node.run) ?? PAGE;
          const { traces, total } = await firstTraces(engine, node.run, shown);
          const rows = traces.map((row) => ({ kind: 'trace' as const, row }));
          return total <= shown ? rows : [...rows, { kind: 'more', of: node.run, shown, total }];
        }
        case 'trace': {
          const { spans } = await engine.request('traces.get', { trace: node.row.id });
          return page(node.row.id, spanTree(node.row.id, spans), wanted.get(node.row.id) ?? SPANS);
        }
        case 'span': {
          const key = `${node.trace} ${node.row.id}`;
          return page(key, node.children, wanted.get(key) ?? SPANS);
        }
        default: return [];
      }
    },
    item: (node) => traceTreeItem(node, Date.now() / 1000),
    async tooltip(node) {
      if (node.kind === 'trace') return markdown(traceTooltip(node.row, Date.now() / 1000));
      if (node.kind !== 'span') return undefined;
      const { spans } = await engine.request('traces.get', { trace: node.trace, span: node.row.id, facts: true });
      return markdown(spanTooltip(node.row, spans[0]?.facts));
    },
    dispose: () => { more.dispose(); },
  };
}

const ask = (engine: Host['engine'], run: string, offset: number, limit: number) => engine.request('runs.traces', { run, offset, limit });

/** The engine gives at most a thousand at a time. */
async function firstTraces(engine: Host['engine'], run: string, count: number): ReturnType<typeof ask> {
  const first = await ask(engine, run, 0, Math.min(count, 1000));
  for (let offset = 1000; offset < Math.min(count, first.total); offset += 1000) first.traces.push(...(await ask(engine, run, offset, Math.min(count - offset, 1000))).traces);
  return first;
}

function markdown(text: string): vscode.MarkdownString {
  const made = new vscode.MarkdownString(text, true);
  made.supportHtml = false;
  made.isTrusted = false;
  return made;
}

const themed = ({ icon, color }: Look): vscode.ThemeIcon => new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));

function traceTreeItem(node: TraceTreeNode, now: number): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  switch (node.kind) {
    case 'traces': {
      const item = new vscode.TreeItem('Traces', Collapsed);
      item.id = 'section:traces';
      item.iconPath = new vscode.ThemeIcon('list-tree');
      item.description = node.total.toLocaleString('en-US');
      item.contextValue = 'section';
      return item;
    }
    case 'trace': {
      const item = new vscode.TreeItem(node.row.name, Collapsed);
      item.id = `trace:${node.row.id}`;
      item.description = traceDescription(node.row, now);
      item.iconPath = themed(traceLooks[node.row.state]);
      item.contextValue = 'trace';
      item.accessibilityInformation = { label: `trace ${node.row.name}, ${traceLooks[node.row.state].word}, ${item.description}` };
      return item;
    }
    case 'span': {
      const item = new vscode.TreeItem(node.row.name, node.children.length > 0 ? Collapsed : None);
      item.id = `span:${node.trace}:${node.row.id}`;
      item.description = spanDescription(node.row);
      item.iconPath = themed(spanLook(node.row));
      item.contextValue = 'span';
      item.accessibilityInformation = { label: `span ${node.row.name}, ${item.description}` };
      return item;
    }
    case 'more': {
      const item = new vscode.TreeItem('Load more…', None);
      item.id = `more:${node.of}`;
      item.description = `${node.shown.toLocaleString('en-US')} of ${node.total.toLocaleString('en-US')}`;
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: 'runyard._moreTraces', title: 'Load More', arguments: [node.of, node.shown] };
      return item;
    }
  }
}
