/**
 * MLflow's search grammar over traces: attributes of the trace, its tags and metadata, its spans, and what was thought of it. Conditions are
 * joined by AND. Source: mlflow.utils.search_utils.SearchTraceUtils.
 */
import type { FilterValue, Operator } from '../../../core/domain/filter/ast';
import { badFilter, tokens, type Token } from '../../../core/domain/filter/lexer';
import { readAnd, readOperator, readValue, refuseParenthesis } from '../../../core/domain/filter/parser';
import { TRACE_KEYS } from '../../../core/domain/trace';

export type TraceEntity = 'attribute' | 'tag' | 'metadata' | 'span' | 'feedback' | 'expectation' | 'issue';
export type TraceOperator = Operator | 'RLIKE';
export interface TraceKey { entity: TraceEntity; name: string }
export interface TraceCondition { key: TraceKey; op: TraceOperator; value: FilterValue }
export interface TraceOrder { key: TraceKey; descending: boolean }

const ENTITIES: Readonly<Record<string, TraceEntity>> = {
  tag: 'tag', tags: 'tag', attribute: 'attribute', attributes: 'attribute', trace: 'attribute', metadata: 'metadata', request_metadata: 'metadata',
  span: 'span', feedback: 'feedback', expectation: 'expectation', issue: 'issue',
};
/** Attributes by the names that they go by. */
const ATTRIBUTES: Readonly<Record<string, TraceKey>> = {
  request_id: { entity: 'attribute', name: 'request_id' }, client_request_id: { entity: 'attribute', name: 'client_request_id' }, status: { entity: 'attribute', name: 'status' },
  timestamp: { entity: 'attribute', name: 'timestamp_ms' }, timestamp_ms: { entity: 'attribute', name: 'timestamp_ms' },
  execution_time: { entity: 'attribute', name: 'execution_time_ms' }, execution_time_ms: { entity: 'attribute', name: 'execution_time_ms' },
  end_time: { entity: 'attribute', name: 'end_time_ms' }, end_time_ms: { entity: 'attribute', name: 'end_time_ms' },
  name: { entity: 'tag', name: TRACE_KEYS.name }, run_id: { entity: 'metadata', name: TRACE_KEYS.run }, prompt: { entity: 'tag', name: TRACE_KEYS.prompts }, text: { entity: 'span', name: 'content' },
};
const ORDERED: Readonly<Record<string, TraceKey>> = {
  ...Object.fromEntries(Object.entries(ATTRIBUTES).filter(([name]) => !['client_request_id', 'prompt', 'text'].includes(name))), experiment_id: { entity: 'attribute', name: 'experiment_id' },
};
const NUMBERS = ['timestamp_ms', 'execution_time_ms', 'end_time_ms'];

const TEXT: readonly TraceOperator[] = ['=', '!=', 'LIKE', 'ILIKE', 'RLIKE'];
const PRESENCE: readonly TraceOperator[] = ['IS NULL', 'IS NOT NULL'];
const NUMERIC: readonly TraceOperator[] = ['=', '!=', '<', '<=', '>', '>='];

/** Throws bad_input that names the position. */
export function parseTraceFilter(text: string): TraceCondition[] {
  const all = tokens(text);
  const found: TraceCondition[] = [];
  for (let i = 0; i < all.length;) {
    if (found.length > 0) i = readAnd(text, all, i);
    refuseParenthesis(text, all[i]);
    const at = all[i]?.at ?? 0;
    const { key, next } = readKey(text, all, { i, names: ATTRIBUTES });
    const { op, next: afterOp } = readTraceOperator(text, all, next);
    const { value, next: after } = op === 'RLIKE' ? readValue(text, all, { op: '=', at: afterOp }) : readValue(text, all, { op, at: afterOp });
    check(text, { key, op, value }, at);
    found.push({ key, op, value });
    i = after;
  }
  return found;
}

/** Each text is one term; DESC or ASC may follow its key. Throws bad_input. */
export function parseTraceOrder(terms: readonly string[]): TraceOrder[] {
  const orders = terms.map((text): TraceOrder => {
    const all = tokens(text);
    const { key, next } = readKey(text, all, { i: 0, names: ORDERED });
    if (!['attribute', 'tag', 'metadata'].includes(key.entity)) throw badFilter(text, 0, `Invalid identifier type '${key.entity}'`, 'traces are ordered by attributes, tags and metadata');
    const word = all[next];
    const way = word?.kind === 'word' ? word.text.toUpperCase() : '';
    if ((word && way !== 'ASC' && way !== 'DESC') || all[next + 1]) throw badFilter(text, word?.at ?? 0, `Invalid order_by clause '${text}'`, 'an order looks like: timestamp_ms DESC');
    return { key, descending: way === 'DESC' };
  });
  const seen = new Set<string>();
  for (const { key } of orders) {
    const id = `${key.entity} ${key.name}`;
    if (seen.has(id)) throw badFilter(terms.join(', '), 0, `\`order_by\` contains duplicate fields: ${key.name}`, 'name each field once');
    seen.add(id);
  }
  return orders;
}

