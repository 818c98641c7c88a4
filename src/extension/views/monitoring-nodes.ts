/** What the Monitoring tree is made of. Pure. Rows name model and environment, so that the registry's commands know what they are about. */
import type { AlertRow, BrokenEntry, CheckResult, FeedbackSummary, MonitorRow, RetrainingRow, RetrainingRun, ServingLog } from '../../protocol/monitoring';
import { count } from '../base/format';
import type { MonitoringOverview } from '../monitoring/facts';
import { checksWords, columnOf, served, windowWords } from '../monitoring/words';

interface About { model?: string; environment?: string }
export interface MonitorNode extends About { kind: 'monitor'; monitor: string; row: MonitorRow; alerts: readonly AlertRow[]; resolved: readonly AlertRow[] }
/** What can't be read: a monitor (`monitor` names it), a serving, a retraining, a section, the file. `line` from 1: a click goes there. */
export interface BrokenNode { kind: 'broken'; monitor: string; line: number; row: BrokenEntry; alerts: readonly AlertRow[] }
export interface AlertNode extends About { kind: 'alert'; alert: string; monitor: string; column?: string; row: AlertRow }
/** One thing that the newest window was held against. */
export interface CheckNode { kind: 'check'; monitor: string; column?: string; row: CheckResult }
export interface LogNode extends About { kind: 'log'; served: string; row: ServingLog; feedback: FeedbackSummary | undefined }
export interface FeedbackNode extends About { kind: 'feedback'; served: string; row: FeedbackSummary }
export interface RetrainingNode extends About { kind: 'retraining'; retraining: string; row: RetrainingRow }
export interface AttemptNode extends About { kind: 'attempt'; retraining: string; /** that it made */ version?: number; row: RetrainingRun }
/** Names what follows, and holds it. */
export interface GroupNode { kind: 'group'; key: 'resolved' | 'checks' | 'logs' | 'retraining' | 'gone'; of: string; label: string; description: string; children: MonitoringNode[] }
export type MonitoringNode = MonitorNode | BrokenNode | AlertNode | CheckNode | LogNode | FeedbackNode | RetrainingNode | AttemptNode | GroupNode;

/** Of what a monitor has behind it, as many are shown. */
const MOST = 20;

/** Monitors with alerts that wait stand first, then what can't be read, the others in the file's order; then logs and retrainings. */
export function rootNodes({ monitors, broken, open, resolved, logs, retrainings, feedback }: MonitoringOverview): MonitoringNode[] {
  const watchers = broken.filter(({ section }) => section === 'monitors' || section === null);
  const known = new Set([...monitors, ...watchers].map(({ name }) => name));
  const of = (rows: readonly AlertRow[], name: string): AlertRow[] => rows.filter(({ monitor }) => monitor === name);
  const urgent = (name: string): number => (open.some((row) => row.monitor === name && row.state === 'open') ? 0 : 1);
  const ordered = [...monitors].sort((a, b) => urgent(a.name) - urgent(b.name) || a.line - b.line);
  const gone = open.filter(({ monitor }) => !known.has(monitor));
  const first = ordered.findIndex(({ name }) => urgent(name) > 0);
  const brokenOf = (asked: BrokenEntry['section']): MonitoringNode[] => broken.filter(({ section }) => section === asked).map((row) => brokenNode(row, []));
  const watching = ordered.map((row): MonitoringNode => ({ kind: 'monitor', monitor: row.name, row, alerts: of(open, row.name), resolved: of(resolved, row.name), ...served(row.model) }));
  return [
    ...watching.slice(0, first < 0 ? watching.length : first),
    ...watchers.map((row) => brokenNode(row, row.name === null ? [] : of(open, row.name))),
    ...(first < 0 ? [] : watching.slice(first)),
    ...group({ key: 'gone', label: 'Of Monitors Not in runyard.yaml', description: count(gone.length, 'alert') }, gone.map(alertNode)),
    ...counted({ key: 'logs', label: 'Serving Logs' }, [...brokenOf('serving'), ...logs.map((row): MonitoringNode => ({ kind: 'log', served: row.model, row, feedback: feedback.get(row.model), ...served(row.model) }))]),
    ...counted({ key: 'retraining', label: 'Retraining' }, [...brokenOf('retraining'), ...retrainings.map((row): MonitoringNode => ({ kind: 'retraining', retraining: row.name, row, ...served(row.model) }))]),
  ];
}

