/** Which triggers of a retraining are true now. Pure. Times in ms since the epoch, periods in seconds. */
import type { Trigger } from '../../config/monitoring';
import type { ResultSummary } from '../../../protocol/monitoring';
import type { PerformanceFigure } from '../../../protocol/performance';

/** What is known at a moment. `since`: begin of the last retraining, else when this one was first known: only what came later counts. */
export interface Evidence {
  now: number; since: number;
  /** by the monitor's name, newest window first */
  results: Readonly<Record<string, readonly ResultSummary[]>>;
  /** labels that came since then; null: nobody counted */
  labels: number | null;
  /** the first moment of a cron line after another one */
  nextOf(cron: string, after: number): number | null;
}
export interface Fired { trigger: string; reason: string }

/** A trigger in a few words: 'every 7 d', 'drift of loan-daily'. */
export function triggerText(trigger: Trigger): string {
  switch (trigger.on) {
    case 'schedule': return trigger.cron === undefined ? `every ${periodText(trigger.every ?? 0)}` : `at ${trigger.cron}`;
    case 'drift': return `drift of ${trigger.monitor}${trigger.windows > 1 ? `, ${trigger.windows} windows in a row` : ''}`;
    case 'estimated': case 'realised': return `${trigger.on} ${trigger.metric} of ${trigger.monitor} down by ${trigger.drop}`;
    case 'labels': return `${trigger.count} new labels`;
  }
}

/** '7 d', '12 h', '30 min', '45 s'. */
export function periodText(seconds: number): string {
  const units: [number, string][] = [[86_400, 'd'], [3600, 'h'], [60, 'min']];
  const [size, unit] = units.find(([least]) => seconds >= least && seconds % least === 0) ?? [1, 's'];
  return `${Number((seconds / size).toPrecision(6))} ${unit}`;
}

/** The first trigger, in their order, that is true; null: none is. */
export function firedOf(triggers: readonly Trigger[], evidence: Evidence): Fired | null {
  for (const trigger of triggers) {
    const reason = reasonOf(trigger, evidence);
    if (reason !== null) return { trigger: triggerText(trigger), reason };
  }
  return null;
}

/** When the earliest schedule among the triggers comes next; null: there is none. */
export function nextSchedule(triggers: readonly Trigger[], { since, nextOf }: Pick<Evidence, 'since' | 'nextOf'>): number | null {
  const all = triggers.flatMap((trigger) => (trigger.on === 'schedule' ? (dueAt(trigger, since, nextOf) ?? []) : []));
  return all.length > 0 ? Math.min(...all) : null;
}

/** Whether a schedule that is due then is worth waiting for. One that was due more than a look ago was looked at, and is held. All in ms. */
export const isSoon = (due: number | null, { now, within, look }: { now: number; within: number; look: number }): boolean => due !== null && due > now - look && due <= now + within;

const dueAt = ({ cron, every }: Extract<Trigger, { on: 'schedule' }>, since: number, nextOf: Evidence['nextOf']): number | null => (cron === undefined ? since + (every ?? 0) * 1000 : nextOf(cron, since));

function reasonOf(trigger: Trigger, evidence: Evidence): string | null {
  switch (trigger.on) {
    case 'schedule': {
      const due = dueAt(trigger, evidence.since, evidence.nextOf);
      return due !== null && due <= evidence.now ? `it was due at ${new Date(due).toISOString().slice(0, 16)}Z` : null;
    }
    case 'drift': return drifted(fresh(trigger.monitor, evidence), trigger.windows);
    case 'estimated': case 'realised': {
      const [newest] = fresh(trigger.monitor, evidence);
      const figure = newest?.figures[trigger.metric];
      return figure ? dropped(figure, trigger) : null;
    }
    case 'labels': return evidence.labels !== null && evidence.labels >= trigger.count ? `${evidence.labels} labels came` : null;
  }
}

/** Results that were made after the last retraining began: what made that one begin is no news. */
const fresh = (monitor: string, { results, since, now }: Evidence): ResultSummary[] => (results[monitor] ?? []).filter(({ created }) => created > since && created <= now);

const DRIFT_CHECKS = new Set(['drift', 'predictions']);
function drifted(results: readonly ResultSummary[], windows: number): string | null {
  if (results.length < windows) return null;
  const failing = results.slice(0, windows).map(({ checks }) => checks.filter(({ check, outcome }) => outcome === 'fail' && DRIFT_CHECKS.has(check)));
  if (failing.some((checks) => checks.length === 0)) return null;
  const subjects = [...new Set((failing[0] ?? []).map(({ subject }) => subject))];
  return `drift in ${subjects.slice(0, 5).join(', ')}${subjects.length > 5 ? ` and ${subjects.length - 5} more` : ''}${windows > 1 ? `, ${windows} windows in a row` : ''}`;
}

/** Worse than the reference by `drop` or more, and by the whole of its interval worse than the reference: noise retrains nothing. */
function dropped(figure: PerformanceFigure, { on, metric, drop }: Extract<Trigger, { on: 'estimated' | 'realised' }>): string | null {
  const value = on === 'estimated' ? figure.estimated : figure.realised;
  const interval = on === 'estimated' ? figure.estimatedInterval : figure.realisedInterval;
  const { reference, goal } = figure;
  if (value === null || reference === null) return null;
  const sign = goal === 'maximize' ? 1 : -1;
  const best = interval ? (goal === 'maximize' ? interval[1] : interval[0]) : value;
  if (sign * (reference - value) < drop || sign * (reference - best) <= 0) return null;
  return `${on} ${metric} ${digits(value)} against ${digits(reference)} in the reference`;
}

const digits = (value: number): string => String(Number(value.toPrecision(4)));
