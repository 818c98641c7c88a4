/** What rows are called, so that an example is found again in the next evaluation. */
import type { Bound, BoundColumn } from './bind';
import type { Session } from './duckdb';
import { sqlOf } from './vectors';

/**
 * Values of the id column as text; a row without one is called by what it says. Where a name comes again it gets a running number: `7`, `7#2`, `7#3`.
 * Without an id column a row is called by the MD5 of its cells (80 bits of it; columns by name, so that their order doesn't matter).
 */
export async function rowIds(session: Session, bound: Bound, column: BoundColumn | null): Promise<string[]> {
  const hash = `left(md5(concat_ws(chr(31), ${byName(bound.columns).map((one) => `coalesce('v' || ${asText(one)}, 'n')`).join(', ')})), 20)`;
  const sql = column === null ? hash : `CASE WHEN ${column.id} IS NULL THEN ${hash} ELSE ${asText(column)} END`;
  const ids = new Array<string>(bound.rows).fill('');
  let at = 0;
  for await (const chunk of session.stream(`SELECT ${sql} FROM data`)) {
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < chunk.rowCount; i++) ids[at++] = String(vector.getItem(i));
  }
  return numbered(ids);
}

const byName = (columns: readonly BoundColumn[]): BoundColumn[] => [...columns].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** SQL of a value as text, null where it is missing. */
export function asText(column: BoundColumn): string {
  if (column.type === 'bool') return `CASE WHEN ${column.id} THEN 'True' WHEN NOT ${column.id} THEN 'False' END`;
  // The same number is the same text, whether its column is of whole numbers or of floats.
  if (column.type === 'float') return `CASE WHEN abs(${column.id}) < 1e15 AND trunc(${column.id}) = ${column.id} THEN CAST(CAST(${column.id} AS BIGINT) AS VARCHAR) ELSE CAST(${column.id} AS VARCHAR) END`;
  return `CAST(${sqlOf(column.type, column.id, column.zoned)} AS VARCHAR)`;
}

/** Keeps the first of each and numbers the others, never with a name that is taken. */
function numbered(ids: string[]): string[] {
  const taken = new Set(ids);
  if (taken.size === ids.length) return ids;
  const times = new Map<string, number>();
  return ids.map((id) => {
    let count = (times.get(id) ?? 0) + 1;
    if (count > 1) while (taken.has(`${id}#${count}`)) count++;
    times.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  });
}
