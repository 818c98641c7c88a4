/** Reviewed rows in the columns of an evaluation set's version before. Pure. */
import { RunyardError } from '../../base/errors';
import { classFinder } from '../../evaluation/run/labels';
import type { Column, Values } from '../../evaluation/data/types';
import { labelColumn } from '../feedback/label-column';
import { textAt } from '../feedback/keys';

/** What names a row of the log: so that the next version knows which rows it has. */
export const NAMES = { request: 'ry_request', row: 'ry_row' } as const;
const LABELS = ['label', 'labels', 'target', 'y', 'y_true', 'truth', 'ground_truth', 'actual', 'outcome', 'class'];

/** The label's column of a set: what is asked for, else the usual names, else the only one that is no input of the log's. Throws bad_input, not_found. */
export function labelName(previous: readonly string[] | null, inputs: readonly string[], asked: string | undefined): string {
  if (!previous) return asked ?? 'label';
  if (asked !== undefined) {
    if (!previous.includes(asked)) throw new RunyardError('not_found', `the version before has no column ${asked}`, `it has ${previous.slice(0, 30).join(', ')}`);
    return asked;
  }
  const others = previous.filter((name) => !inputs.includes(name) && !Object.values<string>(NAMES).includes(name));
  const usual = others.find((name) => LABELS.includes(name.toLowerCase()) || /_(label|target|class|outcome)$/i.test(name));
  const found = usual ?? (others.length === 1 ? others[0] : undefined);
  if (found !== undefined) return found;
  throw new RunyardError('bad_input', others.length === 0 ? 'the version before has no column that could be the label: the log has all of them' : `which column of the version before is the label: ${others.slice(0, 20).join(', ')}?`, 'name it: --label COLUMN');
}

/** Labels as the version before writes them: its own text of a class (1 of True, say), in its own type. */
export function labelsLike(previous: Values, labels: readonly string[]): Values {
  const known = new Set<string>();
  for (let row = 0; row < previous.values.length && known.size < 1000; row++) {
    const text = textAt(previous, row);
    if (text !== null) known.add(text);
  }
  const names = [...known];
  const find = classFinder(names);
  return labelColumn(labels.map((label) => names[find(label)] ?? label));
}

/** One column after another: of the first's type, where the second's values fit in; else texts. Null as the second: missing. */
export function joined(first: Values, second: Values | null, rows: number): Values {
  if (second === null) return concat(first, { ...empty(first.type, rows), missing: new Uint8Array(rows).fill(1) } as Values);
  if (first.type === second.type) return concat(first, second);
  const numbers = ['int', 'float', 'bool'];
  if (numbers.includes(first.type) && numbers.includes(second.type)) return concat(asFloat(first), asFloat(second));
  return concat(asText(first), asText(second));
}

function empty(type: Values['type'], rows: number): Values {
  if (type === 'float' || type === 'int') return { type, values: new Float64Array(rows).fill(NaN), missing: null };
  return type === 'bool' ? { type, values: new Uint8Array(rows), missing: null } : { type, values: new Array<string>(rows).fill(''), missing: null };
}

function concat(first: Values, second: Values): Values {
  const rows = first.values.length + second.values.length;
  const missing = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) missing[row] = row < first.values.length ? (first.missing?.[row] ?? 0) : (second.missing?.[row - first.values.length] ?? 0);
  const values = <T extends { set(from: ArrayLike<number>, at?: number): void }>(into: T): T => {
    into.set(first.values as ArrayLike<number>);
    into.set(second.values as ArrayLike<number>, first.values.length);
    return into;
  };
  if (first.type === 'float' || first.type === 'int') return { type: first.type, values: values(new Float64Array(rows)), ...bigOf(first, second), missing };
  if (first.type === 'bool') return { type: 'bool', values: values(new Uint8Array(rows)), missing };
  return { type: first.type, values: [...first.values, ...(second.values as string[])], missing };
}

function bigOf(first: Values, second: Values): { big?: BigInt64Array } {
  if (first.type !== 'int' || second.type !== 'int' || !(first.big || second.big)) return {};
  const exact = ({ big, values }: typeof first): BigInt64Array => big ?? BigInt64Array.from(values, (value) => (Number.isFinite(value) ? BigInt(value) : 0n));
  return { big: BigInt64Array.from([...exact(first), ...exact(second)]) };
}

const asFloat = (column: Values): Values => ({ type: 'float', values: Float64Array.from(column.values as ArrayLike<number>), missing: column.missing });
const asText = (column: Values): Values => ({ type: 'string', values: Array.from({ length: column.values.length }, (_, row) => textAt(column, row) ?? ''), missing: column.missing });

/** Columns of days and moments, which a Parquet file would else keep as texts. */
export const timeColumns = (columns: readonly Column[], written: Readonly<Record<string, Values>>): { name: string; sql: 'DATE' | 'TIMESTAMP' }[] =>
  columns.flatMap(({ name, type }) => (written[name]?.type === type && (type === 'date' || type === 'time') ? [{ name, sql: type === 'date' ? 'DATE' as const : 'TIMESTAMP' as const }] : []));
