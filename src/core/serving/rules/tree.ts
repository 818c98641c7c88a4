/** DuckDB's parsed predicate as a tree with types known before any row is seen. Throws PredicateFault, with the place, for what it can't hold. */
import { numberAt, placeOf, PredicateFault, tokenEnd } from '../../evaluation/data/predicate-text';
import type { ServedColumn } from '../types';
import { constant, constantAs, unified } from './constants';
import type { Expression, ValueType } from './types';

export type Node = Readonly<Record<string, unknown>>;
export interface Reading { where: string; columns: readonly ServedColumn[] }

const record = (value: unknown): Node => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {});
const list = (value: unknown): Node[] => (Array.isArray(value) ? value.map(record) : []);
export const made = (op: string, type: ValueType, kids: Expression[], scale = 0): Expression => ({ op, type, scale, kids });
type Fault = (message: string) => PredicateFault;
const COMPARE: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: '=', COMPARE_NOTEQUAL: '<>', COMPARE_LESSTHAN: '<', COMPARE_GREATERTHAN: '>', COMPARE_LESSTHANOREQUALTO: '<=', COMPARE_GREATERTHANOREQUALTO: '>=', COMPARE_DISTINCT_FROM: 'distinct', COMPARE_NOT_DISTINCT_FROM: 'same',
};
const COLUMN_TYPES: Readonly<Record<ServedColumn['type'], ValueType>> = { float: 'double', int: 'exact', bool: 'bool', string: 'text' };

export function expression(node: Node, reading: Reading): Expression {
  const { where, columns } = reading;
  const at = placeOf(where, node['query_location']);
  const fault: Fault = (message) => new PredicateFault(message, at ?? 0, at === null ? where.length : tokenEnd(where, at));
  const kids = (nodes: readonly Node[]): Expression[] => nodes.map((one) => expression(one, reading));
  switch (String(node['class'])) {
    case 'COLUMN_REF': return columnOf(String((node['column_names'] as unknown[])[0]), columns, fault);
    case 'CONSTANT': return constant(record(node['value']), at === null ? null : numberAt(where, at), fault);
    case 'COMPARISON': return made(COMPARE[String(node['type'])] ?? '', 'bool', unified(kids([record(node['left']), record(node['right'])]), fault));
    case 'BETWEEN': return between(kids([record(node['input']), record(node['lower']), record(node['upper'])]), { not: node['type'] === 'COMPARE_NOT_BETWEEN', fault });
    case 'CONJUNCTION': return made(node['type'] === 'CONJUNCTION_AND' ? 'and' : 'or', 'bool', kids(list(node['children'])));
    case 'CASE': {
      const checks = list(node['case_checks']);
      const conditions = kids(checks.map((check) => record(check['when_expr'])));
      const values = unified(kids([...checks.map((check) => record(check['then_expr'])), record(node['else_expr'])]), fault);
      return like('case', [...conditions, ...values], values);
    }
    case 'CAST': return cast(expression(record(node['child']), reading), String(record(node['cast_type'])['id']), fault);
    case 'OPERATOR': return operator(String(node['type']), kids(list(node['children'])), fault);
    case 'FUNCTION': return call(String(node['function_name']), kids(list(node['children'])), fault);
    default: throw fault(`${String(node['class']).toLowerCase()} can't be asked of each request`);
  }
}

/** With the type that the values have in common. */
const like = (op: string, kids: Expression[], values: readonly Expression[]): Expression => made(op, values.find(({ type }) => type !== 'null')?.type ?? 'null', kids, values.find(({ type }) => type !== 'null')?.scale ?? 0);

function columnOf(wanted: string, columns: readonly ServedColumn[], fault: Fault): Expression {
  const alike = columns.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const column = columns.find(({ name }) => name === wanted) ?? (alike.length === 1 ? alike[0] : undefined);
  if (!column) throw fault(`there is no column ${wanted}`);
  return { ...made('column', COLUMN_TYPES[column.type], []), column: column.name, kind: column.type };
}

function between(kids: Expression[], { not, fault }: { not: boolean; fault: Fault }): Expression {
  const [input, lower, upper] = unified(kids, fault) as [Expression, Expression, Expression];
  const whole = made('and', 'bool', [made('>=', 'bool', [input, lower]), made('<=', 'bool', [input, upper])]);
  return not ? made('not', 'bool', [whole]) : whole;
}

function cast(kid: Expression, to: string, fault: Fault): Expression {
  // `true` is parsed as a cast of 't'
  if (to === 'BOOLEAN' && kid.op === 'constant' && kid.type === 'text' && /^(t|f|true|false)$/i.test(String(kid.value))) return { ...made('constant', 'bool', []), value: /^t/i.test(String(kid.value)) };
  if (to === 'BOOLEAN' && kid.type === 'bool') return kid;
  if (to === 'DOUBLE' && ['exact', 'double', 'bool', 'null'].includes(kid.type)) return kid.type === 'double' ? kid : made('double', 'double', [kid]);
  if (to === 'VARCHAR' && (kid.type === 'text' || kid.type === 'bool' || (kid.type === 'exact' && kid.scale === 0))) return kid.type === 'text' ? kid : made('text', 'text', [kid]);
  if (['BIGINT', 'INTEGER', 'HUGEINT'].includes(to) && kid.type === 'bool') return made('exact', 'exact', [kid]);
  throw fault(`a cast to ${to} from this can't be asked of each request`);
}

