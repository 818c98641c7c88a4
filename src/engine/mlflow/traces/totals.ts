/** Tokens and cost of a whole trace, from its spans. Source: mlflow.tracing.utils._aggregate_from_nodes, mlflow.store.tracking.utils.trace_analytics. */
import { SPAN_KEYS, attributeOf, type SpanRecord } from '../../../core/domain/trace';
import { parseText } from './values';

const TOKENS = ['input_tokens', 'output_tokens', 'total_tokens'];
const CACHE_TOKENS = ['cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation_input_tokens_above_1hr'];
const COSTS = ['input_cost', 'output_cost', 'total_cost'];

type Counts = Record<string, number>;

/**
 * Sums what spans say under `attribute`. A span whose ancestor says it too isn't counted: some frameworks write the sum of the children on
 * their parent. The keys are always there, those of `optional` where a span has them; null where no span says anything.
 */
function total(spans: readonly SpanRecord[], attribute: string, keys: { always: readonly string[]; optional: readonly string[] }): Counts | null {
  const said = new Map(spans.map((span) => [span.span_id, countsOf(attributeOf(span, attribute))]));
  if (![...said.values()].some((one) => one !== null)) return null;
  const children = new Map<string, string[]>();
  /** Spans to look at, and whether one above them said something. Without recursion: traces can be thousands deep. */
  const stack: { id: string; covered: boolean }[] = [];
  for (const { span_id: id, parent_span_id: parent } of spans) {
    if (parent === null || !said.has(parent)) stack.push({ id, covered: false });
    else (children.get(parent) ?? newList(children, parent)).push(id);
  }
  const sum: Counts = Object.fromEntries(keys.always.map((key) => [key, 0]));
  for (let at = stack.pop(); at; at = stack.pop()) {
    const counts = said.get(at.id) ?? null;
    if (counts && !at.covered) {
      for (const key of keys.always) sum[key] = (sum[key] ?? 0) + (counts[key] ?? 0);
      for (const key of keys.optional) if (counts[key] !== undefined) sum[key] = (sum[key] ?? 0) + counts[key];
    }
    const covered = at.covered || counts !== null;
    for (const id of children.get(at.id) ?? []) stack.push({ id, covered });
  }
  return sum;
}

const newList = (lists: Map<string, string[]>, key: string): string[] => { const list: string[] = []; lists.set(key, list); return list; };

function countsOf(value: unknown): Counts | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1])));
}

const print = (counts: Counts, float: boolean): string => `{${Object.entries(counts).map(([key, value]) => `"${key}": ${float && Number.isInteger(value) ? `${value}.0` : value}`).join(', ')}}`;

/** As the trace's metadata have them; null where no span says anything. */
export function usageOf(spans: readonly SpanRecord[]): string | null {
  const sum = total(spans, SPAN_KEYS.usage, { always: TOKENS, optional: CACHE_TOKENS });
  return sum && canonicalUsage(print(sum, false));
}
export function costOf(spans: readonly SpanRecord[]): string | null {
  const sum = total(spans, SPAN_KEYS.cost, { always: COSTS, optional: [] });
  return sum && print(sum, true);
}

/** What a client says of tokens or cost, in the one form that is kept: known keys in their order, no others; null where nothing is left. */
export const canonicalUsage = (text: string): string | null => canonical(text, { keys: [...TOKENS, ...CACHE_TOKENS], float: false });
export const canonicalCost = (text: string): string | null => canonical(text, { keys: COSTS, float: true });

function canonical(text: string, { keys, float }: { keys: readonly string[]; float: boolean }): string | null {
  const counts = countsOf(parseText(text));
  if (!counts) return null;
  const kept = keys.flatMap((key) => (counts[key] === undefined || (!float && !Number.isInteger(counts[key])) ? [] : [[key, counts[key]] as const]));
  return kept.length === 0 ? null : print(Object.fromEntries(kept), float);
}
