/** Closer looks at an evaluation as people read them. */
import { figureAt, type Details, type Explanation, type Importance, type RowPage } from '../../protocol/evaluation/result';
import { figure, signed, table } from '../format';
import type { Terminal } from '../terminal';
import { spanOf } from './headline';

type Cell = string | number | boolean | null;
const cell = (value: Cell): string => (value === null ? '' : typeof value === 'number' ? figure(value) : String(value));

/** Every single figure with its interval, and the confusion matrix. Curves are in the JSON. */
export function detailsText({ rows, figures, intervals }: Details, classes: readonly string[], out: Terminal): string {
  const names = Object.keys(figures).filter((name) => figureAt(figures, name) !== null);
  const list = table([{ title: 'metric' }, { title: 'value', right: true }, { title: '95 % interval', right: true }], names.map((name) => [name, figure(figureAt(figures, name)), spanOf(intervals[name])]), out);
  const matrix = figures.confusion_matrix;
  const confusion = Array.isArray(matrix) ? `\n${table([{ title: 'true \\ predicted' }, ...classes.map((title) => ({ title, right: true }))], (matrix as unknown[][]).map((row, at) => [classes[at] ?? '', ...row.map(String)]), out)}` : '';
  return `${rows} rows\n${list}${confusion}`;
}

/** A row a line; columns of the data after what the models say. */
export function rowsText({ columns, rows, total }: RowPage, out: Terminal): string {
  const paired = rows.some(({ baseline }) => baseline !== null);
  const wide = columns.slice(0, 12);
  const titles = [{ title: 'id' }, { title: 'true' }, { title: 'predicted' }, ...(paired ? [{ title: 'baseline' }] : []), { title: 'score', right: true }, { title: 'loss', right: true }, ...wide.map((title) => ({ title })), { title: '' }];
  const cells = rows.map((row) => [
    row.id, cell(row.truth), cell(row.predicted), ...(paired ? [cell(row.baseline)] : []), figure(row.score), figure(row.loss),
    ...wide.map((_, at) => cell(row.values[at] ?? null).slice(0, 30)), row.unscored ?? (row.pinned ? 'pinned' : ''),
  ]);
  return `${rows.length} of ${total} rows${columns.length > wide.length ? `, ${wide.length} of ${columns.length} columns` : ''}\n${table(titles, cells, out)}`;
}

export function importanceText({ figures, repeats, rows }: Importance, out: Terminal): string {
  return Object.entries(figures).filter(([name]) => name !== 'baseline').map(([metric, columns]) => {
    const sorted = Object.entries(columns).sort(([, a], [, b]) => b.mean - a.mean);
    return `drop of ${metric} where a column is shuffled (${repeats} times, ${rows} rows)\n`
      + table([{ title: 'column' }, { title: 'mean', right: true }, { title: 'deviation', right: true }], sorted.map(([column, { mean, std }]) => [column, signed(mean), figure(std)]), out);
  }).join('\n');
}

/** Called what it is: no cause, and nothing that adds up. */
export function explanationText({ id, of, score, columns }: Explanation, out: Terminal): string {
  return `row ${id}: ${of} ${figure(score)}; by how much it moves where one column is set to what is usual (no causes, and they don't add up)\n`
    + table(
      [{ title: 'column' }, { title: 'value' }, { title: 'usual' }, { title: 'then', right: true }, { title: 'change', right: true }],
      columns.map((one) => [one.column, cell(one.value), cell(one.reference), figure(one.score), signed(one.change)]), out,
    );
}
