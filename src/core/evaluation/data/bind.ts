/** A relation's columns get their types, declared or found, and become the table or view `data` with columns c0, c1 ... that everything else reads. */
import type { ColumnType } from '../../../protocol/evaluation/request';
import { nearest } from '../../base/nearest';
import { RunyardError } from '../../base/errors';
import type { Row, Session } from './duckdb';
import { boundType, candidates, fitText, fitTyped, storedType } from './fit';
import type { Fit } from './fit';
import { noRows } from './no-rows';
import type { RawColumn, Relation } from './relation';
import type { Column } from './types';

export interface BoundColumn extends Column { /** its name in `data` */ id: string; /** its type in `data` */ bound: string; zoned: boolean }
export interface Bound { columns: BoundColumn[]; rows: number; /** SQL of a row's number within `data`; null: rows are numbered as they come */ row: string | null }

interface Choice { column: RawColumn; type: ColumnType; fit: Fit; declared: boolean }
type Types = Readonly<Record<string, ColumnType>>;

const SAMPLE = 20_000;

export async function bind(session: Session, relation: Relation, types: Types): Promise<Bound> {
  checkDeclared(relation, types);
  let choices = await choose(session, relation, types, SAMPLE);
  let bound = await attempt(session, relation, choices);
  if (Array.isArray(bound)) {
    choices = await widen(session, relation, { types, choices, misfits: bound });
    bound = await attempt(session, relation, choices);
  }
  if (Array.isArray(bound)) throw await misfit(session, relation, bound[0] as Misfit);
  if (bound.rows === 0) throw noRows(`${await relation.locate(0)}: there are no rows`, 'name a file that has some');
  return bound;
}

function checkDeclared({ columns }: Relation, types: Types): void {
  const names = columns.map(({ name }) => name);
  const odd = Object.keys(types).find((one) => !names.includes(one));
  if (odd === undefined) return;
  const meant = nearest(odd, names);
  throw new RunyardError('bad_input', `a type is declared for column ${odd}, which the data don't have`, meant === null ? `they have ${names.slice(0, 30).join(', ')}` : `did you mean ${meant}?`);
}

/** The declared type, the file's own, or for texts the narrowest that all of the first rows have; null of `most` looks at all rows. */
async function choose(session: Session, { columns, from }: Relation, types: Types, most: number | null): Promise<Choice[]> {
  const open = columns.filter(({ name, found: open }) => open !== 'none' && types[name] === undefined);
  const counts = open.length === 0 ? {} : ((await session.rows(
    `SELECT ${open.flatMap(({ ref, found: among }, at) => [`count(${ref}) AS n${at}`, ...candidates(ref, among === 'dates').flatMap(({ fit }, i) => (fit.bad === null ? [] : [`count(*) FILTER (${fit.bad}) AS b${at}_${i}`]))]).join(', ')}
     FROM (SELECT * FROM ${from}${most === null ? '' : ` LIMIT ${most}`})`))[0] ?? {});
  return columns.map((column) => {
    const declared = types[column.name];
    if (declared !== undefined) return { column, type: declared, fit: column.found === 'all' ? fitText(column.ref, declared) : fitTyped(column.ref, column.stored, declared), declared: true };
    if (column.found === 'none') return own(column);
    return { column, ...found(column, counts, open.indexOf(column)), declared: false };
  });
}

function own(column: RawColumn): Choice {
  const type = storedType(column.stored);
  return { column, type, fit: fitTyped(column.ref, column.stored, type), declared: false };
}

/** A column without any value is taken for numbers, all missing. */
function found({ ref, found: among }: RawColumn, counts: Row, at: number): { type: ColumnType; fit: Fit } {
  const all = candidates(ref, among === 'dates');
  const empty = Number(counts[`n${at}`]) === 0;
  const first = all.find(({ type, fit }, i) => (empty ? type === (among === 'all' ? 'float' : 'string') : fit.bad === null || Number(counts[`b${at}_${i}`]) === 0));
  return first ?? { type: 'string', fit: { value: ref, bad: null } };
}

interface Misfit { choice: Choice; row: number }

