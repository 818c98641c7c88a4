/** Where the values of a column come from: the data, or what a model was asked. */
import type { Data, Values } from '../../evaluation/data/types';
import { countCategories, countGroups, type CategoryCounts, type Counted } from '../measures/categories';
import { sampleIn, sampleOf, type Sample } from '../measures/sample';
import { categoricalFigures, numericFigures, type Measured } from './figures';
import { sampleOfValues, textsOfValues } from './values';

export type Source = { data: Data; column: string; /** only rows of this predicate */ where?: string | undefined } | { values: Values };
export type Kind = 'numeric' | 'categorical';
/** Too many categories to be groups. */
export const NAMES = 'it has more than 50,000 different values: names of things, no groups';

export async function sampleFrom(source: Source, signal: AbortSignal): Promise<Sample> {
  if ('values' in source) return sampleOfValues(source.values);
  for await (const { columns } of source.data.read({ columns: [source.column], batch: source.data.rows, where: source.where, signal })) return ownSample(columns[source.column] as Values);
  return sampleOf([]);
}

/** Of values that nobody else has: a number that is missing is NaN there. */
const ownSample = (column: Values): Sample => (column.type === 'float' || column.type === 'int' ? sampleIn(column.values) : sampleOfValues(column));

export async function* groupsFrom({ data, column, where }: Extract<Source, { data: Data }>, signal: AbortSignal): AsyncGenerator<Counted> {
  for await (const { values, counts } of data.groups(column, { where, signal })) {
    let at = 0;
    for (const text of textsOfValues(values)) yield [text, counts[at++] ?? 0];
  }
}

/** Null where the reference has too many categories: `NAMES`. */
export async function categoriesFrom(before: Source, after: Source, signal: AbortSignal): Promise<CategoryCounts | null> {
  if ('data' in before && 'data' in after) return countGroups(groupsFrom(before, signal), groupsFrom(after, signal));
  return countCategories(await textsFrom(before, signal), await textsFrom(after, signal));
}

async function textsFrom(source: Source, signal: AbortSignal): Promise<Iterable<string | null>> {
  return textsOfValues('values' in source ? source.values : await source.data.column(source.column, signal));
}

/** Every figure of a column; null where it has too many categories. */
export async function measured(before: Source, after: Source, kind: Kind, signal: AbortSignal): Promise<Measured | null> {
  if (kind === 'numeric') return numericFigures(await sampleFrom(before, signal), await sampleFrom(after, signal));
  const counts = await categoriesFrom(before, after, signal);
  return counts && categoricalFigures(counts);
}
