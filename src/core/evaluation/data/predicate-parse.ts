/** A predicate is parsed by DuckDB, looked through, and written anew from what may be in it: nothing else ever gets into a statement of ours. */
import { nearest } from '../../base/nearest';
import { name, text } from './duckdb';
import type { Session } from './duckdb';
import { asStatement, checkText, numberAt, placeOf, placeOfSign, PredicateFault, tokenEnd } from './predicate-text';
import { CASTS, COMPARISONS, FUNCTIONS, OPERATORS, REFUSED } from './predicate-words';

/** Part of a predicate. `sql` is made of allowed parts only. */
export interface Part {
  kind: 'column' | 'text' | 'value' | 'compare' | 'logic' | 'other';
  sql: string;
  kids: Part[];
  from: number;
  to: number;
  /** the column's name, or the text's value */
  said?: string;
}

/** Names a column as SQL, or tells why it can't. */
export type Resolve = (name: string, from: number, to: number) => string;

type Node = Record<string, unknown>;
interface Parsing { where: string; resolve: Resolve }

/** Throws PredicateFault. */
export async function parsePredicate(session: Session, where: string, resolve: Resolve): Promise<Part> {
  checkText(where);
  const [row] = await session.rows(`SELECT json_serialize_sql(${text(asStatement(where))}) AS tree`);
  const tree = read(String(row?.['tree']), where);
  if (tree['error'] === true) throw syntax(tree, where);
  const statements = list(tree['statements']);
  const node = record(statements[0]?.['node']);
  const whole = new PredicateFault('a predicate is one expression that is true or false, such as age >= 60', 0, where.length);
  if (statements.length !== 1 || node['type'] !== 'SELECT_NODE') throw whole;
  const [expression, second] = list(node['select_list']);
  const clauses = ['where_clause', 'having', 'sample', 'qualify'].some((clause) => node[clause] != null);
  const lists = [node['modifiers'], record(node['cte_map'])['map'], node['group_expressions'], node['group_sets']].some((part) => list(part).length > 0);
  if (!expression || second || clauses || lists || record(node['from_table'])['type'] !== 'EMPTY' || list(statements[0]?.['named_param_map']).length > 0) throw whole;
  return part(expression, { where, resolve });
}

function read(json: string, where: string): Node {
  try {
    return record(JSON.parse(json));
  } catch (error) {
    throw new PredicateFault(`a number in it is too large (${error instanceof Error ? error.name : ''})`, 0, where.length);
  }
}

function syntax(tree: Node, where: string): PredicateFault {
  const said = String(tree['error_message'] ?? '');
  if (/Only SELECT/.test(said)) return new PredicateFault('a predicate is one expression, no statement', 0, where.length);
  const at = placeOfSign(where, tree['position']);
  const end = /at end of input/.test(said);
  const from = end ? Math.max(0, where.trimEnd().length - 1) : Math.min(at, where.length);
  return new PredicateFault(end ? 'it breaks off: something is missing at its end' : said.replace('syntax error at or near', 'it can\'t be read at'), from, Math.max(from + 1, tokenEnd(where, from)));
}

const record = (value: unknown): Node => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {});
const list = (value: unknown): Node[] => (Array.isArray(value) ? value.map(record) : []);

function part(node: Node, parsing: Parsing): Part {
  const { where } = parsing;
  const at = placeOf(where, node['query_location']);
  const kids = (nodes: readonly Node[]): Part[] => nodes.map((one) => part(one, parsing));
  const made = (kind: Part['kind'], below: Part[], sql: string, said?: string): Part => {
    const from = Math.min(at ?? Infinity, ...below.map((kid) => kid.from));
    const to = Math.max(at === null ? 0 : tokenEnd(where, at), ...below.map((kid) => kid.to));
    return { kind, kids: below, sql, from: Number.isFinite(from) ? from : 0, to: Math.max(to, 0), ...(said === undefined ? {} : { said }) };
  };
  const fault = (message: string): PredicateFault => new PredicateFault(message, at ?? 0, at === null ? where.length : tokenEnd(where, at));
  if (typeof node['alias'] === 'string' && node['alias'] !== '') throw fault(`a name (${node['alias']}) has no place here`);
  const kind = String(node['class']);
  switch (kind) {
    case 'COLUMN_REF': return column(node, { parsing, at, fault });
    case 'CONSTANT': return constant(node, { where, at, made, fault });
    case 'COMPARISON': {
      const sides = kids([record(node['left']), record(node['right'])]);
      return made('compare', sides, `(${sides[0]?.sql} ${known(COMPARISONS.get(String(node['type'])), fault)} ${sides[1]?.sql})`);
    }
    case 'BETWEEN': {
      const below = kids([record(node['input']), record(node['lower']), record(node['upper'])]);
      return made('compare', below, `(${below[0]?.sql} ${node['type'] === 'COMPARE_NOT_BETWEEN' ? 'NOT ' : ''}BETWEEN ${below[1]?.sql} AND ${below[2]?.sql})`);
    }
    case 'CONJUNCTION': {
      const below = kids(list(node['children']));
      return made('logic', below, `(${below.map(({ sql }) => sql).join(node['type'] === 'CONJUNCTION_AND' ? ' AND ' : ' OR ')})`);
    }
    case 'CASE': {
      const checks = list(node['case_checks']).flatMap((check) => [record(check['when_expr']), record(check['then_expr'])]);
      const below = kids([...checks, record(node['else_expr'])]);
      const cases = checks.map((_, i) => `${i % 2 === 0 ? 'WHEN' : 'THEN'} ${below[i]?.sql}`).join(' ');
      return made('other', below, `(CASE ${cases} ELSE ${below.at(-1)?.sql} END)`);
    }
    case 'CAST': {
      const below = kids([record(node['child'])]);
      return made('other', below, `${node['try_cast'] === true ? 'TRY_CAST' : 'CAST'}(${below[0]?.sql} AS ${castType(record(node['cast_type']), fault)})`);
    }
    case 'OPERATOR': return operator(String(node['type']), kids(list(node['children'])), { made, fault });
    case 'FUNCTION': return call(node, kids(list(node['children'])), { made, fault });
    default: throw fault(REFUSED[kind] ?? `${kind.toLowerCase()} has no place in a predicate`);
  }
}

