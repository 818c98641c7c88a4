/** Alerts and runbooks as Markdown. Pure; every text that a stranger may have written is shown as the text it is, but the runbook, which is Markdown that the workspace's people wrote. */
import type { AlertDetail, AlertEvent, AlertRow, ResultSummary } from '../../protocol/monitoring';
import { count, formatNumber, formatTime } from '../base/format';
import { escapeMarkdown as escaped, markdownTable, unbroken } from '../base/markdown';
import { personName } from '../registry/words';
import { stateWords, titleWords, windowWords } from './words';

const when = (t: number): string => unbroken(formatTime(t / 1000).slice(0, 16));
/** Of these every font has a glyph. */
const MARKS = { critical: '✗', warning: '⚠', info: 'ℹ' } as const;

/** All that is known of an alert: what to do stands first, then what it is made of. */
export function alertMarkdown({ row, runbook, events, results, slices }: AlertDetail, now: number): string {
  const facts: [string, string][] = [
    ['severity', row.severity], ['since', when(row.opened)], ['state', [stateWords(row, now), row.resolution ?? ''].filter(Boolean).join(': ') || 'open, nobody has acknowledged it'], ['windows', `${row.windows} failed`], ['monitor', row.monitor],
    ['model', row.model ?? ''], ['was live', row.version === null ? '' : `version ${row.version}`], ['on call', row.onCall ?? ''],
  ];
  const parts = [
    `# ${MARKS[row.severity]} ${escaped(`${row.monitor}: ${titleWords(row)}`)}`, escaped(row.text),
    markdownTable(['', ''], facts.filter(([, text]) => text !== '')),
    ...(runbook.trim() === '' ? [] : ['## What to do', runbook.trim()]),
    ...incidentSection(row),
    ...(slices.length === 0 ? [] : ['## Slices that it hits', slices.map((one) => `- **${escaped(one.name)}**: ${escaped(one.text)}`).join('\n')]),
    ...(results.length === 0 ? [] : ['## Windows', windowTable(row, results)]),
    ...(events.length === 0 ? [] : ['## What happened', eventTable(events)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function incidentSection({ incident }: AlertRow): string[] {
  if (!incident) return [];
  const said = [['When', incident.when], ['What', incident.what], ['Cause', incident.cause], ['Action', incident.action]].filter(([, text]) => text !== '');
  return ['## Incident note', said.map(([head, text]) => `**${head}**: ${escaped(text ?? '')}`).join('\n\n'), `*${escaped(personName(incident.by))}, ${when(incident.t)}*`];
}

/** Newest first: what the alert's own figure was in each. */
function windowTable({ key }: AlertRow, results: readonly ResultSummary[]): string {
  const newest = [...results].sort((a, b) => b.window.from - a.window.from);
  const versions = newest.some((one) => one.versions.length > 0);
  return markdownTable(['window', 'outcome', 'value', 'limit', 'rows', ...(versions ? ['versions'] : [])], newest.map((one) => {
    const check = one.checks.find((each) => each.key === key);
    return [
      windowWords(one.window), check?.outcome ?? one.outcome, check?.value == null ? '' : formatNumber(check.value), check?.threshold == null ? '' : formatNumber(check.threshold),
      one.window.rows.toLocaleString('en-US'), ...(versions ? [one.versions.join(', ')] : []),
    ];
  }), [2, 3, 4]);
}

const EVENTS: Readonly<Record<AlertEvent['what'], string>> = {
  opened: 'opened', held: 'held', acknowledged: 'acknowledged', snoozed: 'snoozed', resolved: 'resolved', reopened: 'opened again', woke: 'woke', hook: 'hook', incident: 'incident note', rolledBack: 'rolled back', retraining: 'retraining',
};

const eventTable = (events: readonly AlertEvent[]): string => markdownTable(['when', 'what', 'who', ''], events.map(({ t, what, by, text }) => [when(t), EVENTS[what], by === null ? '' : personName(by), text]));

/** The runbook as it was written, under the monitor's name. */
export function runbookMarkdown(monitor: string, runbook: string): string {
  if (runbook.trim() === '') return `# ${escaped(monitor)}\n\nThis monitor has no runbook: write what is to be done under \`runbook:\` of the monitor in runyard.yaml, as Markdown.\n`;
  return `# ${escaped(monitor)}: what to do\n\n${runbook.trim()}\n`;
}

/** Who is called, by week; `from` as runyard.yaml has it. */
export interface Rota { name: string | null; weeks: readonly { from: string; name: string }[] }

/** All alerts that are kept, newest first, and who is called about them. */
export function alertsMarkdown(rows: readonly AlertRow[], { name, weeks }: Rota, now: number): string {
  const open = rows.filter(({ state }) => state !== 'resolved').length;
  const newest = [...rows].sort((a, b) => b.opened - a.opened);
  const parts = [
    '# Alerts', rows.length === 0 ? 'There has been none yet.' : `${count(rows.length, 'alert')}, ${open} not resolved. Newest first.`,
    ...(rows.length === 0 ? [] : [markdownTable(['since', 'severity', 'what', 'monitor', 'state', 'windows', 'incident'], newest.map((row) => [
      when(row.opened), row.severity, row.text, row.monitor, stateWords(row, now) || 'open', String(row.windows), row.incident?.what ?? '',
    ]), [5])]),
    ...(name === null ? [] : [`## On call: ${escaped(name)}`, ...(weeks.length === 0 ? [] : [markdownTable(['week from', ''], weeks.map((week) => [week.from, week.name]))])]),
  ];
  return `${parts.join('\n\n')}\n`;
}
