/** Values of a column with how often they come: DuckDB counts, so that a million rows of few values are few numbers here. */
import type { Bound, BoundColumn } from './bind';
import { readable } from './columns';
import type { Database } from './duckdb';
import { compile } from './predicate';
import type { Groups } from './types';
import { collector } from './vectors';

interface Asked { database: Database; bound: Bound; signal?: AbortSignal | undefined }

export async function* groups({ database, bound, signal }: Asked, column: BoundColumn, where: string | undefined): AsyncGenerator<Groups> {
  using session = await database.open(signal);
  const condition = where === undefined ? '' : ` WHERE ${(await compile(session, bound, where)).sql}`;
  for await (const chunk of session.stream(`SELECT ${readable({ ...column, id: 'value' })}, CAST(n AS DOUBLE) FROM (SELECT ${column.id} AS value, count(*) AS n FROM data${condition} GROUP BY value)`)) {
    const [values, counts] = [collector(column.type, chunk.rowCount), collector('float', chunk.rowCount)];
    values.take(chunk.getColumnVector(0), { from: 0, to: chunk.rowCount, at: 0 });
    counts.take(chunk.getColumnVector(1), { from: 0, to: chunk.rowCount, at: 0 });
    yield { values: values.done(chunk.rowCount), counts: counts.done(chunk.rowCount).values as Float64Array };
  }
}
