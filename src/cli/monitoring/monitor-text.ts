/** Monitors and their runs as people read them in a terminal. Pure but for colours. */
import type { MonitoringResults, MonitorRow, ResultSummary } from '../../protocol/monitoring';
import { outcomeText } from '../evaluation/evaluation-text';
import { figure, table, type Column } from '../format';
import { shownMoment } from '../registry/time';
import { plural } from '../registry/words';
import { visible, type Terminal } from '../terminal';
import { alertLine } from './alert-text';
import { windowText } from './moments';

const right = true;

/** `now` in ms. */
export function monitorsText({ monitors, broken, open, onCall }: MonitoringResults['monitors.list'], now: number, out: Terminal): string {
  if (monitors.length + broken.length === 0) return '';
  const columns: Column[] = [{ title: 'monitor' }, { title: 'watches' }, { title: 'window' }, { title: 'last' }, { title: 'rows', right }, { title: 'alerts', right }, { title: 'next' }, { title: '' }];
  const rows = monitors.map((row) => [
    row.name, row.model ?? 'files', row.last ? windowText(row.last.window) : '', row.running ? 'running' : row.last ? outcomeText(row.last.outcome, out) : 'never', row.last ? String(row.last.window.rows) : '',
    row.open === 0 ? '' : String(row.open), nextText(row, now), row.problem ?? '',
  ]);
  for (const { name, file, line, message, more } of broken) rows.push([name ?? file, '', '', out.paint('yellow', "can't be read"), '', '', '', `${file}:${line}: ${message}${more > 0 ? ` (and ${more} more)` : ''}`]);
  const called = onCall === null ? '' : `on call: ${visible(onCall)}\n`;
  return `${table(columns, rows, out)}${open === 0 ? '' : `${plural(open, 'open alert')}: runyard alerts\n`}${called}`;
}

function nextText({ next, schedule }: Pick<MonitorRow, 'next' | 'schedule'>, now: number): string {
  if (next === null) return schedule === '' ? 'when asked' : schedule;
  return next <= now ? 'due' : `${shownMoment(next).slice(0, 16)} (${schedule})`;
}

/** Of one run: each monitor with what fails in it, what could not run, alerts that opened or are over. */
export function runText({ results, opened, resolved, failed }: MonitoringResults['monitors.run'], out: Terminal): string {
  const one = (result: ResultSummary): string => {
    const { monitor, window, outcome, checks, reasons } = result;
    const passed = checks.filter((check) => check.outcome === 'pass').length;
    const head = `${out.paint('bold', visible(monitor))}  ${outcomeText(outcome, out)}  ${windowText(window)}, ${plural(window.rows, 'row')}, ${passed} of ${plural(checks.length, 'check')} ${checks.length === 1 ? 'passes' : 'pass'}\n`;
    return `${head}${reasons.map((reason) => `  ${visible(reason)}\n`).join('')}${worstText(result, out)}`;
  };
  const broken = failed.map(({ monitor, message, hint }) => `${out.paint('bold', visible(monitor))}  ${out.paint('yellow', 'could not run')}: ${visible(message)}${hint === '' ? '' : ` (${visible(hint)})`}\n`);
  const alerts = [...opened.map((row) => `${out.paint('red', 'alert opened')}: ${alertLine(row)}\n`), ...resolved.map((row) => `${out.paint('green', 'alert is over')}: ${alertLine(row)}\n`)];
  return [...results.map(one), ...broken, ...(alerts.length === 0 ? [] : ['\n', ...alerts])].join('');
}

/** Columns that drifted, the most harmful first. */
function worstText({ columns }: ResultSummary, out: Terminal): string {
  const drifted = Object.entries(columns).filter(([, { outcome }]) => outcome === 'fail').sort(([, a], [, b]) => (b.harm ?? 0) - (a.harm ?? 0) || (b.ratio ?? 0) - (a.ratio ?? 0)).slice(0, 10);
  if (drifted.length === 0) return '';
  const shown = table([{ title: 'column' }, { title: 'PSI', right }, { title: 'times its limit', right }, { title: 'harm', right }], drifted.map(([name, { psi, ratio, harm }]) => [name, figure(psi, 3), figure(ratio, 3), figure(harm, 3)]), out);
  return shown.split('\n').map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
}

