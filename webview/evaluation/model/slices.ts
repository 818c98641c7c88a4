/** The slice table's lines: what each slice has there, in the order in which it hurts. Pure. */
import type { EvaluationDoc, FigureSet, Outcome, SliceResult, Word } from '../../../src/protocol/evaluation/result';
import { goalOf, methodTitle, ranged, type Direction } from './figures';
import { verdictWords } from './words';

export interface Gap { value: number; low: number | null; high: number | null; p: number | null; /** for a reader: which test, how many rows on the other side */ note: string; word: Word; /** the word in full, such as how many rows would tell */ said: string }
export interface SliceLine {
  /** null: all rows */
  slice: string | null;
  name: string; n: number; unscored: number;
  value: number | null; low: number | null; high: number | null; method: string;
  /** in the main figure, slice minus all other rows */
  rest: Gap | null;
  /** in the chosen figure, candidate minus baseline */
  change: Gap | null;
  harm: number | null; outcome: Outcome; owner: string;
  result: SliceResult | null;
}

const number = (record: Record<string, unknown>, key: string): number | null => (typeof record[key] === 'number' && Number.isFinite(record[key]) ? record[key] : null);
function pair(value: unknown): [number | null, number | null] {
  if (!Array.isArray(value)) return [null, null];
  const [low, high] = value as unknown[];
  return [typeof low === 'number' ? low : null, typeof high === 'number' ? high : null];
}

/** Better or worse where the whole interval says so, 'cannot tell' where it doesn't or where nobody knows which way is better. */
export function wordOf(low: number | null, high: number | null, goal: Direction): Word {
  if (low === null || high === null || goal === null) return 'cannot tell';
  if (low <= 0 && high >= 0) return low === 0 && high === 0 ? 'same' : 'cannot tell';
  return low > 0 === (goal === 'maximize') ? 'better' : 'worse';
}

/** What the reference files call `vs_rest`, as a gap in the main figure. */
export function restGap(vsRest: Record<string, unknown> | null, main: EvaluationDoc['main']): Gap | null {
  if (!vsRest) return null;
  const value = number(vsRest, `${main.metric}_diff`);
  if (value === null) return null;
  const [low, high] = pair(vsRest['newcombe95'] ?? vsRest['welch95']);
  const others = number(vsRest, 'n_rest');
  const word = wordOf(low, high, main.goal);
  return { value, low, high, p: number(vsRest, 'p_holm'), note: others === null ? '' : `against ${others.toLocaleString('en-US')} other rows`, word, said: word };
}

/** Candidate minus baseline in a figure; null where there is no baseline, or nothing paired in this figure. */
export function changeGap(of: Pick<SliceResult, 'compared'>, metric: string, doc: Pick<EvaluationDoc, 'main'>): Gap | null {
  const compared = of.compared;
  if (!compared) return null;
  const { verdict } = compared;
  const holm = number(compared.comparison, 'p_holm');
  if (metric === verdict.metric) {
    return verdict.difference === null ? null : { value: verdict.difference, low: verdict.interval?.[0] ?? null, high: verdict.interval?.[1] ?? null, p: holm ?? verdict.p, note: methodTitle(verdict.method), word: verdict.word, said: verdictWords(verdict) };
  }
  const other = compared.differences[metric];
  if (!other) return null;
  const word = wordOf(other.low, other.high, goalOf(metric, doc.main));
  return { value: other.difference, low: other.low, high: other.high, p: null, note: methodTitle(other.method), word, said: word };
}

/**
 * All rows first, then a line a slice in the order of the definition; with `part`, of that value of the split column alone: there the evaluation keeps no
 * intervals of slices (`asked` gives those that were asked for since) and nothing that they are held against. Outcomes are always of all splits.
 */
export function sliceLines(doc: EvaluationDoc, metric: string, part: string | null = null, asked: (slice: string) => FigureSet['intervals'] = () => ({})): SliceLine[] {
  const split = part === null ? undefined : doc.splits[part];
  const all: SliceLine = {
    slice: null, name: 'all rows', n: (split?.overall ?? doc.overall).figures.n, unscored: split ? 0 : doc.unscored.count, ...ranged(split?.overall ?? doc.overall, metric),
    rest: null, change: split ? null : changeGap(doc.overall, metric, doc), harm: null, outcome: worst(doc.overall.checks.map((check) => check.outcome)), owner: '', result: null,
  };
  return [all, ...doc.slices.map((result): SliceLine => {
    const own = split ? { figures: split.slices[result.name] ?? { n: 0 }, intervals: asked(result.name) } : result;
    return {
      slice: result.name, name: result.name, n: own.figures.n, unscored: split ? 0 : result.unscored, ...ranged(own, metric),
      rest: split ? null : restGap(result.vs_rest, doc.main), change: split ? null : changeGap(result, metric, doc),
      harm: split ? null : result.harm, outcome: result.outcome, owner: result.spec.owner ?? '', result,
    };
  })];
}

/** The worst of them; nothing to check is a pass. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return outcomes.includes('fail') ? 'fail' : outcomes.includes('cannot tell') ? 'cannot tell' : 'pass';
}

export const sliceKeys = ['name', 'n', 'value', 'interval', 'rest', 'change', 'trend', 'harm', 'outcome', 'owner'] as const;
export type SliceKey = (typeof sliceKeys)[number];
/** Which way a column is sorted first: the worst on top. */
export const descendingFirst = (key: string, goal: Direction): boolean => key === 'harm' || key === 'n' || ((key === 'value' || key === 'rest' || key === 'change') && goal === 'minimize');

const places: Record<Outcome, number> = { fail: 0, 'cannot tell': 1, pass: 2 };
function keyOf(line: SliceLine, key: string): number | string | null {
  switch (key) {
    case 'name': return line.name.toLowerCase();
    case 'owner': return line.owner.toLowerCase() || null;
    case 'n': return line.n;
    case 'value': case 'trend': return line.value;
    case 'interval': return line.low === null || line.high === null ? null : line.high - line.low;
    case 'rest': return line.rest?.value ?? null;
    case 'change': return line.change?.value ?? null;
    case 'outcome': return places[line.outcome];
    default: return line.harm;
  }
}

/** Sorted; equal ones keep their order; what has nothing there comes last, whichever way it is sorted; all rows stay first. */
export function sortLines(lines: readonly SliceLine[], sort: { key: string; descending: boolean }): SliceLine[] {
  const sign = sort.descending ? -1 : 1;
  return [...lines].sort((a, b) => {
    if (a.slice === null || b.slice === null) return (a.slice === null ? 0 : 1) - (b.slice === null ? 0 : 1);
    const [one, other] = [keyOf(a, sort.key), keyOf(b, sort.key)];
    if (one === null || other === null) return (one === null ? 1 : 0) - (other === null ? 1 : 0);
    return one === other ? 0 : (one < other ? -1 : 1) * sign;
  });
}

/** Those whose name, predicate, owner, note or outcome holds every word; all rows always. */
export function filterLines(lines: readonly SliceLine[], text: string): SliceLine[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...lines];
  return lines.filter(({ slice, name, owner, outcome, result }) => {
    const said = [name, owner, outcome, result?.spec.where ?? '', result?.spec.tagger ?? '', result?.spec.note ?? ''].join(' ').toLowerCase();
    return slice === null || words.every((word) => said.includes(word));
  });
}
