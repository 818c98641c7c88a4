/** Reads runyard.yaml: what is right in it works, what is wrong is a problem with its line and column. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { describeError, systemCode } from '../base/errors';
import type { FileProblem } from '../../protocol/model';
import { readEvaluations, readSlices, type Evaluating } from './evaluations';
import { compilePattern } from './patterns';
import { keyOf, problemsOf } from './positions';
import { brokenWithin, childrenOf, parsePart, warnOfUnknown, type Reading } from './reading';
import { readMonitoring } from './monitoring-file';
import { brokenBy } from './entries';
import { placed, readRegistry } from './registry-file';
import { defaultConfig, experimentSection, metricSection, SECTIONS, TOP_KEYS, type Config, type ExperimentConfig } from './schema';

export const CONFIG_FILES = ['runyard.yaml', 'runyard.yml'] as const;

export interface ParsedConfig extends Pick<Evaluating, 'places'> { config: Config; problems: FileProblem[] }
/** `file` is relative to the workspace, null where there is none; `problems[].file` is that same path. */
export interface LoadedConfig extends ParsedConfig { file: string | null }

/** Loads the workspace's configuration. Never throws: an unreadable file is a problem, and the defaults hold. */
export function loadConfig(workspace: string): LoadedConfig {
  for (const file of CONFIG_FILES) {
    try {
      return { file, ...parseConfig(readFileSync(join(workspace, file), 'utf8'), file) };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      const problem: FileProblem = { file, line: 1, column: 1, endLine: 1, endColumn: 2, severity: 'error', message: `can't be read: ${describeError(error)}` };
      return { file, config: closed(defaultConfig(), problem), problems: [problem], places: {} };
    }
  }
  return { file: null, config: defaultConfig(), problems: [], places: {} };
}

/** Parses the text of a runyard.yaml. A section or an experiment with an error falls back to its default, or is left out. */
export function parseConfig(text: string, file: string): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = problemsOf(file, lines);
  const problems = [
    ...document.errors.map((error) => place.at(error.pos, 'error', `not YAML: ${error.message}`)),
    ...document.warnings.map((warning) => place.at(warning.pos, 'warning', warning.message)),
  ];
  const reading: Reading = { document, problems, place, broken: document.errors.map((error) => error.pos[0]) };
  const config = defaultConfig();
  if (document.contents === null) return { config, problems, places: {} };
  if (!isMap(document.contents)) {
    if (problems.length === 0) problems.push(place.of(document, [], { severity: 'error', message: 'expected sections such as experiments: and metrics: here' }));
    return { config: closed(config, problems[0]), problems, places: {} };
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
  config.evaluations = readEvaluations(reading);
  const { slices, places } = readSlices(reading, { text, evaluations: Object.keys(config.evaluations) });
  config.slices = slices;
  config.registry = readRegistry(reading, Object.values(config.evaluations).flatMap(({ request }) => (request.slices ?? []).map(({ name }) => name)));
  config.monitoring = readMonitoring(reading, { slices: Object.fromEntries(Object.entries(slices).map(([name, { spec }]) => [name, spec])), environments: Object.keys(config.registry.environments) });
  // Where YAML itself is wrong nobody knows what the file says of gates.
  if (document.errors.length > 0) closed(config, problems[0]);
  return { config, problems, places };
}

/** Nothing is promoted while nobody can read what has to be asked before; nor is a monitor taken for gone. */
function closed(config: Config, problem: FileProblem | undefined): Config {
  if (!problem) return config;
  config.registry.broken ??= placed(problem);
  config.monitoring.broken.unshift(brokenBy({ section: null, name: null }, [problem]));
  return config;
}

/** 0.10 and 1e-3 under params: and env: stay as they were typed; so does the True of a class. */
function keepAsTyped(node: unknown, inside = false, classes = false): void {
  if (isSeq(node)) for (const item of node.items) keepAsTyped(item, inside, classes);
  if (classes && isScalar(node) && typeof node.value === 'boolean' && node.source !== undefined) node.value = node.source;
  if (inside && isScalar(node) && typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
  if (inside && isScalar(node) && node.value === null) node.value = '';
  if (!isMap(node)) return;
  for (const pair of node.items) keepAsTyped(pair.value, inside || ['params', 'env', 'command'].includes(keyOf(pair)), ['classes', 'positive'].includes(keyOf(pair)));
}

function checkVersion({ document, problems, place }: Reading): void {
  const version = document.get('version');
  if (version === undefined || version === 1) return;
  problems.push(place.of(document, ['version'], { severity: 'error', message: 'expected version: 1, the only one this Runyard knows; update Runyard if the file is newer' }));
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

