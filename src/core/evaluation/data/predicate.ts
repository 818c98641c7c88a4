/** Predicates of people over data: looked at, given their columns, and held against the columns' types. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { Bound, BoundColumn } from './bind';
import { createDatabase, DuckdbError, text } from './duckdb';
import type { Session } from './duckdb';
import { parsePredicate } from './predicate-parse';
import type { Part, Resolve } from './predicate-parse';
import { PredicateFault } from './predicate-text';
import type { Data, Predicate } from './types';

/** `sql` is over the columns of `data`, and boolean. */
export interface Compiled extends Predicate { sql: string }

/** Throws bad_input naming the predicate, the place and what is wrong; its cause is the PredicateFault. */
export async function compile(session: Session, bound: Bound, where: string): Promise<Compiled> {
  const used = new Set<string>();
  try {
    const tree = await parsePredicate(session, where, resolver(bound.columns, used, where)).catch((error: unknown) => {
      throw error instanceof PredicateFault ? withQuotes(where, error, bound.columns) : error;
    });
    await checkTypes(session, tree);
    return { where, columns: [...used], sql: tree.sql };
  } catch (error) {
    throw error instanceof PredicateFault ? asError(where, error) : error;
  }
}

export function asError(where: string, fault: PredicateFault): RunyardError {
  const shown = where.length > 200 ? `${where.slice(0, 200)}...` : where;
  return new RunyardError('bad_input', `predicate ${shown}, at ${fault.from + 1}: ${fault.message}`, 'mend the predicate: columns of the row, values, comparisons, and functions of these', { cause: fault });
}

/** What is wrong with a predicate and where in its text (0-based, `to` behind the last sign); null where nothing is. Without data its columns are not looked at. */
export async function predicateProblem(data: Data | null, where: string): Promise<{ message: string; from: number; to: number } | null> {
  try {
    if (data) await data.checkPredicate(where);
    else await parseOnly(where);
    return null;
  } catch (error) {
    const fault = error instanceof RunyardError ? error.cause : error;
    if (fault instanceof PredicateFault) return { message: fault.message, from: fault.from, to: fault.to };
    throw error;
  }
}

async function parseOnly(where: string): Promise<void> {
  const database = await createDatabase({ threads: 1 });
  try {
    await database.use((session) => parsePredicate(session, where, () => 'NULL'));
  } finally {
    database.close();
  }
}

