/**
 * Metrics in what a command prints: `epoch 3 loss=0.41 acc: 0.9`. Conservative: `key=value` and `key: value` with plain
 * numbers only, so that times, dates, addresses, paths, versions and sentences aren't taken for metrics.
 */
import { compilePattern } from '../config/patterns';

/** What one line says: NaN and infinities are kept. `step` is absent where neither the line nor a count gives one. */
export interface Picked { step: number; metrics: Record<string, number> }
export interface Picker {
  /** Null where the line says no metric. Lines without a step are counted, from 0, for each metric. */
  pick(line: string): Picked[];
  /** What is wrong with the person's own patterns, one sentence each. */
  problems: readonly string[];
}

/** Longer lines are cut: nobody prints a metric behind column 4,000, and a pattern must not run over a megabyte. */
const LONGEST_LINE = 4000;
 
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|NaN|inf|Inf|infinity|Infinity)`;
const KEY = String.raw`[A-Za-z_][\w/@.]*(?:-\w+)*`;
const SPLIT = 'train|training|val|valid|validation|dev|test|eval|best|avg|mean';
/** After `key=number`: an end, a space, or closing punctuation; a comma, but not that of 11,689,512. */
const END_EQUALS = String.raw`(?=%?(?:$|\s|[;|)\]}]|,(?!\d)|\.(?:\s|$)))`;
/** After `key: number` a plain word would make it a sentence ("Warning: 3 fits failed"), so what may follow is told. */
const END_COLON = String.raw`(?=%?\s*(?:$|[;|)\]}]|,(?!\d)|\.\s*$|\s-+\s|\s(?:(?:${SPLIT})\s)?${KEY}\s?(?:=|:\s)))`;
const PAIR = new RegExp(String.raw`(?<![\w./:\\@-])(?:(?<split>${SPLIT})\s)?(?<key>${KEY})(?:\s?=\s?(?<a>${NUMBER})${END_EQUALS}|\s?:\s+(?<b>${NUMBER})${END_COLON})`, 'gi');
const STEP = /(?<![\w./-])(epoch|global[_ ]step|step|iter(?:ation)?|batch)s?\b\s*[:=#[(]?\s*(\d+)(?:\s*\/\s*(\d+))?/gi;
/** Words before a number that are never a metric. */
const NOT_METRICS = new Set(['epoch', 'epochs', 'step', 'steps', 'global_step', 'iter', 'iteration', 'batch', 'version', 'port', 'pid', 'line', 'seed', 'python', 'cuda', 'rank', 'world_size', 'date', 'year', 'id', 'job', 'http', 'https']);

/** A line as a terminal would show it at its end: no colours, and of a progress bar's states the last. */
export function plainLine(line: string): string {
  const states = line.replace(ANSI, '').split('\r').filter((state) => state.trim() !== '');
  return (states.at(-1) ?? '').slice(0, LONGEST_LINE);
}

/** A picker for the lines of one output, in order. Patterns are the person's own; invalid ones are left out and told. */
export function createPicker(patterns: readonly string[] = []): Picker {
  const compiled = patterns.map((text) => ({ text, ...compilePattern(text) }));
  const own = compiled.flatMap((one) => (one.ok ? [one.pattern] : []));
  const problems = compiled.flatMap((one) => (one.ok ? [] : [`output pattern ${one.text}: ${one.problem}`]));
  const counted = new Map<string, number>();
  return {
    problems,
    pick(line) {
      const text = plainLine(line);
      if (!/\d|nan|inf/i.test(text)) return [];
      const found = new Map<string, { value: number; step: number | null }>();
      for (const pattern of own) ownMatches(text, pattern, found);
      plainMatches(text, found);
      if (found.size === 0) return [];
      const said = stepOf(text);
      const steps = new Map<number, Record<string, number>>();
      for (const [key, { value, step }] of found) {
        const at = step ?? said ?? counted.get(key) ?? 0;
        counted.set(key, at + 1);
        const metrics = steps.get(at) ?? {};
        metrics[key] = value;
        steps.set(at, metrics);
      }
      return [...steps].map(([step, metrics]) => ({ step, metrics }));
    },
  };
}

type Found = Map<string, { value: number; step: number | null }>;

function ownMatches(text: string, pattern: RegExp, found: Found): void {
  for (const match of text.matchAll(pattern)) {
    const { key, value, step } = match.groups ?? {};
    const number = toNumber(value ?? '');
    if (!key || number === null || found.has(key)) continue;
    found.set(key, { value: number, step: step !== undefined && /^\d+$/.test(step) ? Number(step) : null });
  }
}

function plainMatches(text: string, found: Found): void {
  for (const match of text.matchAll(PAIR)) {
    const { split, key = '', a, b } = match.groups ?? {};
    const number = toNumber(a ?? b ?? '');
    if (number === null || NOT_METRICS.has(key.toLowerCase()) || key.endsWith('.')) continue;
    const name = split ? `${split}_${key}` : key;
    if (!found.has(name)) found.set(name, { value: number, step: null });
  }
}

function toNumber(text: string): number | null {
  const lower = text.toLowerCase();
  if (/^[-+]?nan$/.test(lower)) return NaN;
  if (/^[-+]?inf(inity)?$/.test(lower)) return lower.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}

/** The finest step a line says; "epoch 2, step 5/100" counts on over the epochs. */
function stepOf(text: string): number | null {
  const words = new Map<string, { at: number; of: number | null }>();
  for (const match of text.matchAll(STEP)) {
    const word = (match[1] ?? '').toLowerCase().replace(' ', '_').replace('iteration', 'iter');
    if (!words.has(word)) words.set(word, { at: Number(match[2]), of: match[3] === undefined ? null : Number(match[3]) });
  }
  const global = words.get('global_step');
  if (global) return safe(global.at);
  const epoch = words.get('epoch');
  const fine = words.get('step') ?? words.get('iter') ?? words.get('batch');
  if (fine && epoch) return safe(fine.of === null ? (words.has('step') || words.has('iter') ? fine.at : epoch.at) : epoch.at * fine.of + fine.at);
  return safe((fine ?? epoch)?.at ?? null);
}
const safe = (step: number | null): number | null => (step !== null && Number.isSafeInteger(step) ? step : null);
