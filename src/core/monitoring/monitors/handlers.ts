/** Questions about monitors and their results. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import { brokenIn } from '../../config/entries';
import { checkName } from '../../config/monitor-checks';
import { withMonitor } from '../../config/monitor-example';
import type { MonitorConfig } from '../../config/monitoring';
import type { ColumnDrift, DriftDoc } from '../../../protocol/drift';
import type { BrokenEntry, HistoryPoint, MonitorRow, ResultSummary } from '../../../protocol/monitoring';
import type { MonitoringHandlers } from '../service/handlers';
import type { Alerting } from '../alerts/alerting';
import { onCallAt, weeksFrom } from '../alerts/on-call';
import type { MonitoringContext } from '../types';
import { scheduleText } from '../schedule/schedule';
import type { Schedules } from '../schedule/schedules';
import { MOST_RESULTS, type Results } from './keep';
import type { RunAnswer, Runs } from './runs';

type MonitorMethod = 'monitors.list' | 'monitors.run' | 'monitors.cancel' | 'monitors.results' | 'monitors.result' | 'monitors.history' | 'monitors.column' | 'monitors.examples' | 'monitors.example' | 'monitors.onCall';
export type MonitorHandlers = Pick<MonitoringHandlers, MonitorMethod>;
export interface MonitorParts { results: Results; alerts: Alerting; schedules: Schedules; runs: Runs }

/** Weeks of the rota that are listed. */
const WEEKS = 8;

export function monitorHandlers(context: MonitoringContext, { results, alerts, schedules, runs }: MonitorParts): MonitorHandlers {
  const { jobs, clock, ask } = context;
  const now = (): number => Math.round(clock() * 1000);
  const configured = (): Record<string, MonitorConfig> => context.loaded().config.monitoring.monitors;
  const broken = (): BrokenEntry[] => brokenIn(context.loaded().config.monitoring.broken, 'monitors');
  const rota = () => context.loaded().config.monitoring.onCall;
  /** One that runyard.yaml no longer has may still have results. Throws not_found for any other name. */
  const known = (name: string): void => {
    if (!Object.hasOwn(configured(), name) && results.list(name, 1).length === 0) throw unknown(name, Object.keys(configured()));
  };

  /** What was found before it was taken out and came back is another's. */
  function lastOf(name: string): ResultSummary | null {
    const since = schedules.since(name);
    return (since === null ? results.list(name, 1)[0] : results.list(name, MOST_RESULTS).find(({ created }) => created > since)) ?? null;
  }

  function rowOf(monitor: MonitorConfig, open: number): MonitorRow {
    const { name, model = null, line, window, cadence, severity, checks, runbook, schedule } = monitor;
    return {
      name, model, line, window, cadence, severity, runbook, schedule: scheduleText(schedule), checks: checks.map(checkName), open, last: lastOf(name),
      next: schedules.next(monitor), running: runs.running(name), problem: schedules.problem(name),
    };
  }

  return {
    async 'monitors.list'() {
      const open = alerts.book.open();
      const monitors = Object.values(configured()).map((monitor) => rowOf(monitor, open.filter(({ row }) => row.monitor === monitor.name).length));
      return { monitors, broken: broken(), open: open.length, onCall: onCallAt(rota(), now()) };
    },
    'monitors.run': ({ job, monitors: names, at, due, python }, asker) => jobs.run(job, asker, (watching) => {
      if (at !== undefined && at > now()) throw new RunyardError('bad_input', `${new Date(at).toISOString()} lies ahead`, 'name a moment that is over');
      const asked = chosen({ monitors: configured(), broken: broken() }, names);
      const ready = due ? new Set(schedules.due().map(({ name }) => name)) : null;
      const ours = asked.monitors.filter(({ name }) => ready === null || ready.has(name) || runs.running(name));
      return runs.run(ours, { at, python, watching }, { join: due, about: [...asked.monitors, ...asked.broken].flatMap(({ name }) => name ?? []), failed: asked.broken.map(failureOf) });
    }),
    'monitors.cancel': async ({ job }) => ({ stopped: jobs.cancel(job) }),
    async 'monitors.results'({ monitor, limit }) {
      known(monitor);
      return { results: results.list(monitor, limit) };
    },
    async 'monitors.result'({ result }) {
      const { asked: _, ...found } = await results.get(result);
      return found;
    },
    async 'monitors.history'({ monitor, column, limit }) {
      known(monitor);
      const points: HistoryPoint[] = [];
      for (const { id, window } of results.list(monitor, limit).reverse()) {
        const drift = await docOf(results, id);
        points.push({ result: id, window, drift: column === undefined || !drift ? null : inBrief(columnOf(drift, column)), multivariate: drift?.multivariate ?? [] });
      }
      return { points };
    },
    async 'monitors.column'({ result, column, where, bins }) {
      const { asked, drift } = await results.get(result);
      const categorical = drift ? columnOf(drift, column)?.type === 'categorical' : undefined;
      return await ask('driftColumn', { sides: asked, column, bins, ...(where !== undefined && { where }), ...(categorical === true && { categorical }) });
    },
    async 'monitors.examples'({ result, columns, limit }) {
      const { asked } = await results.get(result);
      return await ask('driftExamples', { sides: asked, limit, ...(columns && { columns }) });
    },
    'monitors.example': async ({ text, name, watched }) => ({ text: withMonitor(text, name, watched) }),
    'monitors.onCall': async ({ at = now() }) => ({ name: onCallAt(rota(), at), weeks: weeksFrom(rota(), at, WEEKS) }),
  };
}

