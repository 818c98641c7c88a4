/** A client's search in our words: times in milliseconds, the state that it was told, and no more than MLflow's own grammar takes. */
import type { Condition, Filter, OrderTerm } from '../../core/domain/filter/ast';
import { ATTRIBUTES, isAttribute } from '../../core/domain/filter/keys';
import { like } from '../../core/domain/filter/documents';
import { parseOrder } from '../../core/domain/filter/order';
import { parseFilter } from '../../core/domain/filter/parser';
import { printFilter, printOrder } from '../../core/domain/filter/print';
import { statesOf, toMlflow } from '../../core/domain/state';
import { RUN_STATES } from '../../protocol/model';
import { invalid } from './errors';

/** Throws INVALID_PARAMETER_VALUE for what MLflow's grammar doesn't have, bad_input for what no grammar has. */
export const clientFilter = (text: string): string => printFilter(parseFilter(text, { anyState: true }).flatMap(translated) satisfies Filter);

/** Newest first where nothing else is asked for, and then by id. */
export const clientOrder = (terms: readonly string[]): string[] => [...printOrder(parseOrder(terms).map(told)), 'attributes.start_time DESC', 'attributes.run_id'];

const isStatus = ({ key }: Pick<Condition, 'key'>): boolean => key.entity === 'attribute' && key.name === 'status';
const told = (term: OrderTerm): OrderTerm => (isStatus(term) ? { ...term, key: { entity: 'attribute', name: 'client_status' } } : term);

function translated(condition: Condition): Condition | [] {
  check(condition);
  if (isStatus(condition)) return ofStatus(condition);
  const { key, value } = condition;
  const time = key.entity === 'attribute' && isAttribute(key.name) && ATTRIBUTES[key.name] === 'time';
  return time && value.kind === 'number' ? { ...condition, value: { kind: 'number', number: value.number / 1000 } } : condition;
}

function check({ key, op, value }: Condition): void {
  const nulls = op === 'IS NULL' || op === 'IS NOT NULL';
  if (nulls && key.entity !== 'param' && key.entity !== 'tag') throw invalid(`Invalid comparator '${op}' for ${key.entity}s.${key.name}: it is for params and tags`);
  const lists = op === 'IN' || op === 'NOT IN';
  const listed = (key.entity === 'attribute' && key.name === 'run_id') || key.entity === 'dataset';
  if (lists && !listed) throw invalid("Only the 'run_id' attribute and datasets support comparison with a list of quoted string values");
  if (key.entity === 'param' && value.kind === 'number') throw invalid(`Expected a quoted string value for param '${key.name}', got ${value.number}: write params.${key.name} = '${value.number}'`);
}

/** A pattern is of MLflow's words, which aren't ours; a state that no run can have is met by none, or by all. */
function ofStatus({ op, value }: Condition): Condition | [] {
  const key = { entity: 'attribute', name: 'client_status' } as const;
  const asked = value.kind === 'text' ? value.text : '';
  const pattern = op === 'LIKE' || op === 'ILIKE';
  if (!pattern && statesOf(asked).length > 0) return { key, op, value };
  if (op === '!=') return [];
  const words = like(asked, op === 'ILIKE' ? 'i' : '');
  const items = pattern ? RUN_STATES.filter((state) => words.test(toMlflow(state))) : [];
  return items.length > 0 ? { key, op: 'IN', value: { kind: 'list', items } } : { key: { entity: 'attribute', name: 'run_id' }, op: 'IN', value: { kind: 'list', items: [''] } };
}
