/** The Models tree's nodes as what the editor draws. */
import * as vscode from 'vscode';
import type { VersionRow } from '../../protocol/registry';
import { count, formatBytes, formatTime } from '../base/format';
import { escapeMarkdown as escaped } from '../base/markdown';
import { outcomeIcons, summaryDetail, summaryWords } from '../evaluation/words';
import { ago, liveWords, personName, versionWords, waitingWords } from '../registry/words';
import { contextOf, idOf, modelWords, type ModelsNode } from './models-nodes';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
const icon = (id: string, color?: string): vscode.ThemeIcon => new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));

interface Look { label: string; description: string; icon?: vscode.ThemeIcon; state?: vscode.TreeItemCollapsibleState; tooltip?: string; opens?: boolean }

/** `now` in ms. A click on what has no rows below opens the panel there. */
export function modelItem(node: ModelsNode, now: number): vscode.TreeItem {
  const look = lookOf(node, now);
  const item = new vscode.TreeItem(look.label, look.state ?? None);
  item.id = idOf(node);
  item.description = look.description;
  item.contextValue = contextOf(node);
  item.accessibilityInformation = { label: [look.label, look.description].filter(Boolean).join(', ') };
  if (look.icon) item.iconPath = look.icon;
  if (look.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(look.tooltip, true);
  if (look.opens) item.command = { command: 'runyard.openRegistry', title: 'Open Registry', arguments: [node] };
  return item;
}

function lookOf(node: ModelsNode, now: number): Look {
  switch (node.kind) {
    case 'model': {
      const { row } = node;
      const lines = [`**${escaped(row.name)}**`, escaped(row.description), `${count(row.versions, 'version')} · changed ${ago(row.updated, now)}`, ...Object.entries(row.aliases).map(([alias, version]) => `@${escaped(alias)} is version ${version}`)];
      return { label: row.name, description: modelWords(row), icon: icon('package'), state: node.open ? Expanded : Collapsed, tooltip: lines.filter(Boolean).join('  \n') };
    }
    case 'environment': {
      const { live } = node;
      const lines = [`**${escaped(node.environment)}**: ${escaped(liveWords(live, now))}`];
      if (live.since !== null && live.by) lines.push(`${formatTime(live.since / 1000)}, by ${escaped(personName(live.by))}`);
      if (live.reason !== '') lines.push(escaped(live.reason));
      const look = live.version === null ? icon('circle-outline', 'descriptionForeground') : live.whole ? icon('server-environment', live.forced ? 'charts.yellow' : 'charts.green') : icon('warning', 'charts.yellow');
      return { label: node.environment, description: liveWords(live, now), icon: look, tooltip: lines.join('  \n'), opens: true };
    }
    case 'version': {
      const { row } = node;
      const outcome = row.evaluation?.outcome;
      const look = !row.here ? icon('cloud-download') : row.live.length > 0 ? icon('circle-filled', 'charts.green') : outcome === 'fail' ? icon(outcomeIcons.fail, 'charts.red') : icon(outcome === undefined ? 'circle-outline' : outcomeIcons[outcome]);
      return { label: `version ${row.version}`, description: versionWords(row), icon: look, tooltip: versionTooltip(row, now), opens: true };
    }
    case 'waiting': return {
      label: node.below ? `v${node.version} to ${node.environment}` : `${node.model} v${node.version} to ${node.environment}`, description: waitingWords(node.row, now),
      icon: icon('bell', 'charts.yellow'), opens: true, tooltip: escaped(`${node.model} version ${node.version} waits for approval before it goes to ${node.environment}: ${waitingWords(node.row, now)}.`),
    };
    case 'conflict': return {
      label: `${node.model}: ${node.environment} is disputed`, description: node.row.text, icon: icon('warning', 'charts.yellow'), tooltip: [escaped(node.row.text), escaped(node.row.hint)].filter(Boolean).join('\n\n'), opens: true,
    };
    case 'group': return { label: node.label, description: node.description, icon: icon(node.key === 'waiting' ? 'bell-dot' : 'versions'), state: node.key === 'waiting' || node.children.length <= 6 ? Expanded : Collapsed };
    case 'older': return { label: 'Show all versions…', description: `${node.shown} of ${node.total.toLocaleString('en-US')}`, icon: icon('ellipsis') };
  }
}

function versionTooltip(row: VersionRow, now: number): string {
  const facts = [
    `registered ${ago(row.created, now)}, ${formatTime(row.created / 1000)}, by ${escaped(personName(row.author))}`,
    `${formatBytes(row.size)} · digest \`${row.digest.slice(0, 12)}\``,
    row.live.length > 0 ? `live in ${escaped(row.live.join(', '))}` : '', row.was.length > 0 ? `was live in ${escaped(row.was.join(', '))}` : '',
    row.licence === '' ? '' : `licence ${escaped(row.licence)}`, row.here ? '' : 'Its weights are not on this machine: *Fetch Weights* brings them.',
  ];
  const tags = Object.entries(row.tags).map(([key, value]) => `${escaped(key)} ${escaped(value)}`);
  return [
    `**${escaped(`${row.model} ${row.version}`)}**${row.aliases.map((alias) => ` @${escaped(alias)}`).join('')}`, escaped(row.description), facts.filter(Boolean).join('  \n'), tags.join(' · '),
    row.evaluation ? `$(${outcomeIcons[row.evaluation.outcome]}) ${escaped(summaryWords(row.evaluation))}  \n${escaped(summaryDetail(row.evaluation, now))}` : 'It has not been evaluated.',
  ].filter(Boolean).join('\n\n');
}
