/** Open alerts as marks in runyard.yaml, and what a monitor's lens and hover say. Pure; lines from 0. */
import type { AlertDetail, AlertRow, MonitorRow } from '../../protocol/monitoring';
import { count, formatNumber, formatTime } from '../base/format';
import { escapeMarkdown as escaped, markdownTable } from '../base/markdown';
import type { MonitorPlace } from '../monitoring/lines';
import { ago, lensWords, severityLooks, stateWords, titleWords, windowWords } from '../monitoring/words';

export type Weight = 'error' | 'warning' | 'information';
export interface AlertMark { line: number; weight: Weight; message: string; alert: AlertRow }

const WEIGHTS: Readonly<Record<AlertRow['severity'], Weight>> = { critical: 'error', warning: 'warning', info: 'information' };

/**
 * Where an alert stands: at its check where the engine knows the line and that lies within the monitor as the text has it, else at the monitor's name. None of what is
 * snoozed: that was asked to be quiet; nor of a monitor that the text no longer has.
 */
export function marksOf(alerts: readonly { row: AlertRow; line: AlertDetail['line'] }[], places: readonly MonitorPlace[], now: number): AlertMark[] {
  return alerts.flatMap(({ row, line }) => {
    const place = places.find((one) => one.name === row.monitor);
    if (!place || row.state === 'resolved' || row.state === 'snoozed') return [];
    const own = line === null ? place.line : line - 1;
    // Somebody has it in hand: it stays where it is, but no longer as an error.
    const weight = row.state === 'acknowledged' ? 'information' : WEIGHTS[row.severity];
    return [{ line: own > place.line && own <= place.end ? own : place.line, weight, message: `${row.text} (${messageWords(row, now)})`, alert: row }];
  });
}

/** A mark stands for hours: when it began stays true, how long ago doesn't. */
const messageWords = (row: AlertRow, now: number): string =>
  [`since ${formatTime(row.opened / 1000).slice(0, 16)}`, row.windows > 1 ? count(row.windows, 'window') : '', stateWords(row, now)].filter(Boolean).join(', ');

/** What can be done about an alert where it is marked. */
export function fixesOf(row: AlertRow, { runbook, column }: { runbook: boolean; column: string | undefined }): { title: string; command: string; argument: Record<string, string> }[] {
  const { id, state, monitor } = row;
  const short = titleWords(row);
  return [
    ...(state === 'open' ? [{ title: `Acknowledge: ${short}`, command: 'runyard.acknowledgeAlert', argument: { alert: id } }] : []),
    { title: `Snooze: ${short}\u2026`, command: 'runyard.snoozeAlert', argument: { alert: id } },
    { title: column === undefined ? `Open the drift panel of ${monitor}` : `Open the drift panel on ${column}`, command: 'runyard.showDrift', argument: { monitor, ...(column === undefined ? {} : { column }) } },
    ...(runbook ? [{ title: `Show the runbook of ${monitor}`, command: 'runyard.showRunbook', argument: { monitor } }] : []),
    { title: 'Show all that is known of the alert', command: 'runyard.showAlert', argument: { alert: id } },
  ];
}

/** Over a monitor: "Run Now", how the last window came out, and how many alerts are open. */
export function monitorLens(row: MonitorRow, open: readonly AlertRow[], now: number): { last: string; alerts: string | undefined } {
  const [first] = open;
  return { last: lensWords(row, now), alerts: first && `$(${severityLooks[first.severity].icon}) ${count(open.length, 'alert')}` };
}

/** The last window, its figures, what is open, and the runbook as the workspace's people wrote it. */
export function monitorHover({ name, model, last, runbook, problem }: MonitorRow, open: readonly AlertRow[], now: number): string {
  const parts = [`**${escaped(name)}**${model === null ? '' : ` · ${escaped(model)}`}`];
  if (problem !== null) parts.push(`$(warning) ${escaped(problem)}`);
  if (last === null) parts.push('It has not run yet.');
  else {
    parts.push(`Last: **${escaped(last.outcome)}** · ${escaped(windowWords(last.window))} · ${count(last.window.rows, 'row')} · ${ago(last.created, now)}`);
    const figures = Object.values(last.figures).map((one) => [one.metric, formatNumber(one.estimated), formatNumber(one.realised), formatNumber(one.reference)]);
    if (figures.length > 0) parts.push(markdownTable(['', 'estimated', 'realised', 'reference'], figures, [1, 2, 3]));
    const drifted = Object.entries(last.columns).filter(([, { outcome }]) => outcome === 'fail').sort(([, a], [, b]) => (b.ratio ?? 0) - (a.ratio ?? 0)).slice(0, 5);
    if (drifted.length > 0) parts.push(markdownTable(['drifted', 'PSI', 'times its limit'], drifted.map(([column, { psi, ratio }]) => [column, formatNumber(psi), ratio === null ? '' : formatNumber(Math.round(ratio * 10) / 10)]), [1, 2]));
  }
  for (const row of open.slice(0, 5)) parts.push(`$(${severityLooks[row.severity].icon}) **${escaped(titleWords(row))}** · ${escaped([ago(row.opened, now), stateWords(row, now)].filter(Boolean).join(' · '))}`);
  if (runbook.trim() !== '') parts.push('---', runbook.trim());
  return parts.join('\n\n');
}
