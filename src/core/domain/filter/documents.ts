/**
 * MLflow's search grammar over things that aren't runs: experiments, models, versions, traces. They are few enough to be looked at one
 * by one, so conditions are tested here. Source: mlflow.utils.search_utils (SearchExperimentsUtils, SearchModelUtils, SearchTraceUtils ...).
 */
import type { FilterValue, Operator } from './ast';
import { badFilter, tokens, type Token } from './lexer';
import { readAnd, readOperator, readValue, refuseParenthesis } from './parser';

export type FieldType = 'text' | 'number';
/** What a search may name: attributes by name, and prefixes (`tags.`, `metrics.`) with the entity they mean and its type. */
export interface Grammar {
  attributes: Readonly<Record<string, FieldType>>;
  prefixes: Readonly<Record<string, { entity: string; type: FieldType }>>;
  /** numbers may stand in quotes */
  quotedNumbers?: boolean;
  /** attributes that may be ordered by; absent: all of them */
  orderable?: readonly string[];
}
export interface DocumentKey { entity: string; name: string; type: FieldType }
export interface DocumentCondition { key: DocumentKey; op: Operator; value: FilterValue }
export interface DocumentOrder { key: DocumentKey; descending: boolean }
/** A document's value under a key; undefined where it has none. */
export type Lookup = (key: DocumentKey) => string | number | undefined;

/** Throws bad_input that names the position. */
export function parseDocumentFilter(text: string, grammar: Grammar): DocumentCondition[] {
  const all = tokens(text);
  const found: DocumentCondition[] = [];
  for (let i = 0; i < all.length;) {
    if (found.length > 0) i = readAnd(text, all, i);
    refuseParenthesis(text, all[i]);
    const at = all[i]?.at ?? 0;
    const { key, next } = readDocumentKey(text, all, { i, grammar });
    const { op, next: afterOp } = readOperator(text, all, next);
    const { value: read, next: after } = readValue(text, all, { op, at: afterOp });
    const value = grammar.quotedNumbers && key.type === 'number' && read.kind === 'text' && /^-?\d+(\.\d+)?$/.test(read.text) ? { kind: 'number' as const, number: Number(read.text) } : read;
    check(text, { key, op, value }, at);
    found.push({ key, op, value });
    i = after;
  }
  return found;
}

/** Each text is one term; DESC or ASC may follow its key. Throws bad_input. */
export function parseDocumentOrder(terms: readonly string[], grammar: Grammar): DocumentOrder[] {
  return terms.map((text) => {
    const all = tokens(text);
    const { key, next } = readDocumentKey(text, all, { i: 0, grammar });
    const word = all[next];
    const way = word?.kind === 'word' ? word.text.toUpperCase() : '';
    if (word && way !== 'ASC' && way !== 'DESC') throw badFilter(text, word.at, `'${word.text}' is neither ASC nor DESC`, 'an order looks like: name DESC');
    const extra = all[next + 1];
    if (extra) throw badFilter(text, extra.at, `'${extra.text}' stands after the end of the order`, 'an order looks like: name DESC');
    if (grammar.orderable && !(key.entity === 'attribute' && grammar.orderable.includes(key.name))) {
      throw badFilter(text, 0, `can't be ordered by '${key.name}'`, `it can be ordered by ${grammar.orderable.join(', ')}`);
    }
    return { key, descending: way === 'DESC' };
  });
}

interface KeyPlace { i: number; grammar: Grammar }

function readDocumentKey(text: string, all: readonly Token[], { i, grammar }: KeyPlace): { key: DocumentKey; next: number } {
  const { name, at, next } = readName(text, all, i);
  return { key: resolve(text, at, { name, grammar }), next };
}

/** A key's whole name that begins at token `i`, its part in quotes with what stands before them, and the token after it. */
export function readName(text: string, all: readonly Token[], i: number): { name: string; at: number; next: number } {
  const token = all[i];
  if (!token) throw badFilter(text, text.length, 'a key is missing');
  if (token.kind !== 'word' && token.kind !== 'name' && !token.double) throw badFilter(text, token.at, `'${token.text}' stands where a key should`);
  const following = all[i + 1];
  const joined = token.kind === 'word' && token.text.endsWith('.') && following?.at === token.end && (following.kind === 'name' || following.double);
  return { name: joined ? token.text + following.text : token.text, at: token.at, next: i + (joined ? 2 : 1) };
}