interface Making { made: (kind: Part['kind'], below: Part[], sql: string, said?: string) => Part; fault: (message: string) => PredicateFault }

function known<T>(value: T | undefined, fault: Making['fault']): T {
  if (value === undefined) throw fault('this comparison has no place in a predicate');
  return value;
}

function column(node: Node, { parsing: { where, resolve }, at, fault }: { parsing: Parsing; at: number | null; fault: Making['fault'] }): Part {
  const names = Array.isArray(node['column_names']) ? node['column_names'].map(String) : [];
  if (names.length !== 1 || names[0] === undefined) throw fault(`${names.join('.')}: a column is named alone; put quotes around a name with a dot in it, "${names.join('.')}"`);
  const [from, to] = at === null ? [0, where.length] : [at, tokenEnd(where, at)];
  return { kind: 'column', kids: [], sql: resolve(names[0], from, to), from, to, said: names[0] };
}

/** Numbers are taken from the text itself, where they have all their digits. */
function constant(node: Node, { where, at, made, fault }: Making & { where: string; at: number | null }): Part {
  const value = record(node['value']);
  const type = String(record(value['type'])['id']);
  if (value['is_null'] === true) return made('value', [], 'NULL');
  if (type === 'VARCHAR') return made('text', [], text(String(value['value'])), String(value['value']));
  if (type === 'BOOLEAN') return made('value', [], value['value'] === true ? 'true' : 'false');
  const number = at === null ? null : numberAt(where, at);
  if (number !== null && /INT|DECIMAL|DOUBLE|FLOAT/.test(type)) return { ...made('value', [], number.startsWith('-') ? `(${number})` : number), to: (at ?? 0) + number.length };
  if (/INT$|INTEGER/.test(type) && Number.isSafeInteger(value['value'])) return made('value', [], `(${String(value['value'])})`);
  throw fault('this value has no place in a predicate');
}

function castType(type: Node, fault: Making['fault']): string {
  const id = String(type['id']);
  const info = record(type['type_info']);
  if (!CASTS.has(id)) throw fault(`${id === 'UNBOUND' ? String(info['name']) : id} is no type that a predicate may cast to`);
  return id === 'DECIMAL' ? `DECIMAL(${Math.trunc(Number(info['width'] ?? 18))}, ${Math.trunc(Number(info['scale'] ?? 3))})` : id;
}

function operator(type: string, below: Part[], { made, fault }: Making): Part {
  const [first, ...others] = below.map(({ sql }) => sql);
  switch (type) {
    case 'OPERATOR_NOT': return made('logic', below, `(NOT ${first})`);
    case 'OPERATOR_IS_NULL': return made('other', below, `(${first} IS NULL)`);
    case 'OPERATOR_IS_NOT_NULL': return made('other', below, `(${first} IS NOT NULL)`);
    case 'OPERATOR_COALESCE': return made('other', below, `coalesce(${[first, ...others].join(', ')})`);
    case 'OPERATOR_NULLIF': return made('other', below, `nullif(${[first, ...others].join(', ')})`);
    case 'COMPARE_IN': return made('compare', below, `(${first} IN (${others.join(', ')}))`);
    case 'COMPARE_NOT_IN': return made('compare', below, `(${first} NOT IN (${others.join(', ')}))`);
    default: throw fault(`${type.toLowerCase().replace('operator_', '').replaceAll('_', ' ')} has no place in a predicate`);
  }
}

function call(node: Node, below: Part[], { made, fault }: Making): Part {
  const called = String(node['function_name']);
  const odd = node['filter'] != null || node['distinct'] === true || node['export_state'] === true || list(record(node['order_bys'])['orders']).length > 0;
  if (odd || (node['catalog'] ?? '') !== '' || !['', 'main'].includes(String(node['schema'] ?? ''))) throw fault(`${called} is called in a way that has no place in a predicate: write ${called}(...)`);
  const sql = below.map((kid) => kid.sql);
  if (node['is_operator'] === true) {
    if (!OPERATORS.get(called)?.includes(below.length)) throw fault(`the operator ${called} has no place in a predicate`);
    return made('other', below, below.length === 1 ? `(${called} ${sql[0]})` : `(${sql.join(` ${called} `)})`);
  }
  if (FUNCTIONS.has(called)) return made('other', below, `${name(called)}(${sql.join(', ')})`);
  const meant = nearest(called, [...FUNCTIONS]);
  throw fault(`${called} is none of the functions that a predicate may use${meant === null ? '' : `; did you mean ${meant}?`}`);
}
