/** A found slice as a predicate that selects exactly its rows from the data. */
import type { ColumnType } from '../../../protocol/evaluation/request';
import type { CodedColumn, CodeMeaning } from '../slices/column';
import type { Conjunction } from '../slices/membership';

/** Literals are of the column's own type: `"sex" = 2`, `"new" = true`, `"income" > 41230.5 and "income" <= 52000`, `"region" = 'north'`. */
export function whereOf(columns: readonly CodedColumn[], types: Readonly<Record<string, ColumnType>>, { columns: places, codes }: Conjunction): string {
  return places.flatMap((at, i) => {
    const column = columns[at];
    const meaning = column?.meanings[codes[i] ?? -1];
    return column && meaning ? conditions(`"${column.name.replaceAll('"', '""')}"`, meaning, types[column.name] ?? 'string') : [];
  }).join(' and ');
}

function conditions(name: string, meaning: CodeMeaning, type: ColumnType): string[] {
  if (meaning.kind === 'missing') return [`${name} is null`];
  if (meaning.kind === 'equals') return [`${name} = ${literal(meaning.value, type)}`];
  const { above, upTo } = meaning;
  if (above === null && upTo === null) return [`${name} is not null`];
  return [...(above === null ? [] : [`${name} > ${numberLiteral(above)}`]), ...(upTo === null ? [] : [`${name} <= ${numberLiteral(upTo)}`])];
}

function literal(text: string, type: ColumnType): string {
  if (type === 'bool') return text === 'True' ? 'true' : 'false';
  // A whole number beyond 2^53 keeps all its digits.
  if (type === 'int') return text;
  if (type === 'float' && Number.isFinite(Number(text))) return numberLiteral(Number(text));
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Plain digits are an exact decimal in SQL, which becomes the nearest double only while they are few; with an exponent they are a double from the start, the very
 * one that JavaScript wrote.
 */
export function numberLiteral(value: number): string {
  const plain = String(value);
  return plain.includes('e') || plain.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 ? plain : value.toExponential();
}