const unknown = (name: string, names: readonly string[]): RunyardError => {
  const near = nearest(name, names);
  return new RunyardError('not_found', `there is no monitor '${name}'`, near ? `did you mean '${near}'?` : names.length === 0 ? 'runyard.yaml has none that can be read; see its problems' : `runyard.yaml has ${names.join(', ')}`);
};

interface Chosen { monitors: MonitorConfig[]; broken: BrokenEntry[] }
/** All where none is named, also those that can't be read: whoever asks for all has to hear of them. Throws not_found. */
function chosen({ monitors, broken }: { monitors: Readonly<Record<string, MonitorConfig>>; broken: readonly BrokenEntry[] }, names: readonly string[]): Chosen {
  if (names.length === 0 && Object.keys(monitors).length + broken.length === 0) throw new RunyardError('not_found', 'runyard.yaml has no monitor', 'write one under monitors:, as in the template that runyard init makes');
  if (names.length === 0) return { monitors: Object.values(monitors), broken: [...broken] };
  const found: Chosen = { monitors: [], broken: [] };
  for (const name of new Set(names)) {
    const whole = Object.hasOwn(monitors, name) ? monitors[name] : undefined;
    const part = broken.find((one) => one.name === name);
    if (whole) found.monitors.push(whole);
    else if (part) found.broken.push(part);
    else throw unknown(name, [...Object.keys(monitors), ...broken.flatMap((one) => one.name ?? [])]);
  }
  return found;
}

const failureOf = ({ name, file, line, message, more }: BrokenEntry): RunAnswer['failed'][number] =>
  ({ monitor: name ?? file, message: `it can't be read: ${message}${more > 0 ? ` (and ${more} more)` : ''}`, hint: `mend line ${line} of ${file}` });

/** Null where the file is gone or can't be read: a line has a gap there. */
async function docOf(results: Results, id: string): Promise<DriftDoc | null> {
  try {
    return (await results.get(id)).drift;
  } catch (error) {
    if (error instanceof RunyardError) return null;
    throw error;
  }
}

const columnOf = ({ columns, label, predictions }: DriftDoc, name: string): ColumnDrift | null => (Object.hasOwn(columns, name) ? columns[name] : Object.hasOwn(predictions, name) ? predictions[name] : label?.name === name ? label : null) ?? null;

/** Without what is long: lists, at the top or within. The first categories are kept: their shares are lines over time. */
function inBrief(column: ColumnDrift | null): ColumnDrift | null {
  if (!column) return null;
  const { counts, ...figures } = column.figures;
  const kept = Object.entries(figures).filter(([, value]) => !Array.isArray(value)).map(([key, value]) => [key, isRecord(value) ? plain(value) : value]);
  return { ...column, figures: { ...Object.fromEntries(kept), ...(isRecord(counts) && { counts: Object.fromEntries(Object.entries(counts).slice(0, MOST_CATEGORIES)) }) } };
}
const MOST_CATEGORIES = 12;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const plain = (value: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one !== 'object' || one === null));
