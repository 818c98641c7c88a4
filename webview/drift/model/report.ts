/** What leaves the panel as text: the heat map as CSV, the whole as Markdown. Pure. */
import type { DriftDoc } from '../../../src/protocol/drift';
import { columnIn, figureOf, measuresOf } from '../../../src/protocol/drift-measures';
import type { AlertRow } from '../../../src/protocol/monitoring';
import { toCsv, toMarkdown } from '../../compare/model/export';
import { formatNumber, NONE } from '../../shared/format';
import type { HeatRow } from './heat';
import { longLabel, type ShownWindow } from './windows';

const moment = (t: number | null): string => (t === null ? '' : new Date(t).toISOString());

/** A line for each column and window: what a table program can pivot. */
export function heatCsv(rows: readonly HeatRow[], windows: readonly ShownWindow[]): string {
  return toCsv(['column', 'role', 'type', 'from', 'to', 'rows', 'outcome', 'effect_over_limit', 'psi', 'harm', 'result'], rows.flatMap(({ name }) => windows.flatMap((window) => {
    const cell = window.cells[name];
    return cell ? [[name, cell.role, cell.type, moment(window.from), moment(window.to), window.rows, cell.outcome, cell.ratio, cell.psi, cell.harm, window.id]] : [];
  })));
}

const number = (value: number | null): string => (value === null ? NONE : formatNumber(value, 3));
const cellText = (window: ShownWindow, name: string): string => {
  const cell = window.cells[name];
  if (!cell) return '';
  return cell.outcome === 'cannot tell' ? 'cannot tell' : `${cell.outcome === 'fail' ? '**' : ''}${number(cell.ratio)}${cell.outcome === 'fail' ? '**' : ''}`;
};

export interface ReportParts { title: string; facts: string[]; rows: readonly HeatRow[]; windows: readonly ShownWindow[]; /** of the window that is looked at */ doc: DriftDoc | null; window: ShownWindow | null; alerts: readonly AlertRow[] }
/** So many columns and windows stand in the report; the CSV has them all. */
const [MOST_ROWS, MOST_WINDOWS, MOST_DETAILS] = [60, 12, 20];

export function reportMarkdown({ title, facts, rows, windows, doc, window, alerts }: ReportParts): string {
  const shown = windows.slice(-MOST_WINDOWS);
  const parts = [`# ${title}\n\n${facts.map((fact) => `- ${fact}\n`).join('')}`];
  if (alerts.length > 0) parts.push(`## Alerts\n\n${toMarkdown(['alert', 'severity', 'state', 'opened', 'windows'], alerts.map((one) => [one.text, one.severity, one.state, moment(one.opened), String(one.windows)]), [false, false, false, false, true])}`);
  parts.push(`## Columns\n\nEffect over limit; bold where it drifted.\n\n${toMarkdown(['column', 'harm', ...shown.map((one) => longLabel(one))], rows.slice(0, MOST_ROWS).map((row) => [row.name, number(row.harm), ...shown.map((one) => cellText(one, row.name))]), [false, true, ...shown.map(() => true)])}${rows.length > MOST_ROWS ? `\n${rows.length - MOST_ROWS} more columns are left out.\n` : ''}`);
  if (doc && window) parts.push(`## ${longLabel(window)}\n\n${doc.reasons.map((reason) => `- ${reason}\n`).join('')}${doc.reasons.length > 0 ? '\n' : ''}${figuresTable(doc, rows)}`);
  return parts.join('\n');
}

/** The measures of the worst columns that both kinds have. */
function figuresTable(doc: DriftDoc, rows: readonly HeatRow[]): string {
  const worst = rows.flatMap(({ name }) => columnIn(doc, name) ?? []).filter(({ outcome }) => outcome === 'fail').slice(0, MOST_DETAILS);
  if (worst.length === 0) return '';
  const measures = [...new Map(worst.flatMap(({ type }) => measuresOf(type)).map((one) => [one.id, one])).values()];
  return toMarkdown(['column', ...measures.map((one) => one.title)], worst.map((column) => [column.name, ...measures.map((one) => number(figureOf(column.figures, one.path)))]), [false, ...measures.map(() => true)]);
}
