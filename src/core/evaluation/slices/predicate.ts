/** A found slice as a predicate that a person can keep. */
import type { CodedColumn, CodeMeaning } from './column';
import type { Conjunction } from './membership';

/** `column=label` joined by ` & ` in the order of the columns: how reference files name a slice. Not unique where labels aren't. */
export function sliceLabel(columns: readonly CodedColumn[], { columns: places, codes }: Conjunction): string {
  return places.map((at, i) => `${columns[at]?.name ?? ''}=${columns[at]?.labels[codes[i] ?? -1] ?? ''}`).join(' & ');
}

/**
 * The slice in plain SQL over the data's columns, such as `"age" > 60 and "age" <= 75 and "region" = 'north'`. Names are always quoted, as
 * any word may be a column. Numbers and truth values that were coded as texts compare as texts, which SQL casts. Missing is null: a NaN stored as such is not.
 */
export function slicePredicate(columns: readonly CodedColumn[], { columns: places, codes }: Conjunction): string {
  return places.flatMap((at, i) => {
    const column = columns[at];
    const meaning = column?.meanings[codes[i] ?? -1];
    return column && meaning ? conditions(`"${column.name.replaceAll('"', '""')}"`, meaning) : [];
  }).join(' and ');
}

function conditions(name: string, meaning: CodeMeaning): string[] {
  if (meaning.kind === 'missing') return [`${name} is null`];
  if (meaning.kind === 'equals') return [`${name} = '${meaning.value.replaceAll("'", "''")}'`];
  const { above, upTo } = meaning;
  if (above === null && upTo === null) return [`${name} is not null`];
  return [...(above === null ? [] : [`${name} > ${above}`]), ...(upTo === null ? [] : [`${name} <= ${upTo}`])];
}