function operator(type: string, kids: Expression[], fault: Fault): Expression {
  switch (type) {
    case 'OPERATOR_NOT': return made('not', 'bool', kids);
    case 'OPERATOR_IS_NULL': return made('isnull', 'bool', kids);
    case 'OPERATOR_IS_NOT_NULL': return made('notnull', 'bool', kids);
    case 'OPERATOR_COALESCE': { const values = unified(kids, fault); return like('coalesce', values, values); }
    case 'OPERATOR_NULLIF': return nullif(kids, fault);
    case 'COMPARE_IN': return made('in', 'bool', unified(kids, fault));
    case 'COMPARE_NOT_IN': return made('not', 'bool', [made('in', 'bool', unified(kids, fault))]);
    default: throw fault(`${type.toLowerCase().replace('operator_', '').replaceAll('_', ' ')} can't be asked of each request`);
  }
}

function nullif(kids: Expression[], fault: Fault): Expression {
  const values = unified(kids, fault);
  return like('nullif', values, values);
}

const TEXT_TO_TEXT = new Set(['lower', 'upper', 'trim', 'ltrim', 'rtrim', 'reverse']);
const TEXT_TO_LENGTH: Readonly<Record<string, string>> = { length: 'length', len: 'length', char_length: 'length', character_length: 'length', strlen: 'strlen' };
const TEXTS_TO_BOOL: Readonly<Record<string, string>> = { contains: 'contains', starts_with: 'starts', prefix: 'starts', '^@': 'starts', ends_with: 'ends', suffix: 'ends' };
const LIKES: Readonly<Record<string, string>> = { '~~': 'like', '!~~': 'notlike', '~~*': 'ilike', '!~~*': 'notilike' };
const ROUNDING = new Set(['floor', 'ceil', 'ceiling', 'round', 'trunc']);
const DOUBLES_TO_BOOL = new Set(['isnan', 'isinf', 'isfinite']);

function call(name: string, kids: Expression[], fault: Fault): Expression {
  const [first, second] = kids;
  const alone = kids.length === 1 && first !== undefined ? first : null;
  if (TEXT_TO_TEXT.has(name) && alone) return made(name, 'text', [asText(alone, fault)]);
  if (TEXT_TO_LENGTH[name] && alone) return made(TEXT_TO_LENGTH[name], 'exact', [asText(alone, fault)]);
  if (TEXTS_TO_BOOL[name] && kids.length === 2) return made(TEXTS_TO_BOOL[name], 'bool', kids.map((kid) => asText(kid, fault)));
  if (LIKES[name] && first && second) {
    if (second.op !== 'constant' || second.type !== 'text') throw fault('what LIKE is held against has to be a text in quotes');
    return made(LIKES[name], 'bool', [asText(first, fault), second]);
  }
  if (name === '||' && kids.length === 2) return made('join', 'text', kids.map((kid) => asText(kid, fault)));
  if (name === 'greatest' || name === 'least') { const values = unified(kids, fault); return like(name, values, values); }
  if (name === 'nullif') return nullif(kids, fault);
  if (DOUBLES_TO_BOOL.has(name) && alone?.type === 'double') return made(name, 'bool', kids);
  if (name === 'abs' && alone && isNumber(alone)) return made('abs', alone.type, kids, alone.scale);
  // of whole numbers these two are doubles, and the others are not
  if ((name === 'floor' || name.startsWith('ceil')) && alone?.type === 'exact' && alone.scale === 0) return constantAs(alone, 'double');
  if (ROUNDING.has(name) && alone && isNumber(alone)) return made(name === 'ceiling' ? 'ceil' : name, alone.type, kids);
  return arithmetic(name, kids, fault);
}

const isNumber = ({ type }: Expression): boolean => type === 'double' || type === 'exact';

function asText(kid: Expression, fault: Fault): Expression {
  if (kid.type !== 'text' && kid.type !== 'null') throw fault('this is done with texts only');
  return kid;
}

function arithmetic(name: string, kids: Expression[], fault: Fault): Expression {
  const [left, right] = kids;
  if (left && !right && isNumber(left) && (name === '-' || name === '+')) return name === '+' ? left : made('negate', left.type, [left], left.scale);
  if (!left || !right || kids.length > 2 || !isNumber(left) || !isNumber(right)) throw fault(`${name} can't be asked of each request${['+', '-', '*', '/', '//', '%'].includes(name) ? ' of anything but numbers' : ''}`);
  const exact = left.type === 'exact' && right.type === 'exact';
  const doubles = kids.map((kid) => constantAs(kid, 'double'));
  switch (name) {
    case '+': case '-': return exact ? made(name, 'exact', kids, Math.max(left.scale, right.scale)) : made(name, 'double', doubles);
    case '*': return exact ? made(name, 'exact', kids, left.scale + right.scale) : made(name, 'double', doubles);
    case '/': return made('/', 'double', doubles);
    case '%': case '//': if (exact && left.scale === 0 && right.scale === 0) return made(name, 'exact', kids); break;
    default:
  }
  throw fault(`${name} can't be asked of each request of these`);
}
