/** Monitors, alerts, logs and retrainings in words. Pure: the present moment is an argument, in ms. */
import type { AlertRow, BrokenEntry, FeedbackSummary, MonitorRow, RetrainingRow, RetrainingRun, RetrainingState, ServingLog } from '../../protocol/monitoring';
import { count, formatAgo, formatDuration, formatNumber, shorten } from '../base/format';

export const ago = (then: number, now: number): string => formatAgo(then / 1000, now / 1000);

export interface Look { icon: string; color: string }
/** Icon and theme colour; the shape differs as well as the colour. */
export const severityLooks: Readonly<Record<AlertRow['severity'], Look>> = {
  critical: { icon: 'error', color: 'charts.red' }, warning: { icon: 'warning', color: 'charts.yellow' }, info: { icon: 'info', color: 'charts.blue' },
};

/** NAME@ENVIRONMENT in its two parts; nothing where it isn't one. */
export function served(model: string | null): { model: string; environment: string } | undefined {
  const at = model?.lastIndexOf('@') ?? -1;
  return model === null || at <= 0 || at === model.length - 1 ? undefined : { model: model.slice(0, at), environment: model.slice(at + 1) };
}

const DAY_MS = 86_400_000;
const day = (t: number): string => new Date(t).toISOString().slice(0, 10);
const hour = (t: number): string => new Date(t).toISOString().slice(11, 16);

/** "2026-11-20", "2026-11-16 to 2026-11-22" where it is whole days, else "2026-11-20 14:00 to 15:00 UTC": windows are cut in UTC. */
export function windowWords({ from, to }: { from: number; to: number }): string {
  if (from % DAY_MS === 0 && to % DAY_MS === 0 && to > from) return to - from === DAY_MS ? day(from) : `${day(from)} to ${day(to - DAY_MS)}`;
  return `${day(from)} ${hour(from)} to ${day(from) === day(to) ? '' : `${day(to)} `}${hour(to)} UTC`;
}

