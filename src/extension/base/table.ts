/** Runs as a table to take away. Pure; full precision, columns in alphabetical order after the run's own. */
import type { RunRow } from '../../protocol/model';
import { markdownTable } from './markdown';

interface Table { head: string[]; rows: string[][]; numbers: number[] }

const own = ['run', 'id', 'experiment', 'state', 'started', 'seconds'];

function tabulate(rows: readonly RunRow[]): Table {
  const names = (pick: (row: RunRow) => object): string[] => [...new Set(rows.flatMap((row) => Object.keys(pick(row))))].sort();
  const params = names((row) => row.params);
  const metrics = names((row) => row.metrics);
  const tags = names((row) => row.tags);
  const head = [...own, ...params.map((name) => `params.${name}`), ...metrics.map((name) => `metrics.${name}`), ...tags.map((name) => `tags.${name}`)];
  const body = rows.map((row) => [
    row.name, row.id, row.experiment, row.state, row.started === null ? '' : new Date(row.started * 1000).toISOString(),
    row.started === null || row.ended === null ? '' : (row.ended - row.started).toFixed(1),
    ...params.map((name) => row.params[name] ?? ''), ...metrics.map((name) => String(row.metrics[name]?.value ?? '')), ...tags.map((name) => row.tags[name] ?? ''),
  ]);
  const first = own.length + params.length;
  return { head, rows: body, numbers: [own.indexOf('seconds'), ...metrics.map((_, index) => first + index)] };
}

/** RFC 4180; text that a spreadsheet would run as a formula is led by an apostrophe. */
export function runsToCsv(rows: readonly RunRow[]): string {
  const table = tabulate(rows);
  return [table.head, ...table.rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const isNumber = text.trim() !== '' && !Number.isNaN(Number(text));
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

export function runsToMarkdown(rows: readonly RunRow[]): string {
  const { head, rows: body, numbers } = tabulate(rows);
  return `${markdownTable(head, body, numbers).replaceAll('&nbsp;', '')}\n`;
}
