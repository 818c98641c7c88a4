/** What a result does to the alerts of its monitor. Pure: documents in, documents out. */
import { checkName } from '../../config/monitor-checks';
import type { MonitorConfig } from '../../config/monitoring';
import type { AlertRow, CheckResult, ResultSummary } from '../../../protocol/monitoring';
import { isOpen, standingOf, withEvent, withStanding, type AlertDoc } from './document';
import { goOn, mayOpen } from './machine';
import { trailsOf } from './trail';

export type Told = 'opened' | 'woke' | 'resolved';
export interface Change { doc: AlertDoc; told: Told | null }
/** `known`: results of the monitor that are kept, without this one; `alerts`: all of the monitor. `newId`: of an alert that opens. */
export interface Folding {
  monitor: Pick<MonitorConfig, 'name' | 'model' | 'checks' | 'open' | 'close'>; result: ResultSummary; known: readonly ResultSummary[]; alerts: readonly AlertDoc[];
  now: number; version: number | null; onCall: string | null; newId: () => string;
}
export interface Folded { changes: Change[]; /** ids of the open alerts whose check failed in this window */ alerts: string[] }

/** A window older than the newest that was looked at touches no alert: it is history. */
export function foldAlerts(folding: Folding): Folded {
  const { monitor, result, known, alerts } = folding;
  if (known.some(({ window }) => window.from > result.window.from)) return { changes: [], alerts: [] };
  const trails = trailsOf([...known.filter(({ id }) => id !== result.id), result]);
  const changes: Change[] = [];
  for (const check of result.checks) {
    if (check.outcome === 'cannot tell') continue;
    const change = foldCheck(folding, check, trails.get(check.key) ?? []);
    if (change) changes.push(change);
  }
  const names = monitor.checks.map(checkName);
  for (const doc of alerts) if (isOpen(doc) && !names.some((name) => doc.row.key === name || doc.row.key.startsWith(`${name}:`))) changes.push({ told: 'resolved', doc: ended(doc, folding.now, 'its check is no longer in runyard.yaml') });
  const after = new Map(alerts.map((doc) => [doc.row.id, doc]));
  for (const { doc } of changes) after.set(doc.row.id, doc);
  const failed = new Set(result.checks.filter(({ outcome }) => outcome === 'fail').map(({ key }) => key));
  return { changes, alerts: [...after.values()].filter((doc) => isOpen(doc) && failed.has(doc.row.key)).map(({ row }) => row.id) };
}

/** What a person reads of a check that fails. */
export function textOf({ check, reason }: Pick<CheckResult, 'check' | 'reason'>): string {
  const text = reason.startsWith(check) ? reason : `${check}: ${reason}`;
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}\u2026` : text;
}
const MOST_TEXT = 500;

function foldCheck(folding: Folding, check: CheckResult, trail: Parameters<typeof goOn>[1]): Change | null {
  const { monitor, result, alerts, now } = folding;
  const own = monitor.checks[check.at];
  const limits = { open: own?.open ?? monitor.open, close: own?.close ?? monitor.close };
  const same = alerts.filter(({ row }) => row.key === check.key);
  const current = same.find(isOpen);
  if (!current) {
    // The one that ended last says whether a person had settled what failed until then.
    const last = [...same].sort((a, b) => (b.row.resolved ?? 0) - (a.row.resolved ?? 0))[0];
    const move = mayOpen(trail, limits, last?.settled == null ? null : { through: last.settled });
    return move.what === 'open' ? { told: 'opened', doc: opened(folding, check, move.standing) } : null;
  }
  const move = goOn(standingOf(current), trail, { close: limits.close, now });
  if (move.what === 'nothing' || move.what === 'open') return null;
  if (move.what === 'resolve') return { told: 'resolved', doc: ended(withStanding(current, move.standing, {}), now, `it passed ${limits.close === 1 ? 'again' : `${limits.close} windows in a row`}`) };
  const grown = withStanding(current, move.standing, { updated: now, ...(check.outcome === 'fail' && { text: textOf(check), subject: check.subject, result: result.id, severity: check.severity }) });
  if (move.what === 'wake') return { told: 'woke', doc: withEvent(grown, { t: now, what: 'woke', by: null, text: 'it was snoozed, and still fails' }) };
  return { told: null, doc: withEvent(grown, { t: now, what: 'held', by: null, text: `fails in ${grown.row.windows} windows so far` }) };
}

function opened({ monitor, result, now, version, onCall, newId }: Folding, check: CheckResult, standing: ReturnType<typeof standingOf>): AlertDoc {
  const { first, counted, since, windows } = standing;
  const row: AlertRow = {
    id: newId(), monitor: monitor.name, key: check.key, check: check.check, subject: check.subject, model: monitor.model ?? null, severity: check.severity, state: 'open', text: textOf(check),
    opened: now, updated: now, windows, result: result.id, snoozedUntil: null, resolved: null, version, onCall, incident: null,
  };
  return { format: 1, row, first, counted, since, settled: null, events: [{ t: now, what: 'opened', by: null, text: onCall === null ? row.text : `${row.text} (on call: ${onCall})` }] };
}

/** Ends without a person. */
export const ended = (doc: AlertDoc, now: number, text: string): AlertDoc => withEvent({ ...doc, settled: null, row: { ...doc.row, state: 'resolved', snoozedUntil: null, resolved: now, updated: now, resolution: text } }, { t: now, what: 'resolved', by: null, text });