function readTraceOperator(text: string, all: readonly Token[], i: number): { op: TraceOperator; next: number } {
  const token = all[i];
  if (token?.kind === 'word' && token.text.toUpperCase() === 'RLIKE') return { op: 'RLIKE', next: i + 1 };
  return readOperator(text, all, i);
}

interface Place { i: number; names: Readonly<Record<string, TraceKey>> }

function readKey(text: string, all: readonly Token[], { i, names }: Place): { key: TraceKey; next: number } {
  const token = all[i];
  if (!token) throw badFilter(text, text.length, 'a key is missing');
  if (token.kind !== 'word' && token.kind !== 'name' && !token.double) throw badFilter(text, token.at, `'${token.text}' stands where a key should`);
  const following = all[i + 1];
  const joined = token.kind === 'word' && token.text.endsWith('.') && following?.at === token.end && (following.kind === 'name' || following.double);
  const name = joined ? token.text + following.text : token.text;
  return { key: keyOf(text, token.at, { name, names }), next: i + (joined ? 2 : 1) };
}

function keyOf(text: string, at: number, { name, names }: { name: string; names: Place['names'] }): TraceKey {
  const dot = name.indexOf('.');
  const before = dot < 0 ? 'attribute' : name.slice(0, dot);
  const entity = Object.hasOwn(ENTITIES, before) ? ENTITIES[before] : undefined;
  if (!entity) throw badFilter(text, at, `Invalid entity type '${before}'`, `valid ones are ${Object.keys(ENTITIES).join(', ')}`);
  const key = dot < 0 ? name : name.slice(dot + 1);
  if (key === '') throw badFilter(text, at, `'${name}' names no key`);
  if (entity === 'attribute') {
    const known = Object.hasOwn(names, key) ? names[key] : undefined;
    if (known) return known;
    throw badFilter(text, at, `Invalid attribute key '${key}' specified`, `valid keys are ${Object.keys(names).join(', ')}`);
  }
  if (entity === 'span' && !['name', 'type', 'status', 'content'].includes(key) && !/^attributes\../.test(key)) throw badFilter(text, at, `Invalid span attribute '${key}'`, 'supported ones are name, status, type, attributes.NAME');
  if (entity === 'issue' && key !== 'id') throw badFilter(text, at, `Invalid issue attribute '${key}'`, 'the supported one is id');
  return { entity, name: key };
}

/** Which comparisons a key allows. */
function operatorsOf({ entity, name }: TraceKey): readonly TraceOperator[] {
  switch (entity) {
    case 'attribute': return NUMBERS.includes(name) ? NUMERIC : [...TEXT, 'IN', 'NOT IN'];
    case 'tag': return name === TRACE_KEYS.prompts ? ['='] : [...TEXT, ...PRESENCE];
    case 'metadata': return name === TRACE_KEYS.usage || name === TRACE_KEYS.cost ? ['=', '!=', ...PRESENCE] : [...TEXT, ...PRESENCE];
    case 'span': return name === 'content' ? ['LIKE', 'ILIKE'] : [...TEXT, 'IN', 'NOT IN'];
    case 'issue': return ['='];
    default: return [...TEXT, ...PRESENCE, '<', '<=', '>', '>='];
  }
}

function check(text: string, { key, op, value }: TraceCondition, at: number): void {
  const allowed = operatorsOf(key);
  const label = `${key.entity}.${key.name}`;
  if (!allowed.includes(op)) throw badFilter(text, at, `Invalid comparator '${op}' for ${label}`, `it can be compared with ${allowed.join(', ')}`);
  const items = value.kind === 'list' ? value.items : value.kind === 'text' ? [value.text] : value.kind === 'number' ? [value.number] : [];
  const numeric = (key.entity === 'attribute' && NUMBERS.includes(key.name)) || ((key.entity === 'feedback' || key.entity === 'expectation') && ['<', '<=', '>', '>='].includes(op));
  if (numeric && items.some((item) => typeof item === 'string')) throw badFilter(text, at, `Expected a numeric value for ${label}`, 'write the number without quotes');
  if (!numeric && items.some((item) => typeof item === 'number')) throw badFilter(text, at, `Expected a quoted string value for ${label} (e.g. 'my-value')`, "put the value in single quotes: 'like this'");
  if (key.name === TRACE_KEYS.prompts && value.kind === 'text' && value.text.split('/').length !== 2) throw badFilter(text, at, `Invalid prompts filter value '${value.text}'`, 'expected format: prompt = "name/version"');
  if (op === 'RLIKE' && value.kind === 'text' && patternOf(value.text) === null) throw badFilter(text, at, `'${value.text}' is no regular expression`);
}

/** Null where it is none. */
export function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(text);
  } catch {
    return null; // not a pattern: the caller says so
  }
}
