/** The row browser's columns and cells. Pure. */
import type { EvaluationDoc, ExampleRow } from '../../../src/protocol/evaluation/result';
import { columnFormat, formatNumber, NONE } from '../../shared/format';

export interface RowColumn { key: string; label: string; title: string; numeric: boolean; value(row: ExampleRow): string | number | boolean | null }

/** What every row has, then the data's own columns; with a baseline what that one said, too. */
export function rowColumns(doc: Pick<EvaluationDoc, 'task' | 'baseline' | 'positive' | 'label'>, columns: readonly string[], facts: readonly { name: string; type: string }[]): RowColumn[] {
  const number = doc.task === 'regression';
  const scored = !number;
  const score = doc.task === 'multiclass' ? 'probability of the predicted class' : `score of ${doc.positive ?? 'the positive class'}`;
  const column = (key: string, [label, title]: readonly [string, string], numeric: boolean, value: RowColumn['value']): RowColumn => ({ key, label, title, numeric, value });
  const types = new Map(facts.map(({ name, type }) => [name, type]));
  return [
    column('id', ['id', 'The row\u2019s stable id'], false, (row) => row.id),
    column('truth', ['truth', `What the label says (${doc.label})`], number, (row) => row.truth),
    column('predicted', ['predicted', 'What the model says'], number, (row) => row.predicted),
    ...(doc.baseline ? [column('baseline', ['baseline', `What ${doc.baseline.name} says`], number, (row) => row.baseline)] : []),
    ...(scored ? [column('score', ['score', score], true, (row) => row.score)] : []),
    ...(scored && doc.baseline ? [column('baselineScore', ['baseline score', `${score}, by ${doc.baseline.name}`], true, (row) => row.baselineScore)] : []),
    column('loss', number ? ['error', 'Distance from the label'] : ['loss', 'What the row adds to the loss'], true, (row) => row.loss),
    ...columns.map((name, at) => column(`column.${name}`, [name, name], ['float', 'int'].includes(types.get(name) ?? ''), (row) => row.values[at] ?? null)),
  ];
}

/** Those that are shown, in the table's order: the id always, the others as chosen. A choice that has nothing to do with these columns (of other data) is none. */
export function shownColumns(columns: readonly RowColumn[], chosen: readonly string[] | null): RowColumn[] {
  if (chosen === null || (chosen.length > 0 && !columns.some(({ key }) => chosen.includes(key)))) return [...columns];
  return columns.filter(({ key }) => key === 'id' || chosen.includes(key));
}

/** A cell's text; numbers in the column's format, a missing value as a dash. */
export function cellText(value: string | number | boolean | null, format: (value: number) => string = (one) => formatNumber(one, 5)): string {
  if (value === null || value === '') return value === null ? NONE : '\u201c\u201d';
  return typeof value === 'number' ? format(value) : String(value);
}

/** One format a numeric column, by the rows that are here. */
export function rowFormats(columns: readonly RowColumn[], rows: readonly ExampleRow[]): Map<string, (value: number) => string> {
  return new Map(columns.flatMap((column) => {
    const values = rows.map((row) => column.value(row)).filter((value) => typeof value === 'number');
    return values.length > 0 ? [[column.key, columnFormat(values)] as const] : [];
  }));
}

/** Whether the row is right, wrong, neither (a number, no label) or could not be scored; with its sign. */
export function rowState(row: Pick<ExampleRow, 'right' | 'unscored'>): { word: 'right' | 'wrong' | 'not scored' | ''; sign: string } {
  if (row.unscored !== null) return { word: 'not scored', sign: '!' };
  return row.right === null ? { word: '', sign: '' } : row.right ? { word: 'right', sign: '\u2713' } : { word: 'wrong', sign: '\u2715' };
}
