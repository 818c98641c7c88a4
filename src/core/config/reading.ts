/** Parts of a runyard.yaml as they are read: each with its schema, what is wrong told at its place. */
import { isMap, isScalar, type Document } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../base/nearest';
import type { FileProblem } from '../../protocol/model';
import { keyOf, type problemsOf, type YamlPath } from './positions';

/** `broken`: where in the text YAML itself is wrong. */
export interface Reading { document: Document; problems: FileProblem[]; place: ReturnType<typeof problemsOf>; broken: readonly number[] }

/** The names under a top-level key; an error where it isn't a map. What a YAML error lies in isn't trusted. */
export function childrenOf(reading: Reading, section: string): string[] {
  const node = reading.document.get(section, true) as unknown;
  if (isMap(node)) return node.items.map(keyOf).filter((name) => !brokenWithin(reading, [section, name]));
  if (node !== undefined && !(isScalar(node) && node.value === null)) {
    reading.problems.push(reading.place.of(reading.document, [section], { severity: 'error', message: `expected names under ${section}:` }));
  }
  return [];
}

/** The parser tells an unclosed bracket where its value ends, so the end counts as within. */
export function brokenWithin({ document, broken }: Reading, path: YamlPath): boolean {
  const range = (document.getIn(path, true) as { range?: readonly number[] } | null | undefined)?.range ?? [0, 0, Infinity];
  return broken.some((at) => at >= (range[0] ?? 0) && at <= (range[2] ?? Infinity));
}

/** Parses one part with its schema; null, and problems, where it doesn't fit. Unknown keys are warnings only. `expand` makes of a short form the whole one. */
export function parsePart<T extends z.ZodObject>(reading: Reading, path: YamlPath, schema: T, expand = (value: unknown): unknown => value): z.output<T> | null {
  warnOfUnknown(reading, path, Object.keys(schema.shape));
  return parseValue(reading, path, { schema, value: expand(valueAt(reading, path) ?? {}) });
}

export function valueAt({ document }: Reading, path: YamlPath): unknown {
  const node = document.getIn(path, true) as { toJS(document: Document): unknown } | null | undefined;
  return node?.toJS(document);
}

/** Parses a value that stands at a path; null, and problems, where it doesn't fit. */
export function parseValue<T extends z.ZodType>({ document, problems, place }: Reading, path: YamlPath, { schema, value }: { schema: T; value: unknown }): z.output<T> | null {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    problems.push(place.of(document, at, { severity: 'error', message: `${at.join('.')}: ${sentence(issue.message)}` }));
  }
  return null;
}

const sentence = (message: string): string => message.replace(/^Invalid input: /, '');

export function warnOfUnknown({ document, problems, place, broken }: Reading, path: YamlPath, known: readonly string[]): void {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(node)) return;
  for (const pair of node.items) {
    const key = keyOf(pair);
    // Behind a YAML error a word may stand where nobody put it.
    if (known.includes(key) || broken.some((at) => isScalar(pair.key) && (pair.key.range?.[0] ?? 0) >= at)) continue;
    const near = nearest(key, known);
    const message = `unknown key '${key}'${near ? `: did you mean '${near}'?` : `; known here: ${known.join(', ')}`}`;
    problems.push(place.of(document, [...path, key], { severity: 'warning', message, key: true }));
  }
}
