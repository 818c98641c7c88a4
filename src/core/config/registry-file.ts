/** The section `registry:` of runyard.yaml. Whatever is wrong in its environments and edges stops promotions until it is mended: a gate that nobody could read lets nothing pass. */
import { isMap, isScalar, isSeq } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../base/nearest';
import type { FileProblem } from '../../protocol/model';
import { keyOf, type YamlPath } from './positions';
import { brokenWithin, parseValue, valueAt, warnOfUnknown, type Reading } from './reading';
import { defaultRegistry, edgeConfig, environmentConfig, hookConfig, registrySection, type EdgeConfig, type EnvironmentConfig, type GateConfig, type RegistryConfig } from './registry';
import { readGate, type NamesOfFile } from './registry-gates';

const SECTION = 'registry';
const AUTO = environmentConfig.shape.autoRollback.unwrap();
const HEALTH = AUTO.shape.health.unwrap();
/** As the pointers' folders may be called; see registry/live/pointer. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,199}$/;

/** Says of the file what is wrong; the defaults hold where it says nothing. `slices`: those that evaluations have of their own. */
export function readRegistry(reading: Reading, slices: readonly string[]): RegistryConfig {
  const { document, place, problems } = reading;
  const found = defaultRegistry();
  const node: unknown = document.get(SECTION, true);
  if (node === undefined || (isScalar(node) && node.value === null)) return found;
  const names: NamesOfFile = { evaluations: namesUnder(reading, 'evaluations'), slices: [...namesUnder(reading, 'slices'), ...slices] };
  found.said = true;
  found.lines.section = lineOf(reading, [SECTION]);
  const from = problems.length;
  if (!isMap(node)) problems.push(place.of(document, [SECTION], { severity: 'error', message: `expected environments:, edges: and the like under ${SECTION}:` }));
  else if (!brokenWithin(reading, [SECTION])) {
    warnOfUnknown(reading, [SECTION], Object.keys(registrySection.shape));
    found.environments = readEnvironments(reading) ?? found.environments;
    Object.assign(found, readEdges(reading, Object.keys(found.environments), names));
  }
  const wrong = problems.slice(from).find(({ severity }) => severity === 'error');
  if (wrong) found.broken = placed(wrong);
  if (isMap(node)) readRest(reading, found);
  return found;
}

/** As it stands before a message: where, and what. */
export const placed = ({ file, line, message }: FileProblem): string => `${file}:${line}: ${message}`;

const lineOf = ({ document, place }: Reading, path: YamlPath): number => place.of(document, path, { severity: 'error', message: '', key: true }).line;

/** Those that have faults of their own, too: they are there. */
function namesUnder({ document }: Reading, section: string): string[] {
  const node: unknown = document.get(section, true);
  return isMap(node) ? node.items.map(keyOf) : [];
}

function error({ document, place, problems }: Reading, path: YamlPath, message: string, key = false): void {
  problems.push(place.of(document, path, { severity: 'error', message, key }));
}

const has = ({ document }: Reading, path: YamlPath): boolean => document.hasIn(path) && valueAt({ document } as Reading, path) !== null;

function readEnvironments(reading: Reading): Record<string, EnvironmentConfig> | null {
  const path = [SECTION, 'environments'];
  if (!has(reading, path)) return null;
  const said = valueAt(reading, path);
  const listed = Array.isArray(said);
  if (!listed && !isMap(reading.document.getIn(path, true))) {
    error(reading, path, 'expected names of environments, such as [staging, production]');
    return null;
  }
  const names: unknown[] = listed ? said : Object.keys(said as object);
  const found: Record<string, EnvironmentConfig> = {};
  for (const [i, name] of names.entries()) {
    const at = listed ? [...path, i] : [...path, String(name)];
    if (typeof name !== 'string' || !NAME.test(name)) error(reading, at, `${JSON.stringify(name)} can't be the name of an environment: take letters, digits, spaces and . _ + -, beginning with a letter or a digit`, !listed);
    else if (Object.hasOwn(found, name)) error(reading, at, `the environment '${name}' stands here twice`);
    else found[name] = (listed ? null : readEnvironment(reading, at)) ?? environmentConfig.parse({});
  }
  if (names.length === 0) error(reading, path, 'expected at least one environment');
  return Object.keys(found).length > 0 ? found : null;
}

