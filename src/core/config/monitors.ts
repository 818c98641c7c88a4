/** The section `monitors:` of runyard.yaml. A monitor that can't be understood is left out, with the place of what is wrong. */
import { isMap, isSeq } from 'yaml';
import type { z } from 'zod';
import { dataSpec, sliceSpec, type SliceSpec } from '../../protocol/evaluation/request';
import { cronProblem } from './cron';
import { checkName, readCheck, suggestion } from './monitor-checks';
import { readEntries, type Entries } from './entries';
import { alertHook, logSource, monitorSection, type CheckConfig, type MonitorConfig } from './monitoring';
import type { YamlPath } from './positions';
import { brokenWithin, parseValue, valueAt, warnOfUnknown, type Reading } from './reading';
import { wholeEvaluation } from './short-forms';

/** What else the file has, by name. `slices`: those of the section. */
export interface NamesOfMonitors { slices: Readonly<Record<string, SliceSpec>>; environments: readonly string[] }

/** As the folders of results are called. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,99}$/;

export const readMonitors = (reading: Reading, names: NamesOfMonitors): Entries<MonitorConfig> => readEntries(reading, 'monitors', (name) => readMonitor(reading, name, names));

export const lineAt = ({ document, place }: Reading, path: YamlPath, key = true): number => place.of(document, path, { severity: 'error', message: '', key }).line;

export function told({ document, place, problems }: Reading, path: YamlPath, message: string, { severity = 'error', key = false }: { severity?: 'error' | 'warning'; key?: boolean } = {}): void {
  problems.push(place.of(document, path, { severity, message, key }));
}

function readMonitor(reading: Reading, name: string, { slices, environments }: NamesOfMonitors): MonitorConfig | null {
  const path = ['monitors', name];
  const from = reading.problems.length;
  if (!NAME.test(name)) told(reading, path, `'${name}' can't be the name of a monitor: take letters, digits, spaces and . _ + -, beginning with a letter or a digit`, { key: true });
  warnOfParts(reading, path);
  const { checks, lines } = readChecks(reading, [...path, 'checks']);
  const said = valueAt(reading, path);
  const whole = isRecord(said) ? wholeMonitor(said, slices) : said ?? {};
  for (const missing of unknownSlices(said, slices)) told(reading, [...path, 'slices', missing.at], `there is no slice '${missing.name}'${suggestion(missing.name, Object.keys(slices))}`, { severity: 'warning' });
  const parsed = parseValue(reading, path, { schema: monitorSection, value: isRecord(whole) ? withoutChecks(whole) : whole });
  if (parsed) checkParts(reading, path, { section: parsed, environments });
  if (!parsed || checks === null || reading.problems.slice(from).some(({ severity }) => severity === 'error')) return null;
  const line = lineAt(reading, path);
  const taken = checks ?? parsed.checks;
  return { ...parsed, checks: taken, slices: withSlicesOf(reading, path, { checks: taken, own: parsed.slices, all: slices }), name, line, checkLines: checks ? lines : taken.map(() => line) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const withoutChecks = ({ checks: _, ...rest }: Record<string, unknown>): Record<string, unknown> => rest;
const PERIOD = /^\d+(\.\d+)?\s*[smhdw]$/;
const dataOf = (value: unknown): unknown => (wholeEvaluation({ data: value }) as { data: unknown }).data;
const withData = (value: unknown): unknown => (isRecord(value) && 'data' in value ? { ...value, data: dataOf(value['data']) } : value);

/** Short forms: `schedule: 1h` and `schedule: '0 6 * * *'`, `reference: 7d`, data as a path, slices by name, hooks as commands alone. */
function wholeMonitor(said: Record<string, unknown>, slices: NamesOfMonitors['slices']): Record<string, unknown> {
  const { schedule, reference } = said;
  return {
    ...said,
    ...('log' in said && { log: withData(said['log']) }),
    ...('schedule' in said && { schedule: typeof schedule === 'number' || (typeof schedule === 'string' && PERIOD.test(schedule)) ? { every: schedule } : typeof schedule === 'string' ? { cron: schedule } : schedule ?? undefined }),
    ...('reference' in said && { reference: typeof reference === 'string' && PERIOD.test(reference) ? { before: reference } : Array.isArray(reference) || (typeof reference === 'string' && /[./\\*]/.test(reference)) ? { data: dataOf(reference) } : withData(reference) }),
    ...(Array.isArray(said['slices']) && { slices: said['slices'].flatMap((one: unknown) => (typeof one === 'string' ? slices[one] ?? [] : [(wholeEvaluation({ slices: [one] }) as { slices: unknown[] }).slices[0]])) }),
    ...(Array.isArray(said['hooks']) && { hooks: said['hooks'].map((one: unknown) => (Array.isArray(one) ? { command: one.map(String) } : one)) }),
  };
}

const unknownSlices = (said: unknown, slices: NamesOfMonitors['slices']): { at: number; name: string }[] =>
  (isRecord(said) && Array.isArray(said['slices']) ? said['slices'] : []).flatMap((name: unknown, at) => (typeof name === 'string' && !Object.hasOwn(slices, name) ? [{ at, name }] : []));

