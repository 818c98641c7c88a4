/** Alerts as they are listed: which first, what can be done about one, for how long it can be put off. Pure. Times in ms since the epoch. */
import type { AlertEvent, AlertRow } from '../../../src/protocol/monitoring';

const HOUR = 3_600_000;
export const SNOOZES: readonly { value: string; label: string; ms: number }[] = [{ value: '1h', label: '1 hour', ms: HOUR }, { value: '4h', label: '4 hours', ms: 4 * HOUR }, { value: '1d', label: '1 day', ms: 24 * HOUR }, { value: '3d', label: '3 days', ms: 72 * HOUR }, { value: '1w', label: '1 week', ms: 168 * HOUR }];

const SEVERITY = { critical: 0, warning: 1, info: 2 } as const;
const STATE = { open: 0, acknowledged: 1, snoozed: 2, resolved: 3 } as const;
/** What waits for somebody first, the worst first, then the newest. */
const sortAlerts = (alerts: readonly AlertRow[]): AlertRow[] => [...alerts].sort((a, b) => STATE[a.state] - STATE[b.state] || SEVERITY[a.severity] - SEVERITY[b.severity] || b.updated - a.updated || a.id.localeCompare(b.id));

export const isOpen = ({ state }: Pick<AlertRow, 'state'>): boolean => state !== 'resolved';
export const shownAlerts = (alerts: readonly AlertRow[], all: boolean): AlertRow[] => sortAlerts(alerts).filter((one) => all || isOpen(one));

export type Action = 'acknowledge' | 'snooze' | 'resolve' | 'reopen';
/** What can be said to an alert as it is. */
export function actionsFor({ state }: Pick<AlertRow, 'state'>): Action[] {
  switch (state) {
    case 'open': return ['acknowledge', 'snooze', 'resolve'];
    case 'acknowledged': return ['snooze', 'resolve'];
    case 'snoozed': return ['acknowledge', 'resolve'];
    case 'resolved': return ['reopen'];
    default: return [];
  }
}
/** Whoever puts off or ends an alert says why. */
export const wantsReason = (action: Action): boolean => action === 'snooze' || action === 'resolve';

const EVENTS: Record<AlertEvent['what'], string> = { opened: 'opened', held: 'failed again', acknowledged: 'acknowledged', snoozed: 'snoozed', resolved: 'resolved', reopened: 'opened again', woke: 'woke from its snooze', hook: 'hook', incident: 'incident note', rolledBack: 'rolled back', retraining: 'retraining' };
export const eventWord = ({ what }: Pick<AlertEvent, 'what'>): string => EVENTS[what];
