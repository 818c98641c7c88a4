/** Reads MLflow's search grammar: conditions joined by AND. Source: mlflow.utils.search_utils.SearchUtils. */
import { statesOf } from '../state';
import type { Condition, Filter, FilterValue, Key, Operator } from './ast';
import { ATTRIBUTES, isAttribute, readKey, type AttributeType } from './keys';
import { badFilter, tokens, type Token } from './lexer';

/**
 * The conditions of a filter; none for an empty one. Throws bad_input that names the position. Params and tags are text as in MLflow;
 * `anyState` takes states that no run can have. Beyond MLflow's grammar, a param may be compared with a bare number (`params.lr > 0.01`): then as a number, where it is one.
 */
export function parseFilter(text: string, { anyState = false } = {}): Filter {
  const all = tokens(text);
  const found: Condition[] = [];
  let i = 0;
  while (i < all.length) {
    if (found.length > 0) i = readAnd(text, all, i);
    refuseParenthesis(text, all[i]);
    const { key, next } = readKey(text, all, i);
    const { op, next: afterOp } = readOperator(text, all, next);
    const { value, next: after } = readValue(text, all, { op, at: afterOp });
    check(text, { key, op, value }, { at: all[i]?.at ?? 0, anyState });
    found.push({ key, op, value });
    i = after;
  }
  return found;
}

const isWord = (token: Token | undefined, word: string): boolean => token?.kind === 'word' && token.text.toUpperCase() === word;

/** Skips the AND before another condition. */
export function readAnd(text: string, all: readonly Token[], i: number): number {
  const token = all[i];
  if (isWord(token, 'AND')) {
    if (i + 1 >= all.length) throw badFilter(text, text.length, 'a condition is missing after AND');
    return i + 1;
  }
  if (isWord(token, 'OR')) throw badFilter(text, token?.at ?? 0, 'OR is not part of the search grammar', 'conditions can be joined by AND only; for one key with several values use IN');
  refuseParenthesis(text, token);
  throw badFilter(text, token?.at ?? 0, `AND is missing before '${token?.text ?? ''}'`);
}

export function refuseParenthesis(text: string, token: Token | undefined): void {
  if (token?.kind === 'punct' && token.text !== ',') throw badFilter(text, token.at, `a parenthesis is not part of the search grammar here`, 'conditions can be joined by AND only; parentheses are for lists: IN (...)');
}

export function readOperator(text: string, all: readonly Token[], i: number): { op: Operator; next: number } {
  const token = all[i];
  if (!token) throw badFilter(text, text.length, 'a comparison is missing');
  if (token.kind === 'op') return { op: token.text as Operator, next: i + 1 };
  if (isWord(token, 'LIKE')) return { op: 'LIKE', next: i + 1 };
  if (isWord(token, 'ILIKE')) return { op: 'ILIKE', next: i + 1 };
  if (isWord(token, 'IN')) return { op: 'IN', next: i + 1 };
  if (isWord(token, 'NOT') && isWord(all[i + 1], 'IN')) return { op: 'NOT IN', next: i + 2 };
  if (isWord(token, 'IS') && isWord(all[i + 1], 'NULL')) return { op: 'IS NULL', next: i + 2 };
  if (isWord(token, 'IS') && isWord(all[i + 1], 'NOT') && isWord(all[i + 2], 'NULL')) return { op: 'IS NOT NULL', next: i + 3 };
  throw badFilter(text, token.at, `'${token.text}' is not a comparison`, 'comparisons are =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL, IS NOT NULL');
}

export function readValue(text: string, all: readonly Token[], { op, at }: { op: Operator; at: number }): { value: FilterValue; next: number } {
  if (op === 'IS NULL' || op === 'IS NOT NULL') return { value: { kind: 'none' }, next: at };
  if (op === 'IN' || op === 'NOT IN') return readList(text, all, at);
  const item = readItem(text, all[at]);
  return { value: typeof item === 'number' ? { kind: 'number', number: item } : { kind: 'text', text: item }, next: at + 1 };
}

function readList(text: string, all: readonly Token[], start: number): { value: FilterValue; next: number } {
  const open = all[start];
  if (open?.text !== '(' || open.kind !== 'punct') throw badFilter(text, open?.at ?? text.length, 'a list in parentheses is missing', "write it so: attributes.run_id IN ('a', 'b')");
  const items: (string | number)[] = [];
  for (let i = start + 1; ; i += 2) {
    items.push(readItem(text, all[i]));
    const after = all[i + 1];
    if (after?.kind === 'punct' && after.text === ')') return { value: { kind: 'list', items }, next: i + 2 };
    if (after?.kind !== 'punct' || after.text !== ',') throw badFilter(text, after?.at ?? text.length, 'a comma or a closing parenthesis is missing');
    // Python writes a tuple of one as ('a',).
    const closing = all[i + 2];
    if (closing?.kind === 'punct' && closing.text === ')') return { value: { kind: 'list', items }, next: i + 3 };
  }
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const INFINITY = /^([-+]?)inf(inity)?$/i;

function readItem(text: string, token: Token | undefined): string | number {
  if (!token) throw badFilter(text, text.length, 'a value is missing');
  if (token.kind === 'string') return token.text;
  if (token.kind === 'word' && NUMBER.test(token.text)) return Number(token.text);
  const infinity = token.kind === 'word' ? INFINITY.exec(token.text) : null;
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  throw badFilter(text, token.at, `'${token.text}' stands where a value should`, "text goes in single quotes: params.model = 'tree'");
}

const typeOf = ({ entity, name }: Key): AttributeType => (entity === 'metric' ? 'number' : entity === 'attribute' && isAttribute(name) ? ATTRIBUTES[name] : 'text');
const TEXT_OPERATORS: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'];

function check(text: string, { key, op, value }: Condition, { at, anyState }: { at: number; anyState: boolean }): void {
  const type = typeOf(key);
  const items = value.kind === 'list' ? value.items : value.kind === 'text' ? [value.text] : value.kind === 'number' ? [value.number] : [];
  const numeric = type === 'number' || type === 'time';
  if (numeric) {
    if (op === 'LIKE' || op === 'ILIKE') throw badFilter(text, at, `${key.name} is a number and can't be compared with ${op}`);
    if (items.some((item) => typeof item === 'string')) throw badFilter(text, at, `${key.name} is compared with text, and it is a number`, 'write the number without quotes');
    return;
  }
  const byNumber = key.entity === 'param' && items.length > 0 && items.every((item) => typeof item === 'number') && op !== 'LIKE' && op !== 'ILIKE';
  if (byNumber) return;
  if (items.some((item) => typeof item === 'number')) throw badFilter(text, at, `${key.name} is compared with a number, and it is text`, "put the value in single quotes: 'like this'");
  if (!TEXT_OPERATORS.includes(op)) throw badFilter(text, at, `${key.name} is text and can't be compared with ${op}`, key.entity === 'param' ? 'compare it with a number, without quotes: params.lr > 0.01' : 'text can be compared with =, !=, LIKE, ILIKE, IN');
  if (type === 'state' && !anyState && op !== 'LIKE' && op !== 'ILIKE') {
    const unknown = items.find((item) => typeof item === 'string' && statesOf(item).length === 0);
    if (unknown !== undefined) throw badFilter(text, at, `'${unknown}' is no state of a run`, 'states are queued, running, finished, failed, killed, stopped, lost, or in MLflow\'s words SCHEDULED, RUNNING, FINISHED, FAILED, KILLED');
  }
}
