/**
 * MLflow's search grammar over traces: attributes of the trace, its tags and metadata, its spans, and what was thought of it. Conditions are
 * joined by AND. Source: mlflow.utils.search_utils.SearchTraceUtils.
 */
import type { FilterValue, Operator } from '../../../core/domain/filter/ast';
import { RunyardError } from '../../../core/base/errors';
import { badFilter, tokens, type Token } from '../../../core/domain/filter/lexer';
import { readName } from '../../../core/domain/filter/documents';
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

/** Throws bad_input that names the position, in words that MLflow's clients know. */
export function parseTraceFilter(text: string): TraceCondition[] {
  try {
    return readConditions(text);
  } catch (error) {
    if (error instanceof Fault || !(error instanceof RunyardError)) throw error;
    throw new RunyardError('bad_input', `Invalid clause(s) in filter string: ${error.message}`, error.hint, { cause: error });
  }
}

/** A clause that can be read and isn't allowed: what MLflow says of it, and where it is. */
class Fault extends RunyardError {
  constructor(message: string, text: string, at: number) { super('bad_input', message, `at character ${at + 1} of ${text}`); }
}

function readConditions(text: string): TraceCondition[] {
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
    if (!['attribute', 'tag', 'metadata'].includes(key.entity)) throw new Fault(`Invalid identifier type '${key.entity}'. Traces are ordered by attributes, tags and metadata`, text, 0);
    const word = all[next];
    const way = word?.kind === 'word' ? word.text.toUpperCase() : '';
    if ((word && way !== 'ASC' && way !== 'DESC') || all[next + 1]) throw new Fault(`Invalid order_by clause '${text}'. An order looks like: timestamp_ms DESC`, text, word?.at ?? 0);
    return { key, descending: way === 'DESC' };
  });
  const seen = new Set<string>();
  for (const { key } of orders) {
    const id = `${key.entity} ${key.name}`;
    if (seen.has(id)) throw new Fault(`\`order_by\` contains duplicate fields: ${key.name}`, terms.join(', '), 0);
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
  const { name, at, next } = readName(text, all, i);
  return { key: keyOf(text, at, { name, names }), next };
}

function keyOf(text: string, at: number, { name, names }: { name: string; names: Place['names'] }): TraceKey {
  const dot = name.indexOf('.');
  const before = dot < 0 ? 'attribute' : name.slice(0, dot);
  const entity = Object.hasOwn(ENTITIES, before) ? ENTITIES[before] : undefined;
  if (!entity) throw new Fault(`Invalid entity type '${before}'. Valid values are ${Object.keys(ENTITIES).join(', ')}`, text, at);
  const key = dot < 0 ? name : name.slice(dot + 1);
  if (key === '') throw badFilter(text, at, `'${name}' names no key`);
  if (entity === 'attribute') {
    const known = Object.hasOwn(names, key) ? names[key] : undefined;
    if (known) return known;
    throw new Fault(`Invalid attribute key '${key}' specified. Valid keys are ${Object.keys(names).join(', ')}`, text, at);
  }
  if (entity === 'span' && !['name', 'type', 'status', 'content'].includes(key) && !/^attributes\../.test(key)) {
    throw new Fault(`Invalid span attribute '${key}'. Supported attributes: name, status, type, attributes.<attribute_name>.`, text, at);
  }
  if (entity === 'issue' && key !== 'id') throw new Fault(`Invalid issue attribute '${key}'. Supported attributes: id`, text, at);
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
  if (!allowed.includes(op)) throw new Fault(comparatorFault(key, op, allowed), text, at);
  const items = value.kind === 'list' ? value.items : value.kind === 'text' ? [value.text] : value.kind === 'number' ? [value.number] : [];
  const numeric = (key.entity === 'attribute' && NUMBERS.includes(key.name)) || ((key.entity === 'feedback' || key.entity === 'expectation') && ['<', '<=', '>', '>='].includes(op));
  const odd = items.find((item) => (typeof item === 'string') === numeric);
  if (odd !== undefined) throw new Fault(numeric ? `Expected a numeric value for ${key.entity} ${key.name}. Got value '${odd}'` : `Expected a quoted string value for ${key.entity} (e.g. 'my-value'). Got value ${odd}`, text, at);
  if (key.name === TRACE_KEYS.prompts && value.kind === 'text' && value.text.split('/').length !== 2) throw new Fault(`Invalid prompts filter value '${value.text}'. Expected format: prompt = "name/version"`, text, at);
  if (op === 'RLIKE' && value.kind === 'text' && patternOf(value.text) === null) throw new Fault(`'${value.text}' is no regular expression`, text, at);
}

function comparatorFault({ entity, name }: TraceKey, op: TraceOperator, allowed: readonly TraceOperator[]): string {
  const others = `not one of '${allowed.join(', ')}'`;
  if (name === TRACE_KEYS.prompts) return `Invalid comparator '${op}' for prompts filter. Only '=' is supported with format: prompt = "name/version"`;
  if (entity === 'metadata' && !allowed.includes('LIKE')) return `Comparator '${op}' is not supported for reserved metadata '${name}'. Only '=', '!=', 'IS NULL', and 'IS NOT NULL' are supported.`;
  if (entity === 'tag' || entity === 'metadata' || entity === 'attribute') return `Invalid comparator '${op}' ${others}`;
  return `${entity === 'span' || entity === 'issue' ? entity : 'assessment'}.${name} comparator '${op}' ${others}`;
}

/** Null where it is none. */
export function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(text);
  } catch {
    return null; // not a pattern: the caller says so
  }
}
