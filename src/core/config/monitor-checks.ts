/** Checks as people write them under a monitor: `drift`, `{ estimated: accuracy, drop: 0.02 }`, `rows: 100`. Made whole, and refused where they can't be understood. */
import { isMap } from 'yaml';
import { nearest } from '../base/nearest';
import { driftLimits } from '../../protocol/drift';
import { checkConfig, type CheckConfig } from './monitoring';
import type { YamlPath } from './positions';
import { valueAt, warnOfUnknown, type Reading } from './reading';

export type CheckKind = CheckConfig['check'];
const PARTS: ReadonlyMap<string, readonly string[]> = new Map(checkConfig.options.map(({ shape }) => [shape.check.value, Object.keys(shape)]));
export const CHECKS: readonly CheckKind[] = checkConfig.options.map(({ shape }) => shape.check.value);

/** What `KIND: VALUE` says where `check:` is left out. */
const SHORT: Readonly<Record<CheckKind, string | null>> = {
  drift: 'columns', predictions: null, schema: null, estimated: 'metric', realised: 'metric', rows: 'min', fresh: 'within', latency: 'p95', rules: 'max', command: 'command',
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface WholeCheck { kind: string | null; value: Record<string, unknown>; /** the part that KIND: VALUE stands for, and the key under which it was written */ short: { part: string; key: string } | null }

/** The check with its kind under `check`. `kind` is null where nothing says which it is. Pure. */
export function wholeCheck(said: unknown): WholeCheck {
  if (typeof said === 'string') return { kind: said, value: { check: said }, short: null };
  if (!isRecord(said)) return { kind: null, value: {}, short: null };
  if ('check' in said) return { kind: String(said['check']), value: said, short: null };
  const key = CHECKS.find((kind) => kind in said);
  if (key === undefined) return { kind: null, value: said, short: null };
  const { [key]: value, ...rest } = said;
  if (isRecord(value)) return { kind: key, value: { ...rest, ...value, check: key }, short: null };
  const part = SHORT[key];
  if (part === null || value === null || value === true) return { kind: key, value: { ...rest, check: key }, short: null };
  return { kind: key, value: { ...rest, check: key, [part]: value }, short: { part, key } };
}

/** The name by which a check is known from window to window: its own, or what it looks at. Two of one monitor never share it. */
export function checkName(check: CheckConfig): string {
  if (check.name !== undefined) return check.name;
  if (check.check === 'estimated' || check.check === 'realised') return `${check.check}:${check.metric}${check.slice === undefined ? '' : `:${check.slice}`}`;
  if (check.check === 'rules' && check.rule !== undefined) return `rules:${check.rule}`;
  return check.check === 'command' ? `command:${check.command.join(' ')}` : check.check;
}

/** Null, and problems, where a check can't be understood. A key that it doesn't know is an error: with a misspelt limit it would watch nothing. */
export function readCheck(reading: Reading, path: YamlPath): CheckConfig | null {
  const { problems, place, document } = reading;
  const told = (at: YamlPath, message: string, key = false): null => {
    problems.push(place.of(document, at, { severity: 'error', message, key }));
    return null;
  };
  const { kind, value, short } = wholeCheck(valueAt(reading, path));
  if (kind === null) return told(path, `${path.join('.')}: expected a check: one of ${CHECKS.join(', ')}`);
  const known = PARTS.get(kind);
  if (!known) return told(hasKey(reading, path, 'check') ? [...path, 'check'] : path, `there is no check '${kind}'${suggestion(kind, CHECKS)}`);
  const before = problems.length;
  const within = !hasKey(reading, path, 'check') && hasKey(reading, path, kind) && isMap(document.getIn([...path, kind], true)) ? [...path, kind] : path;
  for (const one of Object.keys(value)) if (!known.includes(one)) told([...(hasKey(reading, path, one) ? path : within), one], `the check ${kind} doesn't know '${one}'${suggestion(one, known)}`, true);
  warnOfUnknown(reading, [...within, 'limits'], Object.keys(driftLimits.shape));
  for (const column of Object.keys(isRecord(value['limitsOf']) ? value['limitsOf'] : {})) warnOfUnknown(reading, [...within, 'limitsOf', column], Object.keys(driftLimits.shape));
  const parsed = checkConfig.safeParse(value);
  for (const { path: [first, ...rest], message } of parsed.error?.issues ?? []) {
    const key = first === undefined ? [] : [first === short?.part ? short.key : String(first), ...rest.map((part) => (typeof part === 'number' ? part : String(part)))];
    told([...(key.length > 0 && hasKey(reading, path, String(key[0])) ? path : within), ...key], `${[...path, ...key].join('.')}: ${message.replace(/^Invalid input: /, '')}`);
  }
  if (!parsed.success || problems.slice(before).some(({ severity }) => severity === 'error')) return null;
  const check = parsed.data;
  if ('min' in check && check.min !== undefined && check.max !== undefined && check.min > check.max) return told([...within, 'min'], `${path.join('.')}: min is above max: nothing would pass`);
  return check;
}

const hasKey = ({ document }: Reading, path: YamlPath, key: string): boolean => {
  const node: unknown = document.getIn(path, true);
  return isMap(node) && node.has(key);
};

export const suggestion = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near ? `: did you mean '${near}'?` : known.length === 0 ? '' : `; there are ${known.join(', ')}`;
};
