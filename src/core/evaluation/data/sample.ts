/** Rows by chance, so that what needs many columns at once needs little memory. */
import type { Bound, BoundColumn } from './bind';
import { readable } from './columns';
import type { Database } from './duckdb';
import type { Sampled } from './types';
import { collector } from './vectors';

interface Asked { database: Database; bound: Bound; signal?: AbortSignal | undefined }
const PARTS = 2 ** 32;

/** Each row is in by the hash of its number and the seed: one pass, whatever the number of threads. */
export async function sample({ database, bound, signal }: Asked, columns: readonly BoundColumn[], { most, seed }: { most: number; seed: number }): Promise<Sampled> {
  const [place, from] = bound.row === null ? ['place', '(SELECT *, row_number() OVER () - 1 AS place FROM data)'] : [bound.row, 'data'];
  const share = Math.min(1, most / bound.rows);
  const chosen = share >= 1 ? '' : ` WHERE hash(CAST(${place} AS BIGINT), ${Math.trunc(seed)}) % ${PARTS} < ${Math.ceil(share * PARTS)}`;
  // Ten standard deviations beyond what is expected are never reached by chance.
  const capacity = share >= 1 ? bound.rows : Math.min(bound.rows, Math.ceil(most + 10 * Math.sqrt(most)) + 100);
  const [numbers, ...parts] = [collector('float', capacity), ...columns.map(({ type }) => collector(type, capacity))];
  let count = 0;
  using session = await database.open(signal);
  for await (const chunk of session.stream(`SELECT ${[`CAST(${place} AS DOUBLE)`, ...columns.map(readable)].join(', ')} FROM ${from}${chosen}`)) {
    const taken = Math.min(chunk.rowCount, capacity - count);
    [numbers, ...parts].forEach((part, at) => part?.take(chunk.getColumnVector(at), { from: 0, to: taken, at: count }));
    count += taken;
  }
  const rows = numbers?.done(count).values as Float64Array;
  return { rows, columns: Object.fromEntries(columns.map(({ name }, at) => [name, (parts[at] as ReturnType<typeof collector>).done(count)])) };
}
