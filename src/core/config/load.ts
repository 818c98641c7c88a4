/** Reads runyard.yaml: what is right in it works, what is wrong is a problem with its line and column. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { describeError, systemCode } from '../base/errors';
import type { FileProblem } from '../../protocol/model';
import { compilePattern } from './patterns';
import { nearest } from '../base/nearest';
import { keyOf, problemsOf, type YamlPath } from './positions';
import { defaultConfig, experimentSection, metricSection, SECTIONS, TOP_KEYS, type Config, type ExperimentConfig } from './schema';

export const CONFIG_FILES = ['runyard.yaml', 'runyard.yml'] as const;

/** `file` is relative to the workspace, null where there is none; `problems[].file` is that same path. */
export interface LoadedConfig { file: string | null; config: Config; problems: FileProblem[] }

/** Loads the workspace's configuration. Never throws: an unreadable file is a problem, and the defaults hold. */
export function loadConfig(workspace: string): LoadedConfig {
  for (const file of CONFIG_FILES) {
    try {
      return { file, ...parseConfig(readFileSync(join(workspace, file), 'utf8'), file) };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      const problem: FileProblem = { file, line: 1, column: 1, endLine: 1, endColumn: 2, severity: 'error', message: `can't be read: ${describeError(error)}` };
      return { file, config: defaultConfig(), problems: [problem] };
    }
  }
  return { file: null, config: defaultConfig(), problems: [] };
}

interface Reading { document: Document; problems: FileProblem[]; place: ReturnType<typeof problemsOf>; broken: readonly number[] }

/** Parses the text of a runyard.yaml. A section or an experiment with an error falls back to its default, or is left out. */
export function parseConfig(text: string, file: string): { config: Config; problems: FileProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = problemsOf(file, lines);
  const problems = [
    ...document.errors.map((error) => place.at(error.pos, 'error', `not YAML: ${error.message}`)),
    ...document.warnings.map((warning) => place.at(warning.pos, 'warning', warning.message)),
  ];
  const reading: Reading = { document, problems, place, broken: document.errors.map((error) => error.pos[0]) };
  const config = defaultConfig();
  if (document.contents === null) return { config, problems };
  if (!isMap(document.contents)) {
    if (problems.length === 0) problems.push(place.of(document, [], { severity: 'error', message: 'expected sections such as experiments: and metrics: here' }));
    return { config, problems };
  }
  keepAsTyped(document.contents);
  warnOfUnknown(reading, [], TOP_KEYS);
  checkVersion(reading);
  for (const name of Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]) readSection(reading, name, config);
  for (const name of childrenOf(reading, 'metrics')) {
    const metric = parsePart(reading, ['metrics', name], metricSection);
    if (metric) config.metrics[name] = metric;
  }
  for (const name of childrenOf(reading, 'experiments')) {
    const experiment = readExperiment(reading, name);
    if (experiment) config.experiments[name] = experiment;
  }
  return { config, problems };
}

/** 0.10 and 1e-3 under params: and env: stay as they were typed. */
function keepAsTyped(node: unknown, inside = false): void {
  if (isSeq(node)) for (const item of node.items) keepAsTyped(item, inside);
  if (inside && isScalar(node) && typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
  if (inside && isScalar(node) && node.value === null) node.value = '';
  if (!isMap(node)) return;
  for (const pair of node.items) keepAsTyped(pair.value, inside || ['params', 'env', 'command'].includes(keyOf(pair)));
}

function checkVersion({ document, problems, place }: Reading): void {
  const version = document.get('version');
  if (version === undefined || version === 1) return;
  problems.push(place.of(document, ['version'], { severity: 'error', message: 'expected version: 1, the only one this Runyard knows; update Runyard if the file is newer' }));
}

/** The names under a top-level key; an error where it isn't a map. What a YAML error lies in isn't trusted. */
function childrenOf(reading: Reading, section: string): string[] {
  const node = reading.document.get(section, true) as unknown;
  if (isMap(node)) return node.items.map(keyOf).filter((name) => !brokenWithin(reading, [section, name]));
  if (node !== undefined && !(isScalar(node) && node.value === null)) {
    reading.problems.push(reading.place.of(reading.document, [section], { severity: 'error', message: `expected names under ${section}:` }));
  }
  return [];
}

/** The parser tells an unclosed bracket where its value ends, so the end counts as within. */
function brokenWithin({ document, broken }: Reading, path: YamlPath): boolean {
  const range = (document.getIn(path, true) as { range?: readonly number[] } | null | undefined)?.range ?? [0, 0, Infinity];
  return broken.some((at) => at >= (range[0] ?? 0) && at <= (range[2] ?? Infinity));
}

function readSection<K extends keyof typeof SECTIONS>(reading: Reading, name: K, config: Config): void {
  if (!reading.document.has(name) || brokenWithin(reading, [name])) return;
  const found = parsePart(reading, [name], SECTIONS[name] as (typeof SECTIONS)[keyof typeof SECTIONS]);
  if (!found) return;
  if ('patterns' in found) {
    for (const [i, pattern] of found.patterns.entries()) {
      const compiled = compilePattern(pattern);
      if (!compiled.ok) reading.problems.push(reading.place.of(reading.document, [name, 'patterns', i], { severity: 'error', message: compiled.problem }));
    }
    found.patterns = found.patterns.filter((pattern) => compilePattern(pattern).ok);
  }
  Object.assign(config, { [name]: found });
}

function readExperiment(reading: Reading, name: string): ExperimentConfig | null {
  const { document, problems, place } = reading;
  const path = ['experiments', name];
  if (document.hasIn(path) && isMap(document.getIn(path, true)) && !document.hasIn([...path, 'command'])) {
    problems.push(place.of(document, path, { severity: 'error', message: `the experiment '${name}' has no command: add command: [python, train.py]`, key: true }));
    return null;
  }
  const found = parsePart(reading, path, experimentSection);
  if (!found) return null;
  if (typeof found.command === 'string' && !found.shell) {
    problems.push(place.of(document, [...path, 'command'], { severity: 'error', message: 'a command as one text needs shell: true; else write it as a list such as [python, train.py]' }));
    return null;
  }
  if (Array.isArray(found.command) && found.shell) {
    problems.push(place.of(document, [...path, 'command'], { severity: 'error', message: 'with shell: true the command is one text, as you would type it' }));
    return null;
  }
  const line = place.of(document, path, { severity: 'error', message: '', key: true }).line;
  return { ...found, name, line, command: typeof found.command === 'string' ? [found.command] : found.command };
}

/** Parses one part with its schema; null, and problems, where it doesn't fit. Unknown keys are warnings only. */
function parsePart<T extends z.ZodObject>(reading: Reading, path: YamlPath, schema: T): z.output<T> | null {
  const { document, problems, place } = reading;
  const node = document.getIn(path, true) as { toJS(document: Document): unknown } | undefined;
  warnOfUnknown(reading, path, Object.keys(schema.shape));
  const value = node === undefined || node === null ? null : node.toJS(document);
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    problems.push(place.of(document, at, { severity: 'error', message: `${at.join('.')}: ${sentence(issue.message)}` }));
  }
  return null;
}

const sentence = (message: string): string => message.replace(/^Invalid input: /, '');

function warnOfUnknown({ document, problems, place, broken }: Reading, path: YamlPath, known: readonly string[]): void {
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
