/** The sections `monitors:`, `serving:`, `retraining:` and `onCall:` of runyard.yaml. What is wrong in one leaves the others working. */
import { readEntries } from './entries';
import { onCallSection, retrainingSection, servingRule, servingSection, trigger, type MonitoringConfig, type OnCallConfig, type RetrainingConfig, type ServingConfig } from './monitoring';
import { suggestion } from './monitor-checks';
import { checkCron, checkEnvironment, indices, lineAt, readMonitors, told, type NamesOfMonitors } from './monitors';
import type { YamlPath } from './positions';
import { brokenWithin, parsePart, valueAt, warnOfUnknown, type Reading } from './reading';

export function readMonitoring(reading: Reading, names: NamesOfMonitors): MonitoringConfig {
  const monitors = readMonitors(reading, names);
  const serving = readEntries(reading, 'serving', (name) => readServing(reading, name, names));
  const retraining = readEntries(reading, 'retraining', (name) => readRetraining(reading, name, names));
  return {
    monitors: monitors.entries, serving: serving.entries, retraining: retraining.entries, onCall: readOnCall(reading),
    broken: [monitors, serving, retraining].flatMap(({ broken }) => broken),
  };
}

const failed = ({ problems }: Reading, from: number): boolean => problems.slice(from).some(({ severity }) => severity === 'error');
const environmentOf = (model: string): string => model.slice(model.indexOf('@') + 1);

function readServing(reading: Reading, model: string, { environments }: NamesOfMonitors): ServingConfig | null {
  const path = ['serving', model];
  const from = reading.problems.length;
  if (!/^[^@/]+@[^@/]+$/.test(model)) told(reading, path, `'${model}': expected NAME@ENVIRONMENT, such as car-loan@production`, { key: true });
  else checkEnvironment(reading, path, { name: environmentOf(model), environments, key: true });
  const { shape } = servingSection;
  for (const inner of ['shadow', 'canary'] as const) warnOfUnknown(reading, [...path, inner], Object.keys(shape[inner].unwrap().shape));
  warnOfUnknown(reading, [...path, 'batch'], ['rows', 'waitMs']);
  const rules = indices(reading, [...path, 'rules']);
  for (const i of rules) warnOfUnknown(reading, [...path, 'rules', i], Object.keys(servingRule.shape));
  const parsed = parsePart(reading, path, servingSection);
  if (!parsed) return null;
  for (const [i, { name }] of parsed.rules.entries()) if (parsed.rules.findIndex((one) => one.name === name) < i) told(reading, [...path, 'rules', i, 'name'], `the rule '${name}' stands here twice`);
  for (const inner of ['shadow', 'canary'] as const) checkOther(reading, [...path, inner], { other: parsed[inner], environments, own: environmentOf(model) });
  if (failed(reading, from)) return null;
  return { ...parsed, model, line: lineAt(reading, path), ruleLines: rules.map((i) => lineAt(reading, [...path, 'rules', i, 'name'])) };
}

interface Other { environment?: string | undefined; version?: number | undefined }
function checkOther(reading: Reading, path: YamlPath, { other, environments, own }: { other: Other | undefined; environments: readonly string[]; own: string }): void {
  if (!other) return;
  if ((other.environment === undefined) === (other.version === undefined)) told(reading, path, `${path.join('.')}: give environment or version, one of the two`);
  if (other.environment === undefined) return;
  checkEnvironment(reading, [...path, 'environment'], { name: other.environment, environments });
  if (other.environment === own) told(reading, [...path, 'environment'], `${path.join('.')}: ${own} is the environment itself: name another, or a version`);
}

const TRIGGERS = new Map(trigger.options.map((option) => [option.shape.on.value as string, Object.keys(option.shape)]));

function readRetraining(reading: Reading, name: string, { environments }: NamesOfMonitors): RetrainingConfig | null {
  const path = ['retraining', name];
  const from = reading.problems.length;
  warnOfUnknown(reading, [...path, 'budget'], ['perWeek', 'minutes']);
  for (const i of indices(reading, [...path, 'triggers'])) warnOfTrigger(reading, [...path, 'triggers', i]);
  const parsed = parsePart(reading, path, retrainingSection);
  if (!parsed) return null;
  const { experiment, evaluation, promoteTo, triggers, model } = parsed;
  checkEnvironment(reading, [...path, 'model'], { name: environmentOf(model), environments });
  const known = (key: string, what: string, { name: said, among, severity }: { name: string; among: readonly string[]; severity: 'error' | 'warning' }): void => {
    if (!among.includes(said)) told(reading, [...path, key], `there is no ${what} '${said}'${suggestion(said, among)}`, { severity });
  };
  known('experiment', 'experiment', { name: experiment, among: namesUnder(reading, 'experiments'), severity: 'error' });
  if (evaluation !== undefined) known('evaluation', 'evaluation', { name: evaluation, among: namesUnder(reading, 'evaluations'), severity: 'warning' });
  if (promoteTo !== undefined) known('promoteTo', 'environment', { name: promoteTo, among: environments, severity: 'error' });
  const watching = namesUnder(reading, 'monitors');
  for (const [i, one] of triggers.entries()) {
    const at = [...path, 'triggers', i];
    if (one.on === 'schedule') checkCron(reading, [...at, 'cron'], one.cron);
    else if (one.on !== 'labels' && !watching.includes(one.monitor)) told(reading, [...at, 'monitor'], `there is no monitor '${one.monitor}'${suggestion(one.monitor, watching)}`);
  }
  return failed(reading, from) ? null : { ...parsed, name, line: lineAt(reading, path) };
}

/** Those that have faults of their own, too: they are there. */
function namesUnder(reading: Reading, section: string): string[] {
  const said = valueAt(reading, [section]);
  return typeof said === 'object' && said !== null ? Object.keys(said) : [];
}

function warnOfTrigger(reading: Reading, path: YamlPath): void {
  const said = valueAt(reading, path) as { on?: unknown } | null;
  const known = TRIGGERS.get(String(said?.on));
  if (known) return warnOfUnknown(reading, path, known);
  told(reading, [...path, 'on'], said?.on === undefined ? `${path.join('.')}: expected on: one of ${[...TRIGGERS.keys()].join(', ')}` : `there is no trigger '${String(said.on)}'${suggestion(String(said.on), [...TRIGGERS.keys()])}`);
}

const isMonday = (date: string): boolean => new Date(`${date}T00:00:00Z`).getUTCDay() === 1;

function readOnCall(reading: Reading): OnCallConfig | null {
  const path = ['onCall'];
  const said = valueAt(reading, path);
  if (said === undefined || said === null || brokenWithin(reading, path)) return null;
  const parsed = parsePart(reading, path, onCallSection);
  if (!parsed) return null;
  const from = reading.problems.length;
  if (!isMonday(parsed.start)) told(reading, ['onCall', 'start'], `${parsed.start} is no Monday: weeks begin on Mondays`);
  for (const date of Object.keys(parsed.except)) if (!isMonday(date)) told(reading, ['onCall', 'except', date], `${date} is no Monday: name a week by its Monday`, { key: true });
  return failed(reading, from) ? null : parsed;
}