function resolve(text: string, at: number, { name, grammar }: { name: string; grammar: Grammar }): DocumentKey {
  const dot = name.indexOf('.');
  const before = dot > 0 ? name.slice(0, dot).toLowerCase() : '';
  const prefix = Object.hasOwn(grammar.prefixes, before) ? grammar.prefixes[before] : undefined;
  if (prefix) {
    if (dot === name.length - 1) throw badFilter(text, at, `'${name}' names no key`);
    return { ...prefix, name: name.slice(dot + 1) };
  }
  const attribute = ['attribute', 'attributes', 'attr'].includes(before) ? name.slice(dot + 1) : name;
  const type = Object.hasOwn(grammar.attributes, attribute) ? grammar.attributes[attribute] : undefined;
  if (type) return { entity: 'attribute', name: attribute, type };
  const known = [...Object.keys(grammar.attributes), ...Object.keys(grammar.prefixes).map((one) => `${one}.KEY`)];
  throw badFilter(text, at, `Invalid attribute key '${attribute}' specified`, `valid keys are ${known.join(', ')}`);
}

function check(text: string, { key, op, value }: DocumentCondition, at: number): void {
  const items = value.kind === 'list' ? value.items : value.kind === 'text' ? [value.text] : value.kind === 'number' ? [value.number] : [];
  if (key.type === 'number') {
    if (op === 'LIKE' || op === 'ILIKE') throw badFilter(text, at, `${key.name} is a number and can't be compared with ${op}`);
    if (items.some((item) => typeof item === 'string')) throw badFilter(text, at, `${key.name} is compared with text, and it is a number`, 'write the number without quotes');
    return;
  }
  if (items.some((item) => typeof item === 'number')) throw badFilter(text, at, `${key.name} is compared with a number, and it is text`, "put the value in single quotes: 'like this'");
  if (['<', '<=', '>', '>='].includes(op)) throw badFilter(text, at, `${key.name} is text and can't be compared with ${op}`, 'text can be compared with =, !=, LIKE, ILIKE, IN');
}

/** Whether a document meets all conditions. One without the key meets IS NULL alone. */
export const matches = (conditions: readonly DocumentCondition[], look: Lookup): boolean => conditions.every((condition) => meets(condition, look(condition.key)));

function meets({ op, value }: DocumentCondition, found: string | number | undefined): boolean {
  if (op === 'IS NULL') return found === undefined;
  if (op === 'IS NOT NULL') return found !== undefined;
  if (found === undefined) return false;
  if (value.kind === 'list') return value.items.includes(found) === (op === 'IN');
  const wanted = value.kind === 'text' ? value.text : value.kind === 'number' ? value.number : '';
  switch (op) {
    case '=': return found === wanted;
    case '!=': return found !== wanted;
    case '<': return found < wanted;
    case '<=': return found <= wanted;
    case '>': return found > wanted;
    case '>=': return found >= wanted;
    case 'LIKE': return like(String(wanted), '').test(String(found));
    case 'ILIKE': return like(String(wanted), 'i').test(String(found));
    default: return false;
  }
}

/** % is any text, _ any one character. */
export const like = (pattern: string, flags: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '[\\s\\S]*').replaceAll('_', '[\\s\\S]')}$`, flags);

/** Compares two documents by the terms; what lacks a key comes last either way. 0 where they are equal in all. */
export function compareDocuments(order: readonly DocumentOrder[], a: Lookup, b: Lookup): number {
  for (const { key, descending } of order) {
    const [left, right] = [a(key), b(key)];
    if (left === right) continue;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    if (typeof left === 'number' && typeof right === 'number' && (Number.isNaN(left) || Number.isNaN(right))) {
      if (Number.isNaN(left) && Number.isNaN(right)) continue;
      return Number.isNaN(left) ? 1 : -1;
    }
    return (left < right ? -1 : 1) * (descending ? -1 : 1);
  }
  return 0;
}
