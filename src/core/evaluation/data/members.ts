/** Which rows predicates hold for: one pass over the data for all of them. */
import { RunyardError } from '../../base/errors';
import type { Bound } from './bind';
import { DuckdbError } from './duckdb';
import type { Database, Session, Vector } from './duckdb';
import { asError, compile } from './predicate';
import type { Compiled } from './predicate';
import { PredicateFault } from './predicate-text';

export interface Asked { database: Database; bound: Bound; signal?: AbortSignal | undefined }

/** A byte a row, 1 where the predicate is true. Throws bad_input naming the predicate that is wrong, or that fails on a row. */
export async function members(asked: Asked, predicates: readonly string[]): Promise<Uint8Array[]> {
  const { database, bound, signal } = asked;
  if (predicates.length === 0) return [];
  const different = [...new Set(predicates)];
  const compiled = await database.use(async (session) => {
    const found: Compiled[] = [];
    for (const where of different) found.push(await compile(session, bound, where));
    return found;
  }, signal);
  const marks = await database.use((session) => pass(session, bound, compiled), signal).catch(async (error: unknown) => {
    throw error instanceof DuckdbError ? await culprit(asked, compiled, error) : error;
  });
  const byText = new Map(different.map((where, at) => [where, marks[at] as Uint8Array]));
  return predicates.map((where) => byText.get(where) as Uint8Array);
}

async function pass(session: Session, { rows }: Bound, compiled: readonly Compiled[]): Promise<Uint8Array[]> {
  const marks = compiled.map(() => new Uint8Array(rows));
  let at = 0;
  for await (const chunk of session.stream(`SELECT ${compiled.map(({ sql }) => `CAST(coalesce(${sql}, false) AS UTINYINT)`).join(', ')} FROM data`)) {
    marks.forEach((mark, column) => mark.set(bytesOf(chunk.getColumnVector(column)).subarray(0, chunk.rowCount), at));
    at += chunk.rowCount;
  }
  return marks;
}

const bytesOf = (vector: Vector): Uint8Array => (vector as unknown as { items: Uint8Array }).items;

/** The one of them that fails on some row, such as a cast of a text that is no number. */
async function culprit({ database, signal }: Asked, compiled: readonly Compiled[], error: DuckdbError): Promise<Error> {
  for (const { where, sql } of compiled) {
    try {
      await database.use((session) => session.run(`SELECT count(*) FROM data WHERE ${sql}`), signal);
    } catch (failed) {
      if (!(failed instanceof DuckdbError)) throw failed;
      const said = (failed.message.split('\n')[0] ?? '').replace(/^\w[\w ]* Error: /, '').replaceAll(/"c\d+"|\bc\d+\b/g, 'the column');
      return asError(where, new PredicateFault(`it fails on a row: ${said}`, 0, where.length));
    }
  }
  return new RunyardError('internal', `predicates could not be evaluated: ${error.message.split('\n')[0] ?? ''}`, 'try again with more memory', { cause: error });
}