function warnOfParts(reading: Reading, path: YamlPath): void {
  const parts: [YamlPath, readonly string[]][] = [
    [[], Object.keys(monitorSection.shape)], [['log'], Object.keys(logSource.shape)], [['log', 'data'], Object.keys(dataSpec.shape)],
    [['reference'], ['data', 'label', 'before', 'window']], [['reference', 'data'], Object.keys(dataSpec.shape)], [['schedule'], ['cron', 'every']],
    ...indices(reading, [...path, 'slices']).map((i): [YamlPath, string[]] => [['slices', i], Object.keys(sliceSpec.shape)]),
    ...indices(reading, [...path, 'hooks']).map((i): [YamlPath, string[]] => [['hooks', i], Object.keys(alertHook.shape)]),
  ];
  for (const [inner, known] of parts) warnOfUnknown(reading, [...path, ...inner], known);
}

export function indices({ document }: Reading, path: YamlPath): number[] {
  const node: unknown = document.getIn(path, true);
  return isSeq(node) ? node.items.map((_, i) => i) : [];
}

/** `checks` undefined: none are said, the default ones. Null: not all of them can be read. */
function readChecks(reading: Reading, path: YamlPath): { checks: CheckConfig[] | null | undefined; lines: number[] } {
  const said = valueAt(reading, path);
  if (said === undefined || said === null) return { checks: undefined, lines: [] };
  if (!Array.isArray(said) || said.length === 0 || brokenWithin(reading, path)) {
    told(reading, path, `${path.join('.')}: expected a list of checks such as [drift, predictions, { rows: 100 }]`);
    return { checks: null, lines: [] };
  }
  const checks: CheckConfig[] = [];
  const lines: number[] = [];
  for (const i of said.keys()) {
    const check = readCheck(reading, [...path, i]);
    if (!check) continue;
    const twin = checks.findIndex((other) => checkName(other) === checkName(check));
    if (twin >= 0) told(reading, [...path, i], `the check ${checkName(check)} stands here twice (line ${lines[twin] ?? 0} has it, too): give one of them a name: of its own`);
    checks.push(check);
    const first = firstKey(reading, [...path, i]);
    lines.push(lineAt(reading, [...path, i, ...first], first.length > 0));
  }
  return { checks: checks.length === said.length ? checks : null, lines };
}

/** A block has its first key's line. */
function firstKey({ document }: Reading, path: YamlPath): string[] {
  const node: unknown = document.getIn(path, true);
  const key: unknown = isMap(node) ? node.items[0]?.key : undefined;
  return key === undefined || key === null ? [] : [String(key)];
}

function checkParts(reading: Reading, path: YamlPath, { section, environments }: { section: z.output<typeof monitorSection>; environments: readonly string[] }): void {
  const said = valueAt(reading, [...path, 'schedule']);
  if (isRecord(said) && 'cron' in said && 'every' in said) told(reading, [...path, 'schedule'], `${path.join('.')}.schedule: give cron or every, one of the two`);
  checkCron(reading, isRecord(said) ? [...path, 'schedule', 'cron'] : [...path, 'schedule'], section.schedule && 'cron' in section.schedule ? section.schedule.cron : undefined);
  if (section.model !== undefined) checkEnvironment(reading, [...path, 'model'], { name: section.model.slice(section.model.indexOf('@') + 1), environments });
  for (const [i, { name }] of section.slices.entries()) if (section.slices.findIndex((one) => one.name === name) < i) told(reading, [...path, 'slices', i], `the slice '${name}' stands here twice`);
}

export function checkCron(reading: Reading, path: YamlPath, line: string | undefined): void {
  const problem = line === undefined ? null : cronProblem(line);
  if (problem !== null) told(reading, path, problem);
}

/** An environment that isn't there is a warning: somebody else's log may be watched under any name. */
export function checkEnvironment(reading: Reading, path: YamlPath, { name, environments, key = false }: { name: string; environments: readonly string[]; key?: boolean }): void {
  if (!environments.includes(name)) told(reading, path, `there is no environment '${name}'${suggestion(name, environments)}`, { severity: 'warning', key });
}

/** The monitor's slices and those of the file that its checks name. */
function withSlicesOf(reading: Reading, path: YamlPath, { checks, own, all }: { checks: readonly CheckConfig[]; own: SliceSpec[]; all: NamesOfMonitors['slices'] }): SliceSpec[] {
  const found = [...own];
  for (const [i, check] of checks.entries()) {
    const name = 'slice' in check ? check.slice : undefined;
    if (name === undefined || found.some((one) => one.name === name)) continue;
    const spec = all[name];
    if (spec) found.push(spec);
    else told(reading, [...path, 'checks', i, 'slice'], `there is no slice '${name}'${suggestion(name, [...own.map((one) => one.name), ...Object.keys(all)])}`, { severity: 'warning' });
  }
  return found;
}

