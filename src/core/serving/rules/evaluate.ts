/**
 * Walks a rule's tree for a row, with SQL's three values: true, false, and null where nobody can say. Exact values are whole numbers of 10^-scale; a double's NaN in a
 * column is a missing value, one that is computed equals itself and is above everything, as in DuckDB.
 */
import type { Values } from '../../evaluation/data/types';
import { doubleOf } from './constants';
import { likePattern, lower, reversed, upper } from './texts';
import type { Expression } from './types';

type Value = number | bigint | string | boolean | null;
type Columns = Readonly<Record<string, Values>>;
type Read = (columns: Columns, row: number) => Value;
export type Evaluate = (columns: Columns, row: number) => boolean | null;

/** Compiled once; asked for each row. */
export function reader(tree: Expression): Evaluate {
  const read = compiled(tree);
  return (columns, row) => {
    const value = read(columns, row);
    return value === null ? null : value === true;
  };
}

function compiled(tree: Expression): Read {
  const kids = tree.kids.map(compiled);
  switch (tree.op) {
    case 'column': return columnReader(tree);
    case 'constant': { const value = constantOf(tree); return () => value; }
    case 'and': return logic(kids, false);
    case 'or': return logic(kids, true);
    case 'not': return strict(kids, (value) => value !== true);
    case 'isnull': return (columns, row) => kids[0]?.(columns, row) === null;
    case 'notnull': return (columns, row) => kids[0]?.(columns, row) !== null;
    case 'distinct': case 'same': return (columns, row) => isSame(kids[0]?.(columns, row) ?? null, kids[1]?.(columns, row) ?? null) === (tree.op === 'same');
    case 'in': return within(kids);
    case 'case': return cases(kids);
    case 'coalesce': return (columns, row) => { for (const kid of kids) { const value = kid(columns, row); if (value !== null) return value; } return null; };
    case 'nullif': return (columns, row) => { const [value, other] = [kids[0]?.(columns, row) ?? null, kids[1]?.(columns, row) ?? null]; return value !== null && other !== null && order(value, other) === 0 ? null : value; };
    case 'greatest': case 'least': return extreme(kids, tree.op === 'greatest' ? 1 : -1);
    case 'like': case 'ilike': case 'notlike': case 'notilike': return likes(tree, kids);
    default: return strict(kids, simple(tree));
  }
}

/** Null where any is; else what the function makes of them. */
function strict(kids: readonly Read[], work: (...values: NonNullable<Value>[]) => Value): Read {
  const [first, second] = kids;
  if (!second) return (columns, row) => { const value = first?.(columns, row) ?? null; return value === null ? null : work(value); };
  return (columns, row) => {
    const [left, right] = [first?.(columns, row) ?? null, second(columns, row)];
    return left === null || right === null ? null : work(left, right);
  };
}

function columnReader({ column = '', kind }: Expression): Read {
  switch (kind) {
    case 'float': return (columns, row) => { const values = columns[column] as Values; const value = values.values[row] as number; return values.missing?.[row] || Number.isNaN(value) ? null : value; };
    case 'int': return (columns, row) => { const values = columns[column] as Values; return values.missing?.[row] ? null : (values.type === 'int' ? values.big?.[row] : undefined) ?? BigInt(values.values[row] as number); };
    case 'bool': return (columns, row) => { const values = columns[column] as Values; return values.missing?.[row] ? null : values.values[row] !== 0; };
    default: return (columns, row) => { const values = columns[column] as Values; return values.missing?.[row] ? null : values.values[row] as string; };
  }
}

const constantOf = ({ type, value = null }: Expression): Value => (type === 'exact' ? BigInt(String(value)) : value);

/** `ends`: the value that ends it, whatever the others are. */
function logic(kids: readonly Read[], ends: boolean): Read {
  return (columns, row) => {
    let unknown = false;
    for (const kid of kids) {
      const value = kid(columns, row);
      if (value === ends) return ends;
      if (value === null) unknown = true;
    }
    return unknown ? null : !ends;
  };
}

function within([input, ...others]: readonly Read[]): Read {
  return (columns, row) => {
    const value = input?.(columns, row) ?? null;
    if (value === null) return null;
    let unknown = false;
    for (const kid of others) {
      const other = kid(columns, row);
      if (other === null) unknown = true;
      else if (order(value, other) === 0) return true;
    }
    return unknown ? null : false;
  };
}

/** Conditions first, then as many values and the one for all else. */
function cases(kids: readonly Read[]): Read {
  const count = (kids.length - 1) / 2;
  return (columns, row) => {
    for (let at = 0; at < count; at++) if (kids[at]?.(columns, row) === true) return kids[count + at]?.(columns, row) ?? null;
    return kids[2 * count]?.(columns, row) ?? null;
  };
}

/** Missing ones are left out. */
function extreme(kids: readonly Read[], sign: number): Read {
  return (columns, row) => kids.reduce<Value>((best, kid) => {
    const value = kid(columns, row);
    return value === null ? best : best === null || order(value, best) * sign > 0 ? value : best;
  }, null);
}

function likes({ op, kids: [, pattern] }: Expression, [read]: readonly Read[]): Read {
  const fold = op.endsWith('ilike') ? lower : (text: string): string => text;
  const form = likePattern(fold(String(pattern?.value ?? '')));
  const wanted = !op.startsWith('not');
  return (columns, row) => { const value = read?.(columns, row) ?? null; return value === null ? null : form.test(fold(String(value))) === wanted; };
}

