/** Conditions of the search grammar as SQL over `runs r`. Every value is a bound parameter. */
import { statesOf } from '../domain/state';
import type { Condition, FilterValue, Key, Operator } from '../domain/filter/ast';
import { ATTRIBUTES, isAttribute, type AttributeName } from '../domain/filter/keys';
import type { Context } from './context';
import type { Cell } from './driver';

export interface Piece { sql: string; params: Cell[] }

const EXPERIMENT = '(SELECT name FROM experiments WHERE id = r.experiment)';
export const COLUMN: Readonly<Record<Exclude<AttributeName, 'user_id'>, string>> = {
  run_id: 'r.uid', run_name: 'r.name', status: 'r.state', client_status: "CASE WHEN r.state IN ('queued', 'running') THEN coalesce(r.said, r.state) ELSE r.state END", experiment: EXPERIMENT, source: 'r.source', script: 'r.script', notes: 'r.notes', reason: 'r.reason',
  artifact_uri: "((SELECT coalesce(location, 'mlflow-artifacts:/' || id) FROM experiments WHERE id = r.experiment) || '/' || r.uid || '/artifacts')",
  parent: 'r.parent', commit: 'r.commit_id', branch: 'r.branch', group: 'r.group_key', runner: 'r.runner', signal: 'r.signal', interpreter: 'r.interpreter',
  created: 'r.created', start_time: 'r.started', end_time: 'r.ended', duration: '(r.ended - r.started)', exit_code: 'r.exit_code', pinned: 'r.pinned',
};
/** Who ran it is a tag, as with MLflow. */
export const USER: Key = { entity: 'tag', name: 'mlflow.user' };
export const isUser = (key: Key): boolean => key.entity === 'attribute' && key.name === 'user_id';

/** Runs that meet a condition. As in MLflow a run without the key meets none but IS NULL; NaN meets no comparison of numbers but !=. */
export function conditionSql(context: Context, condition: Condition): Piece {
  const { key, op, value } = isUser(condition.key) ? { ...condition, key: USER } : condition;
  switch (key.entity) {
    case 'attribute': return attributeSql(key, op, value);
    case 'metric': return keyed(op, { sql: 'SELECT run FROM metrics WHERE key = ?', params: [context.findKey('metric', key.name)] }, numberTest('value', op, value));
    case 'tag': return keyed(op, { sql: 'SELECT run FROM tags WHERE key = ?', params: [context.findKey('tag', key.name)] }, textTest('value', op, value));
    case 'param': return keyed(op, { sql: 'SELECT run FROM params WHERE key = ?', params: [context.findKey('param', key.name)] }, paramTest(op, value));
    case 'dataset': return keyed(op, { sql: `SELECT run FROM datasets WHERE ${key.name} IS NOT NULL`, params: [] }, textTest(key.name, op, value));
  }
}

function keyed(op: Operator, rows: Piece, test: Piece): Piece {
  if (op === 'IS NULL') return { sql: `r.id NOT IN (${rows.sql})`, params: rows.params };
  if (op === 'IS NOT NULL') return { sql: `r.id IN (${rows.sql})`, params: rows.params };
  return { sql: `r.id IN (${rows.sql} AND ${test.sql})`, params: [...rows.params, ...test.params] };
}

const items = (value: FilterValue): (string | number)[] =>
  (value.kind === 'list' ? [...value.items] : value.kind === 'text' ? [value.text] : value.kind === 'number' ? [value.number] : []);
const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** Text sorts after every number in SQLite, so a NaN (kept as text) is shut out of a comparison that numbers alone should meet. */
function numberTest(column: string, op: Operator, value: FilterValue): Piece {
  const params = items(value);
  if (op === 'IN' || op === 'NOT IN') return { sql: `${column} ${op} (${marks(params.length)})`, params };
  const guard = op === '>' || op === '>=' ? ` AND ${column} < ''` : '';
  return { sql: `${column} ${op} ?${guard}`, params };
}

/** A param's text as a number: only where the whole of it is one. */
const IS_NUMBER = (column: string): string => `(json_valid(${column}) AND json_type(${column}) IN ('integer', 'real'))`;

function paramTest(op: Operator, value: FilterValue): Piece {
  const byNumber = value.kind === 'number' || (value.kind === 'list' && typeof value.items[0] === 'number');
  if (!byNumber) return textTest('value', op, value);
  const test = numberTest('CAST(value AS REAL)', op, value);
  return { sql: `${IS_NUMBER('value')} AND ${test.sql}`, params: test.params };
}

function textTest(column: string, op: Operator, value: FilterValue): Piece {
  const params = items(value);
  if (op === 'LIKE') return { sql: `${column} GLOB ?`, params: params.map((pattern) => likeToGlob(String(pattern))) };
  if (op === 'ILIKE') return { sql: `${column} LIKE ?`, params };
  if (op === 'IN' || op === 'NOT IN') return { sql: `${column} ${op} (${marks(params.length)})`, params };
  return { sql: `${column} ${op} ?`, params };
}

/** SQLite's LIKE doesn't tell case apart and its GLOB does: % is *, _ is ?, and GLOB's own signs stand for themselves. */
export const likeToGlob = (pattern: string): string => pattern.replace(/[*?[%_]/g, (c) => (c === '%' ? '*' : c === '_' ? '?' : `[${c}]`));

/** From here on a figure can't be seconds (the year 5138): it is MLflow's milliseconds. */
const MILLISECONDS = 1e11;

function attributeSql(key: Key, op: Operator, value: FilterValue): Piece {
  const name = key.name;
  if (!isAttribute(name) || name === 'user_id') return { sql: '0', params: [] };
  const column = COLUMN[name];
  if (op === 'IS NULL' || op === 'IS NOT NULL') return { sql: `${column} ${op}`, params: [] };
  const type = ATTRIBUTES[name];
  if (type === 'state' && op !== 'LIKE' && op !== 'ILIKE') {
    const states = items(value).flatMap((word) => statesOf(String(word)));
    return { sql: `${column} ${op === '!=' || op === 'NOT IN' ? 'NOT IN' : 'IN'} (${marks(states.length)})`, params: states };
  }
  if (type === 'text' || type === 'state') return textTest(column, op, value);
  const inSeconds = (figure: string | number): number => (type === 'time' && Math.abs(Number(figure)) > MILLISECONDS ? Number(figure) / 1000 : Number(figure));
  const seconds = items(value).map(inSeconds);
  return numberTest(column, op, value.kind === 'list' ? { kind: 'list', items: seconds } : { kind: 'number', number: seconds[0] ?? 0 });
}