function readEnvironment(reading: Reading, path: YamlPath): EnvironmentConfig | null {
  const said = valueAt(reading, path);
  warnOfUnknown(reading, path, Object.keys(environmentConfig.shape));
  for (const hooks of ['onPromote', 'onRollback']) {
    const node: unknown = reading.document.getIn([...path, hooks], true);
    for (let i = 0; isSeq(node) && i < node.items.length; i++) warnOfUnknown(reading, [...path, hooks, i], Object.keys(hookConfig.shape));
  }
  warnOfUnknown(reading, [...path, 'autoRollback'], Object.keys(AUTO.shape));
  warnOfUnknown(reading, [...path, 'autoRollback', 'health'], Object.keys(HEALTH.shape));
  return parseValue(reading, path, { schema: environmentConfig, value: wholeHooks(said ?? {}) });
}

/** A hook as its command alone: `onPromote: [[python, tell.py]]`. */
function wholeHooks(said: unknown): unknown {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said;
  const whole = (hook: unknown): unknown => (Array.isArray(hook) ? { command: hook.map(String) } : hook);
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [key, ['onPromote', 'onRollback'].includes(key) && Array.isArray(value) ? value.map(whole) : value]));
}

/** Undefined edges: every move is allowed. What can't be read is left out, so that nothing moves along it. */
function readEdges(reading: Reading, environments: readonly string[], names: NamesOfFile): Pick<RegistryConfig, 'edges' | 'lines'> {
  const path = [SECTION, 'edges'];
  const lines = { section: lineOf(reading, [SECTION]), edges: [] as number[] };
  if (!has(reading, path)) return { edges: undefined, lines };
  const node: unknown = reading.document.getIn(path, true);
  if (!isSeq(node)) {
    error(reading, path, 'expected a list of moves such as - { from: staging, to: production }');
    return { edges: [], lines };
  }
  const edges: EdgeConfig[] = [];
  for (let i = 0; i < node.items.length; i++) {
    const edge = readEdge(reading, [...path, i], { environments, names });
    if (!edge) continue;
    const twin = edges.findIndex((other) => other.to === edge.to && (other.from ?? null) === (edge.from ?? null));
    if (twin >= 0) error(reading, [...path, i, 'to'], `the move ${shownEdge(edge)} stands here twice: line ${lines.edges[twin] ?? 0} has it, too`);
    else {
      edges.push(edge);
      lines.edges.push(lineOf(reading, [...path, i, 'to']));
    }
  }
  return { edges, lines };
}

const shownEdge = ({ from, to }: EdgeConfig): string => (from == null ? `to ${to}` : `from ${from} to ${to}`);

function readEdge(reading: Reading, path: YamlPath, { environments, names }: { environments: readonly string[]; names: NamesOfFile }): EdgeConfig | null {
  warnOfUnknown(reading, path, Object.keys(edgeConfig.shape));
  const gates = readGates(reading, [...path, 'gates'], names);
  const said = valueAt(reading, path);
  const edge = parseValue(reading, path, { schema: edgeConfig.omit({ gates: true }), value: said });
  if (!edge) return null;
  let fine = gates !== null;
  for (const end of ['from', 'to'] as const) {
    const name = edge[end];
    if (name == null || environments.includes(name)) continue;
    const near = nearest(name, environments);
    error(reading, [...path, end], `there is no environment '${name}'${near ? `: did you mean '${near}'?` : `; there are ${environments.join(', ')}`}`);
    fine = false;
  }
  if (edge.from != null && edge.from === edge.to) {
    error(reading, [...path, 'to'], `a move from ${edge.to} to itself is none`);
    fine = false;
  }
  return fine ? { ...edge, ...(gates && { gates }) } : null;
}

/** Undefined: not said, the default ones. Null: not all of them can be read. */
function readGates(reading: Reading, path: YamlPath, names: NamesOfFile): GateConfig[] | null | undefined {
  if (!has(reading, path)) return undefined;
  const node: unknown = reading.document.getIn(path, true);
  if (!isSeq(node)) {
    error(reading, path, 'expected a list of gates such as - { metric: accuracy, min: 0.9 }');
    return null;
  }
  const found = node.items.map((_, i) => readGate(reading, [...path, i], names));
  return found.every((gate) => gate !== null) ? found : null;
}

function readRest(reading: Reading, found: RegistryConfig): void {
  const { environments: _, edges: __, ...rest } = registrySection.shape;
  for (const [key, schema] of Object.entries(rest) as [string, z.ZodType][]) {
    if (!has(reading, [SECTION, key])) continue;
    const value = parseValue(reading, [SECTION, key], { schema, value: valueAt(reading, [SECTION, key]) });
    if (value !== null) Object.assign(found, { [key]: value });
  }
  const environments = Object.keys(found.environments);
  for (const [alias, name] of Object.entries(found.aliases)) {
    if (environments.includes(name)) continue;
    const near = nearest(name, environments);
    error(reading, [SECTION, 'aliases', alias], `there is no environment '${name}'${near ? `: did you mean '${near}'?` : `; there are ${environments.join(', ')}`}`);
    delete found.aliases[alias];
  }
}