/** Makes `data`; where cells don't fit it is dropped again and the first of each column at fault is told. */
async function attempt(session: Session, relation: Relation, choices: readonly Choice[]): Promise<Bound | Misfit[]> {
  const columns = choices.map(({ column, type, fit }, at) => ({
    name: column.name, type, stored: column.stored, id: `c${at}`, bound: boundType(type, column.stored), zoned: fit.zoned ?? false,
  }));
  const select = choices.map(({ fit }, at) => `${fit.value} AS c${at}`).join(', ');
  const strict = choices.filter(({ fit }) => fit.bad !== null);
  if (relation.rowNumber === null) {
    const bad = strict.length === 0 ? '' : `, CAST(CASE ${strict.map(({ fit }, at) => `WHEN ${fit.bad} THEN ${at}`).join(' ')} END AS INTEGER) AS bad`;
    await session.run(`CREATE TABLE data AS SELECT ${select}${bad} FROM ${relation.from}`);
    const rows = Number((await session.rows('SELECT count(*) AS n FROM data'))[0]?.['n']);
    const faults = strict.length === 0 ? [] : await session.rows('SELECT bad, min(rowid) AS first FROM data WHERE bad IS NOT NULL GROUP BY bad ORDER BY first');
    if (faults.length === 0) return { columns, rows, row: 'rowid' };
    await session.run('DROP TABLE data');
    return faults.map(({ bad: at, first }) => ({ choice: strict[Number(at)] as Choice, row: Number(first) }));
  }
  const checks = strict.map(({ fit }, at) => `min(CASE WHEN ${fit.bad} THEN ${relation.rowNumber} END) AS f${at}`);
  const [counted] = await session.rows(`SELECT ${['count(*) AS n', ...checks].join(', ')} FROM ${relation.from}`);
  const faults = strict.flatMap((choice, at) => (counted?.[`f${at}`] == null ? [] : [{ choice, row: Number(counted[`f${at}`]) }])).sort((a, b) => a.row - b.row);
  if (faults.length > 0) return faults;
  await session.run(`CREATE VIEW data AS SELECT ${select}, ${relation.rowNumber} AS row FROM ${relation.from}`);
  return { columns, rows: Number(counted?.['n']), row: 'row' };
}

/** A type that was only found gives way to a wider one; a declared one does not. */
async function widen(session: Session, relation: Relation, { types, choices, misfits }: { types: Types; choices: readonly Choice[]; misfits: readonly Misfit[] }): Promise<Choice[]> {
  const declared = misfits.find(({ choice }) => choice.declared);
  if (declared) throw await misfit(session, relation, declared);
  if (choices.some(({ column }) => column.found !== 'none')) return await choose(session, relation, types, null);
  const wrong = new Set(misfits.map(({ choice }) => choice.column.name));
  return choices.map((choice) => (wrong.has(choice.column.name) ? { ...choice, type: 'string', fit: fitTyped(choice.column.ref, choice.column.stored, 'string') } : choice));
}

const WORDS: Record<ColumnType, string> = {
  float: 'a number', int: 'a whole number', bool: 'True or False', string: 'a text', date: 'a date such as 2026-01-31', time: 'a moment such as 2026-01-31T12:00:00', other: 'a value',
};

async function misfit(session: Session, relation: Relation, { choice, row }: Misfit): Promise<RunyardError> {
  const { column, type } = choice;
  const [cell] = await session.rows(`SELECT CAST(${column.ref} AS VARCHAR) AS cell FROM ${relation.from} LIMIT 1 OFFSET ${row}`);
  const said = String(cell?.['cell'] ?? '');
  const shown = said.length > 80 ? `${said.slice(0, 80)}...` : said;
  const quoted = said === '' && column.found === 'all' ? ' (an empty text in quotes; only an empty field without quotes is missing)' : '';
  return new RunyardError('bad_input', `${await relation.locate(row)}, column ${column.name}: "${shown}" is not ${WORDS[type]}${quoted}`, choice.declared ? `mend the cell, or declare another type than ${type} for ${column.name}` : 'mend the cell, or declare the type string');
}
