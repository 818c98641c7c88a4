/** Gates as people write them in runyard.yaml: `{ metric: accuracy, min: 0.9 }`, `approval: 2`, `pinned`. Made whole, and refused where they can't be understood. */
import { isMap } from 'yaml';
import { nearest } from '../base/nearest';
import type { YamlPath } from './positions';
import { valueAt, type Reading } from './reading';
import { gateConfig, type GateConfig } from './registry';

type Kind = GateConfig['gate'];
const PARTS: ReadonlyMap<string, readonly string[]> = new Map(gateConfig.options.map(({ shape }) => [shape.gate.value, Object.keys(shape)]));
export const GATES = gateConfig.options.map(({ shape }) => shape.gate.value);

/** What `KIND: VALUE` says where `gate:` is left out. */
const SHORT: Readonly<Record<Kind, string | null>> = {
  metric: 'metric', change: 'min', slices: 'maxWorsening', pinned: null, latency: 'p95', size: 'max', drift: 'recent', age: 'days', reproducible: null, rule: 'command', card: 'sections', feedback: 'min', approval: 'people',
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface WholeGate { kind: string | null; value: Record<string, unknown>; /** the part that KIND: VALUE stands for, and the key under which it was written */ short: { part: string; key: string } | null }

/** The gate with its kind under `gate`. `kind` is null where nothing says which it is. Pure. */
export function wholeGate(said: unknown): WholeGate {
  if (typeof said === 'string') return { kind: said, value: { gate: said }, short: null };
  if (!isRecord(said)) return { kind: null, value: {}, short: null };
  if ('gate' in said) return { kind: typeof said['gate'] === 'string' ? said['gate'] : String(said['gate']), value: said, short: null };
  // `change: 0.01` may name a metric, and `metric: recall` nothing else: the other word counts.
  const kinds = GATES.filter((kind) => kind in said);
  const key = kinds.find((kind) => kind !== 'metric') ?? kinds[0];
  if (key === undefined) return { kind: null, value: said, short: null };
  const { [key]: value, ...rest } = said;
  if (isRecord(value)) return { kind: key, value: { ...rest, ...value, gate: key }, short: null };
  const part = Array.isArray(value) && key === 'slices' ? 'slices' : SHORT[key];
  const plain = value === null || (value === true && key !== 'metric');
  if (part === null || plain) return { kind: key, value: { ...rest, gate: key, ...(!plain && { [key]: value }) }, short: null };
  return { kind: key, value: { ...rest, gate: key, [part]: key === 'rule' && Array.isArray(value) ? value.map(String) : value }, short: { part, key } };
}

export interface NamesOfFile { evaluations: readonly string[]; slices: readonly string[] }

/**
 * Null, and problems, where a gate can't be understood: one that lets pass what it should stop is worse than none. A word that it doesn't know is an
 * error for the same reason. An evaluation or slice that the file doesn't have is a warning here, and stops the move as 'cannot tell' later.
 */
export function readGate(reading: Reading, path: YamlPath, names: NamesOfFile): GateConfig | null {
  const { problems, place, document } = reading;
  const told = (at: YamlPath, message: string, key = false): null => {
    problems.push(place.of(document, at, { severity: 'error', message, key }));
    return null;
  };
  const { kind, value, short } = wholeGate(valueAt(reading, path));
  if (kind === null) return told(path, `${path.join('.')}: expected a gate: one of ${GATES.join(', ')}`);
  const known = PARTS.get(kind);
  if (!known) return told(hasKey(reading, path, 'gate') ? [...path, 'gate'] : path, `there is no gate '${kind}'${suggestion(kind, GATES)}`);
  const before = problems.length;
  const within = hasKey(reading, path, 'gate') || !hasKey(reading, path, kind) || !isMap(document.getIn([...path, kind], true)) ? path : [...path, kind];
  const unknown = Object.keys(value).filter((one) => !known.includes(one));
  for (const one of unknown) told([...(hasKey(reading, path, one) ? path : within), one], `the gate ${kind} doesn't know '${one}'${suggestion(one, known)}`, true);
  const parsed = gateConfig.safeParse({ ...value, gate: kind });
  for (const { path: [first, ...rest], message } of parsed.error?.issues ?? []) {
    const key = first === undefined ? [] : [first === short?.part ? short.key : String(first), ...rest.map((part) => (typeof part === 'number' ? part : String(part)))];
    told([...(key.length > 0 && hasKey(reading, path, String(key[0])) ? path : within), ...key], `${[...path, ...key].join('.')}: ${message.replace(/^Invalid input: /, '')}`);
  }
  if (!parsed.success || problems.length > before) return null;
  warnOfNames(reading, { path: within, outer: path, gate: parsed.data, names });
  return parsed.data;
}

const hasKey = ({ document }: Reading, path: YamlPath, key: string): boolean => {
  const node: unknown = document.getIn(path, true);
  return isMap(node) && node.has(key);
};

const suggestion = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near ? `: did you mean '${near}'?` : `; there are ${known.join(', ')}`;
};

function warnOfNames(reading: Reading, { path, outer, gate, names }: { path: YamlPath; outer: YamlPath; gate: GateConfig; names: NamesOfFile }): void {
  const { problems, place, document } = reading;
  const check = (key: string, what: string, { name, among, at = [] }: { name: string; among: readonly string[]; at?: YamlPath }): void => {
    if (among.includes(name)) return;
    const full = [...(hasKey(reading, path, key) ? path : outer), key, ...at];
    problems.push(place.of(document, full, { severity: 'warning', message: `there is no ${what} '${name}'${among.length === 0 ? ` in this file` : suggestion(name, among)}` }));
  };
  if ('evaluation' in gate && gate.evaluation !== undefined) check('evaluation', 'evaluation', { name: gate.evaluation, among: names.evaluations });
  if (gate.gate === 'metric' && gate.slice !== undefined) check('slice', 'slice', { name: gate.slice, among: names.slices });
  if (gate.gate === 'slices') for (const [i, name] of (gate.slices ?? []).entries()) check('slices', 'slice', { name, among: names.slices, at: [i] });
}
