/** The Experiments tree: experiments, their runs in pages, groups and a filter; redrawn node by node as the engine tells of changes. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { ChangedEvent } from '../../protocol/engine';
import type { ExperimentRow } from '../../protocol/model';
import type { Host } from '../host';
import { runDrops } from './drag';
import { itemOf } from './items';
import { groupRuns, groupings, type ExperimentNode, type Grouping, type GroupNode, type MoreNode, type RunNode, type TreeNode } from './nodes';
import { createPages, type Query } from './pages';

export interface ExperimentsView extends vscode.Disposable {
  readonly selection: readonly TreeNode[];
  readonly onSelection: vscode.Event<readonly TreeNode[]>;
  readonly filter: string;
  readonly grouping: Grouping;
  /** The experiments as last heard. */
  readonly experiments: readonly ExperimentRow[];
  setFilter(filter: string): Promise<void>;
  setGrouping(grouping: Grouping): Promise<void>;
  loadMore(node: MoreNode): void;
  refresh(): void;
  /** Opens the tree at a run that is in it. */
  reveal(id: string): Promise<void>;
}

const FILTER = 'experiments.filter';
const GROUPING = 'experiments.grouping';

export function createExperimentsView(host: Host): ExperimentsView {
  const { engine, context } = host;
  const pages = createPages(engine);
  const fired = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  const experiments = new Map<string, ExperimentNode>();
  const parents = new Map<RunNode, TreeNode>();
  const memory = context.workspaceState;
  const unfolded = new WeakSet<ExperimentNode>();
  let counted = 0;
  let timer: NodeJS.Timeout | undefined;
  let filter = memory.get<string>(FILTER, '');
  let grouping = groupings.find((one) => one === memory.get<string>(GROUPING)) ?? 'none';

  const mainMetric = (experiment: string): string | null => experiments.get(experiment)?.row.mainMetric ?? null;
  const query = (experiment: string): Query => ({ filter, grouping, mainMetric: mainMetric(experiment) });

  const listExperiments = async (): Promise<ExperimentNode[]> => {
    const { experiments: rows } = await engine.request('experiments.list', {});
    const names = new Set(rows.map((row) => row.name));
    for (const name of [...experiments.keys()]) if (!names.has(name)) experiments.delete(name);
    for (const row of rows) {
      const known = experiments.get(row.name);
      // The columns that were asked for hang on the main metric.
      if (known && known.row.mainMetric !== row.mainMetric) pages.drop(row.name);
      if (known) known.row = row;
      else experiments.set(row.name, { kind: 'experiment', row, open: undefined });
    }
    const newest = rows.reduce((latest, row) => Math.max(latest, row.lastActivity), 0);
    const few = rows.filter((row) => row.runs > 0).length <= 3;
    // Decided once, when there is something to open: later it is the person who opens and closes.
    for (const node of experiments.values()) if (node.row.runs > 0) node.open ??= few || node.row.live > 0 || node.row.lastActivity === newest;
    const nodes = rows.map((row) => experiments.get(row.name)).filter((node) => node !== undefined);
    await vscode.commands.executeCommand('setContext', 'runyard.hasRuns', rows.some((row) => row.runs > 0));
    return nodes.sort((a, b) => b.row.lastActivity - a.row.lastActivity || a.row.name.localeCompare(b.row.name));
  };

  const roots = async (): Promise<TreeNode[]> => {
    if (!(await host.hasStore())) return [];
    try {
      const nodes = await listExperiments();
      showMessage();
      for (const node of nodes) if (node.open) unfolded.add(node);
      return nodes;
    } catch (error) {
      view.message = `${describeError(error)} — see "Runyard: Show Engine Log".`;
      return [];
    }
  };

  const runsOf = async (node: ExperimentNode): Promise<TreeNode[]> => {
    const name = node.row.name;
    const shelf = await pages.get(name, query(name));
    const below: TreeNode[] = grouping === 'none' ? shelf.nodes : groupsOf(name, shelf.nodes);
    if (grouping === 'none') for (const run of shelf.nodes) parents.set(run, node);
    if (shelf.total > shelf.nodes.length) below.push({ kind: 'more', experiment: name, loaded: shelf.nodes.length, total: shelf.total });
    if (below.length === 0) below.push({ kind: 'note', experiment: name, text: filter === '' ? 'no runs yet' : 'no run matches the filter' });
    return [...below];
  };

  const groupsOf = (experiment: string, nodes: readonly RunNode[]): GroupNode[] => {
    if (grouping === 'none') return [];
    const byId = new Map(nodes.map((node) => [node.row.id, node]));
    return groupRuns(nodes.map((node) => node.row), grouping).map((group) => {
      const runs = group.rows.flatMap((row) => byId.get(row.id) ?? []);
      const node: GroupNode = { kind: 'group', experiment, key: group.key, label: group.label, runs };
      for (const run of runs) parents.set(run, node);
      return node;
    });
  };

  const provider: vscode.TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: fired.event,
    getTreeItem: (node) => itemOf(node, { mainMetric, grouping, now: Date.now() / 1000 }),
    async getChildren(node) {
      if (!node) return roots();
      if (node.kind === 'experiment') return runsOf(node);
      return node.kind === 'group' ? node.runs : [];
    },
    getParent(node) {
      if (node.kind === 'run') return parents.get(node) ?? experiments.get(node.row.experiment);
      return node.kind === 'experiment' ? undefined : experiments.get(node.experiment);
    },
    async resolveTreeItem(item, node) {
      if (node.kind !== 'run') return item;
      const { runTooltip } = await import('./tooltip');
      item.tooltip = await runTooltip(engine, node.row, mainMetric(node.row.experiment));
      return item;
    },
  };

  const view = vscode.window.createTreeView('runyard.experiments', {
    treeDataProvider: provider, canSelectMany: true, showCollapseAll: true, dragAndDropController: runDrops(host),
  });
  const showMessage = (): void => {
    view.message = filter === '' ? undefined : `Filter: ${filter}`;
    void vscode.commands.executeCommand('setContext', 'runyard.filtered', filter !== '');
  };

  /** Counts and the main metric of each experiment; answers the nodes of those in which something is other than before. */
  const relist = async (): Promise<{ changed: ExperimentNode[]; reordered: boolean }> => {
    const before = new Map([...experiments].map(([name, node]) => [name, JSON.stringify({ ...node.row, lastActivity: 0 })]));
    const nodes = await listExperiments();
    const changed = nodes.filter((node) => before.get(node.row.name) !== JSON.stringify({ ...node.row, lastActivity: 0 }));
    return { changed, reordered: nodes.length !== before.size || nodes.some((node) => !before.has(node.row.name)) };
  };
  const restructure = async (names: readonly string[]): Promise<void> => {
    for (const name of names) pages.drop(name);
    const { changed, reordered } = await relist();
    if (reordered) fired.fire(undefined);
    else {
      const stale = new Set([...changed, ...names.flatMap((name) => experiments.get(name) ?? [])]);
      if (stale.size > 0) fired.fire([...stale]);
    }
    await unfold(changed);
  };
  /** An experiment that was drawn without a run stays closed by itself when the first one comes. */
  const unfold = async (nodes: readonly ExperimentNode[]): Promise<void> => {
    if (!view.visible) return;
    for (const node of nodes.filter((one) => one.open && !unfolded.has(one))) {
      unfolded.add(node);
      await view.reveal(node, { expand: true, select: false, focus: false });
    }
  };
  const changed = async (event: ChangedEvent): Promise<void> => {
    if (event.structure || event.config) return restructure(event.experiments.length === 0 ? pages.opened : event.experiments);
    const before = new Map(event.runs.map((id) => [id, pages.find(id)?.row.state]));
    const nodes = await pages.update(event.runs, query);
    // A run that ended counts no longer as live, and may stand in another group.
    const moved = nodes.filter((node) => before.get(node.row.id) !== node.row.state);
    const names = [...new Set(moved.map((node) => node.row.experiment))];
    if (moved.length > 0 || nodes.length < event.runs.length) await recount(grouping === 'state' ? names : []);
    if (nodes.length > 0) fired.fire(nodes);
  };
  /** Runs that aren't on screen log many times a second: their experiments are counted once a second at most. */
  const recount = async (regrouped: readonly string[]): Promise<void> => {
    const wait = counted + 1000 - Date.now();
    if (regrouped.length === 0 && wait > 0) {
      timer ??= setTimeout(() => {
        timer = undefined;
        recount([]).catch(report);
      }, wait);
      return;
    }
    counted = Date.now();
    const { changed: others, reordered } = await relist();
    if (reordered) fired.fire(undefined);
    else fired.fire([...new Set([...others, ...regrouped.flatMap((name) => experiments.get(name) ?? [])])]);
  };
  const report = (error: unknown): void => host.log.warn(`the tree could not follow: ${describeError(error)}`);
  const subscription = engine.onChanged((event) => {
    changed(event).catch(report);
  });
  const redraw = (): void => {
    pages.drop();
    fired.fire(undefined);
  };
  const states = engine.onState((state) => { if (state === 'ready') redraw(); });
  showMessage();

  return {
    get selection() { return view.visible ? view.selection : []; },
    onSelection: (listener, ...rest) => view.onDidChangeSelection((event) => listener(event.selection), ...rest),
    get filter() { return filter; },
    get grouping() { return grouping; },
    get experiments() { return [...experiments.values()].map((node) => node.row); },
    async setFilter(next) {
      filter = next;
      await memory.update(FILTER, next);
      showMessage();
      redraw();
    },
    async setGrouping(next) {
      grouping = next;
      await memory.update(GROUPING, next);
      redraw();
    },
    loadMore(node) {
      pages.more(node.experiment);
      fired.fire(experiments.get(node.experiment));
    },
    refresh: redraw,
    async reveal(id) {
      const node = pages.find(id);
      if (node && parents.has(node)) await view.reveal(node, { select: true, focus: false, expand: true });
    },
    dispose() {
      clearTimeout(timer);
      for (const one of [subscription, states, view, fired]) one.dispose();
    },
  };
}