/** Where the text breaks at a column whose name is an SQL word or has spaces in it, that is most likely why. */
function withQuotes(where: string, fault: PredicateFault, columns: readonly BoundColumn[]): PredicateFault {
  if (!fault.message.startsWith("it can't be read")) return fault;
  const lower = where.toLowerCase();
  const bare = columns.find(({ name }) => {
    const at = lower.indexOf(name.toLowerCase());
    return at >= 0 && at <= fault.from && at + name.length >= fault.from - 1 && !/["'\p{L}\p{N}_]/u.test(where[at - 1] ?? '') && !/["'\p{L}\p{N}_]/u.test(where[at + name.length] ?? '');
  });
  return bare ? new PredicateFault(`${fault.message}; put double quotes around the column, "${bare.name}"`, fault.from, fault.to) : fault;
}

/** By its exact name, else by the only one that differs in upper and lower case alone. */
function resolver(columns: readonly BoundColumn[], used: Set<string>, where: string): Resolve {
  return (wanted, from, to) => {
    const alike = columns.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    const column = columns.find(({ name }) => name === wanted) ?? (alike.length === 1 ? alike[0] : undefined);
    if (column) {
      used.add(column.name);
      return column.id;
    }
    if (alike.length > 1) throw new PredicateFault(`there are several columns ${wanted}: ${alike.map(({ name }) => name).join(', ')}`, from, to);
    const meant = nearest(wanted, columns.map(({ name }) => name));
    const asText = `a text goes in single quotes, '${wanted}'`;
    throw new PredicateFault(`there is no column ${wanted}${meant !== null ? `; did you mean ${meant}?` : where[from] === '"' || /^\p{L}+$/u.test(wanted) ? `; ${asText}` : ''}`, from, to);
  };
}

type Kind = 'text' | 'number' | 'truth' | 'date' | 'null' | 'other';
const WORDS: Record<Kind, string> = { text: 'a text', number: 'a number', truth: 'True or False', date: 'a date', null: 'missing', other: 'a value' };

function kindOf(type: string): Kind {
  if (type === 'VARCHAR') return 'text';
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'truth';
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return 'date';
  return type === '"NULL"' || type === 'NULL' ? 'null' : 'other';
}

async function checkTypes(session: Session, tree: Part): Promise<void> {
  const parts = everyPart(tree);
  const compared = parts.filter(({ kind }) => kind === 'compare' || kind === 'logic');
  const wanted = [...new Set([tree, ...compared.flatMap(({ kids }) => kids)])];
  const types = (await typesOf(session, wanted)) ?? (await oneByOne(session, parts));
  for (const { kind, kids } of compared) {
    if (kind === 'logic') for (const kid of kids) mustBeTruth(kid, types);
    else for (const other of kids.slice(1)) await mustCompare(session, [kids[0] as Part, other], types);
  }
  mustBeTruth(tree, types);
}

/** The deepest first. */
function everyPart(part: Part): Part[] {
  return [...part.kids.flatMap(everyPart), part];
}

/** Null where one of them is refused. */
async function typesOf(session: Session, parts: readonly Part[]): Promise<Map<Part, string> | null> {
  try {
    const described = await session.rows(`DESCRIBE SELECT ${parts.map(({ sql }, at) => `${sql} AS x${at}`).join(', ')} FROM data`);
    return new Map(parts.map((part, at) => [part, String(described[at]?.['column_type'])]));
  } catch (error) {
    if (error instanceof DuckdbError) return null;
    throw error;
  }
}

/** Finds the smallest part that DuckDB refuses and says why. */
async function oneByOne(session: Session, parts: readonly Part[]): Promise<Map<Part, string>> {
  const types = new Map<Part, string>();
  for (const part of parts) {
    if (part.kind === 'compare') for (const other of part.kids.slice(1)) await mustCompare(session, [part.kids[0] as Part, other], types);
    try {
      const [described] = await session.rows(`DESCRIBE SELECT ${part.sql} AS x FROM data`);
      types.set(part, String(described?.['column_type']));
    } catch (error) {
      if (!(error instanceof DuckdbError)) throw error;
      throw new PredicateFault(plain(error.message, part.kids.map((kid) => WORDS[kindOf(types.get(kid) ?? '')])), part.from, part.to);
    }
  }
  return types;
}

function plain(message: string, given: readonly string[]): string {
  if (/No function matches/.test(message)) return `this can't be done with ${given.join(' and ')}`;
  return (message.split('\n')[0] ?? message).replace(/^(Binder|Conversion|Invalid Input|Parser|Out of Range) Error: /, '').replaceAll(/\bc\d+\b/g, 'the column');
}

function mustBeTruth(part: Part, types: ReadonlyMap<Part, string>): void {
  const kind = kindOf(types.get(part) ?? '');
  if (kind !== 'truth' && kind !== 'null') throw new PredicateFault(`${part.kind === 'column' ? `${part.said ?? ''} is` : 'this is'} ${WORDS[kind]}, not true or false`, part.from, part.to);
}

/** A text column and a number don't compare; a text in quotes does with what it can be read as. */
async function mustCompare(session: Session, [left, right]: [Part, Part], types: ReadonlyMap<Part, string>): Promise<void> {
  const [here, there] = [types.get(left) ?? '', types.get(right) ?? ''];
  const [one, other] = [kindOf(here), kindOf(there)];
  if (one === other || one === 'null' || other === 'null' || one === 'other' || other === 'other') return;
  const [from, to] = [Math.min(left.from, right.from), Math.max(left.to, right.to)];
  const named = (part: Part, kind: Kind): string => `${part.kind === 'column' ? part.said ?? '' : part.kind === 'text' ? `'${part.said ?? ''}'` : 'the other side'} is ${WORDS[kind]}`;
  if (one !== 'text' && other !== 'text') {
    if (new Set([one, other]).has('date')) throw new PredicateFault(`${named(left, one)} and ${named(right, other)}: they don't compare`, from, to);
    return;
  }
  const [quoted, type, kind, plainSide] = one === 'text' ? [left, there, other, right] : [right, here, one, left];
  if (quoted.kind !== 'text') throw new PredicateFault(`${named(quoted, 'text')} and ${named(plainSide, kind)}: they don't compare; put quotes around the value, or cast the column`, from, to);
  const [tried] = await session.rows(`SELECT TRY_CAST(${text(quoted.said ?? '')} AS ${type}) IS NULL AS lost`);
  if (tried?.['lost'] === true) throw new PredicateFault(`'${quoted.said ?? ''}' is not ${WORDS[kind]}, and ${named(plainSide, kind)}`, from, to);
}
