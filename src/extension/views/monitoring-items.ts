/** The Monitoring tree's nodes as what the editor draws. */
import * as vscode from 'vscode';
import { count, formatNumber, formatTime } from '../base/format';
import { escapeMarkdown as escaped } from '../base/markdown';
import { outcomeIcons } from '../evaluation/words';
import { ago, alertWords, attemptWords, brokenWords, checkTitle, feedbackWords, figureWords, lengthWords, logWords, monitorWords, retrainingLooks, retrainingWords, severityLooks, stateWords, titleWords, windowWords } from '../monitoring/words';
import { childrenOf, contextOf, idOf, type AlertNode, type BrokenNode, type MonitoringNode, type MonitorNode } from './monitoring-nodes';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
const icon = (id: string, color?: string): vscode.ThemeIcon => new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
const outcomeColors = { pass: 'charts.green', fail: 'charts.red', 'cannot tell': 'descriptionForeground' } as const;

interface Look { label: string; description: string; icon: vscode.ThemeIcon; tooltip?: string; open?: boolean; /** what a click does where nothing is below */ command?: string }

/** `now` in ms. */
export function monitoringItem(node: MonitoringNode, now: number): vscode.TreeItem {
  const look = lookOf(node, now);
  const item = new vscode.TreeItem(look.label, childrenOf(node).length === 0 ? None : look.open === true ? Expanded : Collapsed);
  item.id = idOf(node);
  item.description = look.description;
  item.contextValue = contextOf(node);
  item.iconPath = look.icon;
  item.accessibilityInformation = { label: [node.kind === 'alert' ? `${node.row.severity} alert` : '', look.label, look.description].filter(Boolean).join(', ') };
  if (look.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(look.tooltip, true);
  if (look.command !== undefined) item.command = { command: look.command, title: 'Open', arguments: [node] };
  return item;
}

function lookOf(node: MonitoringNode, now: number): Look {
  switch (node.kind) {
    case 'monitor': return { label: node.monitor, description: monitorWords(node.row, now), icon: monitorIcon(node), open: node.alerts.length > 0, tooltip: monitorTooltip(node, now) };
    case 'broken': return { label: node.monitor, description: brokenWords(node.row), icon: icon('error', 'charts.red'), open: true, tooltip: brokenTooltip(node), command: 'runyard.goToMonitor' };
    case 'alert': {
      const { icon: id, color } = severityLooks[node.row.severity];
      const quiet = node.row.state === 'snoozed' ? icon('bell-slash', 'descriptionForeground') : node.row.state === 'resolved' ? icon('check', 'descriptionForeground') : undefined;
      // Acknowledged: the same shape, but it no longer calls.
      return { label: titleWords(node.row), description: alertWords(node.row, now), icon: quiet ?? icon(id, node.row.state === 'acknowledged' ? 'descriptionForeground' : color), tooltip: alertTooltip(node, now), command: 'runyard.showAlert' };
    }
    case 'check': {
      const { outcome, reason } = node.row;
      return { label: checkTitle(node.row), description: figureWords(node.row), icon: icon(outcomeIcons[outcome], outcomeColors[outcome]), tooltip: [`**${escaped(outcome)}**`, escaped(reason)].filter(Boolean).join('  \n'), command: 'runyard.showDrift' };
    }
    case 'log': {
      const days = node.row.days.slice(-7).reverse().map(({ day, rows, files }) => `${escaped(day)}: ${count(rows, 'row')}, ${count(files, 'file')}`);
      return { label: node.served, description: logWords(node.row, now), icon: icon('output'), open: true, tooltip: [`**${escaped(node.served)}**`, escaped(node.row.folder), days.join('  \n')].filter(Boolean).join('\n\n') };
    }
    case 'feedback': {
      const { honest, newest, error } = node.row;
      const lines = [honest === null ? '' : `Of ${count(honest.n, 'row')} that were asked by chance ${(honest.right * 100).toFixed(0)} % are right (${(honest.low * 100).toFixed(0)} to ${(honest.high * 100).toFixed(0)} %).`, error ? `Mean absolute error ${formatNumber(error.mean)}${error.interval ? ` (${error.interval.map((one) => formatNumber(one)).join(' to ')})` : ''} over ${count(error.n, 'answer')}.` : '', newest === null ? '' : `newest ${ago(newest, now)}`];
      return { label: 'Feedback', description: feedbackWords(node.row), icon: icon('comment-discussion'), tooltip: lines.filter(Boolean).join('\n\n'), command: 'runyard.reviewPredictions' };
    }
    case 'retraining': {
      const { row } = node;
      const state = row.problem === null ? row.last?.state : undefined;
      const look = row.problem !== null ? icon('warning', 'charts.yellow') : state === undefined ? icon('sync') : icon(retrainingLooks[state].icon, retrainingLooks[state].color);
      const lines = [`**${escaped(row.name)}**: ${escaped(row.model)} by ${escaped(row.experiment)}`, ...row.triggers.map((one) => `- ${escaped(one)}`), `Budget: ${row.used.runs} of ${count(row.budget.perWeek, 'run')} and ${Math.round(row.used.minutes)} of ${row.budget.minutes} minutes this week`];
      const last = row.last === null ? '' : row.last.text || row.last.reason;
      return { label: row.name, description: retrainingWords(row, now), icon: look, tooltip: [...lines, ...(last === '' ? [] : [`Last: ${escaped(last)}`])].join('\n\n') };
    }
    case 'attempt': {
      const look = retrainingLooks[node.row.state];
      return { label: node.row.trigger, description: attemptWords(node.row, now), icon: icon(look.icon, look.color), tooltip: [escaped(node.row.text), escaped(node.row.reason), formatTime(node.row.t / 1000)].filter(Boolean).join('\n\n'), ...(node.row.run === null ? {} : { command: 'runyard._showRetrainingRun' }) };
    }
    case 'group': return { label: node.label, description: node.description, icon: icon(GROUPS[node.key]), open: node.key === 'logs' || node.key === 'retraining' || node.key === 'gone' };
  }
}

const GROUPS = { resolved: 'pass', checks: 'checklist', logs: 'database', retraining: 'sync', gone: 'question' } as const;

function monitorIcon({ row, alerts }: MonitorNode): vscode.ThemeIcon {
  if (row.running) return icon('loading~spin', 'charts.blue');
  if (row.problem !== null) return icon('warning', 'charts.yellow');
  if (row.last === null) return icon('circle-outline', 'descriptionForeground');
  const { outcome } = row.last;
  // What fails is only as bad as the monitor says.
  const [worst] = alerts;
  return icon(outcomeIcons[outcome], outcome === 'fail' ? severityLooks[worst?.severity ?? 'warning'].color : outcomeColors[outcome]);
}

function monitorTooltip({ row }: MonitorNode, now: number): string {
  const { last } = row;
  const head = [`**${escaped(row.name)}**`, row.model === null ? '' : escaped(row.model), `windows of ${lengthWords(row.window)}${row.cadence === 'none' ? '' : `, compared by ${escaped(row.cadence)}`} · ${row.schedule === '' ? 'runs when asked' : escaped(row.schedule)}`, `checks: ${escaped(row.checks.join(', '))}`];
  const figures = Object.values(last?.figures ?? {}).map(({ metric, estimated, realised }) => `${escaped(metric)}: ${[estimated === null ? '' : `estimated ${estimated.toFixed(3)}`, realised === null ? '' : `realised ${realised.toFixed(3)}`].filter(Boolean).join(', ')}`);
  const said = last ? [`Last: **${escaped(last.outcome)}** for ${escaped(windowWords(last.window))}, ${count(last.window.rows, 'row')}, ${ago(last.created, now)}`, ...last.reasons.slice(0, 5).map((reason) => `- ${escaped(reason)}`), ...figures] : [];
  return [head.filter(Boolean).join('  \n'), ...said, row.problem === null ? '' : escaped(row.problem)].filter(Boolean).join('\n\n');
}

const IDLE = { monitors: 'It watches nothing', serving: 'A scoring server of it does not start, or keeps to what it read before,', retraining: 'Nothing begins it' } as const;

function brokenTooltip({ row: { section, name, file, line, message, more } }: BrokenNode): string {
  const what = section === null ? 'What else it says is not known' : name === null ? `What else it says under ${section}: is not known` : IDLE[section];
  return [`**${escaped(name ?? file)}** can\u2019t be read`, `${escaped(`${file}, line ${line}`)}: ${escaped(message)}`, more > 0 ? count(more, 'further error') : '', `${escaped(what)} until this is mended.`].filter(Boolean).join('\n\n');
}

function alertTooltip({ row }: AlertNode, now: number): string {
  const facts = [
    `$(${severityLooks[row.severity].icon}) ${escaped(row.severity)}, since ${formatTime(row.opened / 1000)}`, escaped([stateWords(row, now), row.resolution ?? ''].filter(Boolean).join(': ')), count(row.windows, 'window'),
    row.model === null ? '' : `${escaped(row.model)}${row.version === null ? '' : `, version ${row.version} was live`}`, row.onCall === null ? '' : `on call: ${escaped(row.onCall)}`, row.incident ? `Incident note by ${escaped(row.incident.by.name)}: ${escaped(row.incident.what)}` : '',
  ];
  return [`**${escaped(row.text)}**`, facts.filter(Boolean).join('  \n')].join('\n\n');
}
