/** Hashes of rows: the same row has the same one in any data set, whatever the types of its numbers there. */
import type { Bound, BoundColumn } from './bind';
import type { Database, Vector } from './duckdb';
import { asText } from './ids';
import type { FingerprintColumn, Fingerprints } from './types';

interface Asked { database: Database; bound: Bound; signal?: AbortSignal | undefined }
type Hashed = { column: BoundColumn; as: FingerprintColumn['as'] };

/** In the order of the rows, some thousands at a time. */
export async function* fingerprints({ database, signal }: Asked, columns: readonly Hashed[]): AsyncGenerator<Fingerprints> {
  const all = (one: (hashed: Hashed) => string): string => `hash(${columns.flatMap(one).join(', ')})`;
  using session = await database.open(signal);
  for await (const chunk of session.stream(`SELECT ${all(exact)}, ${all(near)} FROM data`)) {
    yield { count: chunk.rowCount, exact: halves(chunk.getColumnVector(0)), near: halves(chunk.getColumnVector(1)) };
  }
}

function halves(vector: Vector): Uint32Array {
  const { items } = vector as unknown as { items: BigUint64Array };
  return new Uint32Array(items.buffer, items.byteOffset, items.length * 2);
}

const number = ({ type, id }: BoundColumn): string => (type === 'float' ? id : `CAST(${id} AS DOUBLE)`);

/** A -0 is a 0. */
const exact = ({ column, as }: Hashed): string => (as === 'number' ? `(${number(column)} + 0.0)` : asText(column));

/** A number as its first three digits and their place. */
function near({ column, as }: Hashed): string {
  if (as === 'text') return `lower(trim(${asText(column)}))`;
  const value = number(column);
  const place = `floor(log10(nullif(abs(${value}), 0)))`;
  return `coalesce(round(${value} / pow(10, ${place}), 2), ${value} + 0.0), coalesce(${place}, 0)`;
}