const counted = (head: Pick<GroupNode, 'key' | 'label'>, children: MonitoringNode[]): MonitoringNode[] => group({ ...head, description: String(children.length) }, children);

const brokenNode = (row: BrokenEntry, alerts: readonly AlertRow[]): BrokenNode => ({ kind: 'broken', monitor: row.name ?? row.file, line: row.line, row, alerts });

function group({ of = '', ...head }: Pick<GroupNode, 'key' | 'label' | 'description'> & { of?: string }, children: MonitoringNode[]): MonitoringNode[] {
  return children.length === 0 ? [] : [{ kind: 'group', of, ...head, children }];
}

function alertNode(row: AlertRow): AlertNode {
  const column = columnOf(row);
  return { kind: 'alert', alert: row.id, monitor: row.monitor, row, ...(column === undefined ? {} : { column }), ...served(row.model) };
}

export function childrenOf(node: MonitoringNode): MonitoringNode[] {
  switch (node.kind) {
    case 'monitor': return [
      ...node.alerts.map(alertNode),
      ...group({ key: 'checks', of: node.monitor, label: 'Checks of the Last Window', description: node.row.last ? `${checksWords(node.row.last.checks)} · ${windowWords(node.row.last.window)}` : '' }, checkNodes(node)),
      ...group({ key: 'resolved', of: node.monitor, label: 'Resolved', description: String(node.resolved.length) }, node.resolved.slice(0, MOST).map(alertNode)),
    ];
    case 'broken': return node.alerts.map(alertNode);
    case 'group': return node.children;
    case 'log': return node.feedback ? [{ kind: 'feedback', served: node.served, row: node.feedback, ...served(node.served) }] : [];
    case 'retraining': return node.row.runs.slice(0, MOST).map((row) => ({ kind: 'attempt', retraining: node.retraining, row, ...served(node.row.model), ...(row.version === null ? {} : { version: row.version }) }));
    default: return [];
  }
}

const WORST = { fail: 0, 'cannot tell': 1, pass: 2 } as const;

/** What failed first, then in the file's order. */
function checkNodes({ monitor, row }: MonitorNode): MonitoringNode[] {
  const checks = [...(row.last?.checks ?? [])].sort((a, b) => WORST[a.outcome] - WORST[b.outcome] || a.at - b.at);
  return checks.map((one) => {
    const column = columnOf(one);
    return { kind: 'check', monitor, row: one, ...(column === undefined ? {} : { column }) };
  });
}

/** What the tree's menus ask for: words that `when` clauses find with =~. */
export function contextOf(node: MonitoringNode): string {
  switch (node.kind) {
    case 'monitor': return ['monitor', node.row.running ? 'running' : 'idle', node.row.runbook === '' ? 'bare' : 'runbook', node.alerts.length > 0 ? 'alarmed' : 'calm', node.model === undefined ? 'plain' : 'served'].join(' ');
    case 'alert': return ['alert', node.row.state, node.model === undefined ? 'plain' : 'served'].join(' ');
    case 'group': return `group ${node.key}`;
    case 'attempt': return node.version === undefined ? 'attempt' : 'attempt made';
    default: return node.kind;
  }
}

/** Tells a row from all others, whatever it says now. */
export function idOf(node: MonitoringNode): string {
  switch (node.kind) {
    // An alert opens what was closed, or had nothing below: the editor keeps a row's state by its id.
    case 'monitor': return `${node.alerts.length > 0 ? 'alarmed' : 'monitor'}:${node.monitor}`;
    case 'broken': return `broken:${JSON.stringify([node.row.section, node.row.name, node.alerts.length > 0])}`;
    case 'alert': return `alert:${node.alert}`;
    case 'check': return `check:${JSON.stringify([node.monitor, node.row.key])}`;
    case 'log': case 'feedback': return `${node.kind}:${node.served}`;
    case 'retraining': return `retraining:${node.retraining}`;
    case 'attempt': return `attempt:${node.row.id}`;
    case 'group': return `group:${JSON.stringify([node.key, node.of])}`;
  }
}