/** "in 5 min", "in 3 h", "in 2 d"; "now" where it is due. */
export function untilWords(then: number, now: number): string {
  const seconds = (then - now) / 1000;
  if (seconds < 45) return 'now';
  if (seconds < 5400) return `in ${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 129_600 ? `in ${Math.round(seconds / 3600)} h` : `in ${Math.round(seconds / 86_400)} d`;
}

/** "fail · 2026-11-20 · next in 3 h": how the newest window came out, and when the next is looked at. */
export function monitorWords({ last, next, running, problem }: MonitorRow, now: number): string {
  if (problem !== null) return problem;
  const before = last === null ? ['not run yet'] : [last.outcome, windowWords(last.window)];
  return [...(running ? ['running'] : []), ...before, ...(next === null || running ? [] : [`next ${untilWords(next, now)}`])].join(' · ');
}

/** "line 12: there is no check 'drfit'". */
export const brokenWords = ({ line, message, more }: BrokenEntry): string => `line ${line}: ${message}${more > 0 ? ` · ${more} more` : ''}`;

/** "acknowledged · 2 h ago · 3 windows": a narrow side bar shows the beginning. */
export function alertWords(row: AlertRow, now: number): string {
  return [stateWords(row, now), ago(row.opened, now), row.windows > 1 ? count(row.windows, 'window') : '', row.incident ? 'incident note' : ''].filter(Boolean).join(' · ');
}

/** Nothing of one that is simply open. */
export function stateWords({ state, snoozedUntil, resolved }: AlertRow, now: number): string {
  switch (state) {
    case 'open': return '';
    case 'acknowledged': return 'acknowledged';
    case 'snoozed': return snoozedUntil === null ? 'snoozed' : `snoozed, wakes ${untilWords(snoozedUntil, now)}`;
    case 'resolved': return resolved === null ? 'resolved' : `resolved ${ago(resolved, now)}`;
  }
}

/** Of all columns together: no column is called so here. */
const TOGETHER: readonly string[] = ['pca_reconstruction', 'domain_auc'];

const TITLES: Readonly<Record<string, (subject: string) => string>> = {
  drift: (subject) => (subject === '' ? 'drift' : TOGETHER.includes(subject) ? `all columns together (${subject === 'domain_auc' ? 'classifier' : 'PCA'})` : `${subject} drifted`),
  predictions: () => 'predictions drifted', schema: () => 'the schema changed', rows: () => 'unusual number of rows', fresh: () => 'nothing new came', latency: () => 'latency beyond its limit',
  estimated: (subject) => `estimated ${subject} beyond its limit`, realised: (subject) => `realised ${subject} beyond its limit`, rules: (subject) => (subject === '' ? 'rules met' : `rule ${subject} met`), command: (subject) => subject,
};

/** What an alert is about, in a few words: its text tells the figures. */
export const titleWords = ({ check, subject, text }: Pick<AlertRow, 'check' | 'subject' | 'text'>): string => TITLES[check]?.(subject) || shorten(text, 60);

/** What a check looked at. */
export const checkTitle = ({ check, subject }: { check: string; subject: string }): string => (subject === '' ? check : TOGETHER.includes(subject) ? 'all columns together' : ['estimated', 'realised', 'rules'].includes(check) ? `${check} ${subject}` : subject);

/** Whether somebody has yet to look at it. */
export const isWaiting = ({ state }: AlertRow): boolean => state === 'open';

/** The column that an alert or a check is about; nothing where it is about the whole. */
export const columnOf = ({ check, subject }: { check: string; subject: string }): string | undefined => (check === 'drift' && subject !== '' && !TOGETHER.includes(subject) ? subject : undefined);

/** "12,000 rows in 5 days · versions 1, 2 · newest 5 min ago". */
export function logWords({ rows, days, versions, to }: ServingLog, now: number): string {
  if (rows === 0) return 'empty';
  const named = versions.length === 0 ? '' : `${versions.length === 1 ? 'version' : 'versions'} ${versions.join(', ')}`;
  return [`${count(rows, 'row')} in ${count(days.length, 'day')}`, named, to === null ? '' : `newest ${ago(to, now)}`].filter(Boolean).join(' · ');
}

/** "120 labels · 90 right, 10 wrong, 3 unsure · 2 reviewers". */
export function feedbackWords({ labels, right, wrong, unsure, reviewers, error }: FeedbackSummary): string {
  const judged = [[right, 'right'], [wrong, 'wrong'], [unsure, 'unsure']].filter(([n]) => Number(n) > 0).map(([n, word]) => `${n?.toLocaleString('en-US')} ${word}`).join(', ');
  if (labels === 0 && judged === '') return 'none yet';
  return [count(labels, 'label'), judged, error ? `mean error ${formatNumber(error.mean)}` : '', reviewers.length > 0 ? count(reviewers.length, 'reviewer') : ''].filter(Boolean).join(' · ');
}

const STATES: Readonly<Record<RetrainingState, string>> = { waiting: 'waits', running: 'running', registered: 'registered', rejected: 'not better', promoted: 'promoted', failed: 'failed', held: 'held back' };
export const retrainingLooks: Readonly<Record<RetrainingState, { icon: string; color: string | undefined }>> = {
  waiting: { icon: 'clock', color: 'descriptionForeground' }, running: { icon: 'loading~spin', color: 'charts.blue' }, registered: { icon: 'pass', color: 'charts.green' },
  rejected: { icon: 'circle-slash', color: 'descriptionForeground' }, promoted: { icon: 'pass-filled', color: 'charts.green' }, failed: { icon: 'error', color: 'charts.red' }, held: { icon: 'debug-pause', color: 'descriptionForeground' },
};

export const isGoing = ({ state }: Pick<RetrainingRun, 'state'>): boolean => state === 'waiting' || state === 'running';

/** "registered version 4 · 2 d ago". */
export const attemptWords = ({ state, version, t }: RetrainingRun, now: number): string => [`${STATES[state]}${version === null ? '' : ` version ${version}`}`, ago(t, now)].join(' · ');

/** "registered version 4 · 2 d ago · next in 3 d · 2 of 7 runs this week". */
export function retrainingWords({ last, next, coolDown, used, budget, problem }: RetrainingRow, now: number): string {
  if (problem !== null) return problem;
  return [
    last === null ? 'never run' : attemptWords(last, now), coolDown === null || coolDown <= now ? '' : `cools down, ready ${untilWords(coolDown, now)}`,
    next === null ? '' : `next ${untilWords(next, now)}`, used.runs > 0 ? `${used.runs} of ${count(budget.perWeek, 'run')} this week` : '',
  ].filter(Boolean).join(' · ');
}

/** "4 of 5 checks pass". */
export function checksWords(checks: readonly { outcome: string }[]): string {
  const passed = checks.filter(({ outcome }) => outcome === 'pass').length;
  return `${passed} of ${count(checks.length, 'check')} ${checks.length === 1 ? 'passes' : 'pass'}`;
}

/** "0.42, limit 0.1". */
export const figureWords = ({ value, threshold }: { value: number | null; threshold: number | null }): string =>
  (value === null ? '' : `${formatNumber(value)}${threshold === null ? '' : `, limit ${formatNumber(threshold)}`}`);

/** The lens over a monitor: "last: pass 2 h ago", "1 alert". */
export function lensWords({ last, running, problem }: MonitorRow, now: number): string {
  if (running) return 'running';
  if (last === null) return problem === null ? 'not run yet' : 'can\u2019t run';
  return `last: ${last.outcome} ${ago(last.created, now)}`;
}

/** "every 1 d 0 h", as the window is told. */
export const lengthWords = (seconds: number): string => {
  for (const [size, word] of [[604_800, 'week'], [86_400, 'day'], [3600, 'hour'], [60, 'minute']] as const) if (seconds % size === 0) return count(seconds / size, word);
  return formatDuration(seconds);
};