const isSame = (one: Value, other: Value): boolean => (one === null || other === null ? one === other : order(one, other) === 0);

/** Both are of one type. Texts by their code points, NaN above everything. */
function order(one: NonNullable<Value>, other: NonNullable<Value>): number {
  if (typeof one === 'string' && typeof other === 'string') return one === other ? 0 : byCodePoint(one, other);
  if (one === other) return 0;
  if (Number.isNaN(one)) return Number.isNaN(other) ? 0 : 1;
  if (Number.isNaN(other)) return -1;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** UTF-16 has what is beyond the basic plane before its last signs; UTF-8, and so SQL, after. */
function byCodePoint(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
  if (Number.isNaN(a)) return -1;
  if (Number.isNaN(b)) return 1;
  const lifted = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
  return lifted(a) - lifted(b);
}

type Work = (...values: NonNullable<Value>[]) => Value;
const compares = (holds: (order: number) => boolean): Work => (one, other) => holds(order(one as NonNullable<Value>, other as NonNullable<Value>));
const numbers = (work: (a: number, b: number) => Value): Work => (a, b) => work(a as number, b as number);
const texts = (work: (a: string, b: string) => Value): Work => (a, b) => work(a as string, b as string);

/** What is null where any of its parts is. */
function simple({ op, type, scale, kids }: Expression): Work {
  const exact = type === 'exact';
  const scales = kids.map((kid) => kid.scale);
  switch (op) {
    case '=': return compares((sign) => sign === 0);
    case '<>': return compares((sign) => sign !== 0);
    case '<': return compares((sign) => sign < 0);
    case '>': return compares((sign) => sign > 0);
    case '<=': return compares((sign) => sign <= 0);
    case '>=': return compares((sign) => sign >= 0);
    case '+': case '-': case '*': case '%': case '//': return exact ? exactly(op, scale, scales) : inDoubles(op);
    case '/': return numbers((a, b) => a / b);
    case 'negate': return (value) => -(value as number);
    case 'abs': return (value) => ((value as number) < 0 ? -(value as number) : value as number);
    case 'floor': case 'ceil': case 'round': case 'trunc': return kids[0]?.type === 'exact' ? roundExact(op, scales[0] ?? 0) : roundDouble(op);
    case 'double': return (value) => (typeof value === 'bigint' ? doubleOf(value, scales[0] ?? 0) : Number(value));
    case 'exact': return (value) => (value === true ? 1n : 0n);
    case 'rescale': { const factor = 10n ** BigInt(scale - (scales[0] ?? 0)); return (value) => (value as bigint) * factor; }
    case 'text': return (value) => String(value);
    case 'lower': return (value) => lower(value as string);
    case 'upper': return (value) => upper(value as string);
    case 'reverse': return (value) => reversed(value as string);
    case 'trim': return (value) => (value as string).replace(/^ +| +$/g, '');
    case 'ltrim': return (value) => (value as string).replace(/^ +/, '');
    case 'rtrim': return (value) => (value as string).replace(/ +$/, '');
    case 'length': return (value) => BigInt([...(value as string)].length);
    case 'strlen': return (value) => BigInt(Buffer.byteLength(value as string));
    case 'contains': return texts((a, b) => a.includes(b));
    case 'starts': return texts((a, b) => a.startsWith(b));
    case 'ends': return texts((a, b) => a.endsWith(b));
    case 'join': return texts((a, b) => a + b);
    case 'isnan': return (value) => Number.isNaN(value);
    case 'isinf': return (value) => value === Infinity || value === -Infinity;
    case 'isfinite': return (value) => Number.isFinite(value);
    default: throw new Error(`a rule's tree has '${op}'`);
  }
}

function exactly(op: string, scale: number, [left = 0, right = 0]: readonly number[]): Work {
  const [up, other] = [10n ** BigInt(Math.max(0, scale - left)), 10n ** BigInt(Math.max(0, scale - right))];
  const pairs = (work: (a: bigint, b: bigint) => Value): Work => (a, b) => work(a as bigint, b as bigint);
  switch (op) {
    case '+': return pairs((a, b) => a * up + b * other);
    case '-': return pairs((a, b) => a * up - b * other);
    case '*': return pairs((a, b) => a * b);
    case '%': return pairs((a, b) => (b === 0n ? null : a % b));
    default: return pairs((a, b) => (b === 0n ? null : a / b));
  }
}

function inDoubles(op: string): Work {
  return op === '+' ? numbers((a, b) => a + b) : op === '-' ? numbers((a, b) => a - b) : numbers((a, b) => a * b);
}

function roundDouble(op: string): Work {
  const work = op === 'floor' ? Math.floor : op === 'ceil' ? Math.ceil : op === 'trunc' ? Math.trunc : halfAway;
  return (value) => work(value as number);
}

/** Halves go away from zero. */
function halfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function roundExact(op: string, scale: number): Work {
  if (scale === 0) return (value) => value;
  const one = 10n ** BigInt(scale);
  return (given) => {
    const value = given as bigint;
    const cut = value / one;
    const rest = value % one;
    if (rest === 0n || op === 'trunc') return cut;
    if (op === 'floor') return value < 0n ? cut - 1n : cut;
    if (op === 'ceil') return value > 0n ? cut + 1n : cut;
    return (rest < 0n ? -rest : rest) * 2n >= one ? cut + (value < 0n ? -1n : 1n) : cut;
  };
}
