/**
 * What hooks are told of an alert, as JSON: a webhook in the body of its POST, a command in the environment variable RUNYARD_ALERT. Figures and names of columns and slices
 * only: no row of any data. Times in ms since the epoch (UTC).
 *
 * {"format": 1, "event": "opened" | "woke" | "acknowledged" | "snoozed" | "resolved", "by": "Ana" or null, "reason": "...",
 *  "alert": {"id", "monitor", "check", "subject", "severity", "state", "text", "model", "version", "opened", "updated", "windows", "snoozedUntil", "resolved", "onCall"}, "runbook": "..."}
 */
import type { AlertRow } from '../../../protocol/monitoring';

export type HookEvent = 'opened' | 'woke' | 'acknowledged' | 'snoozed' | 'resolved';
export interface HookPayload {
  format: 1; event: HookEvent; by: string | null; reason: string; runbook: string;
  alert: Pick<AlertRow, 'id' | 'monitor' | 'check' | 'subject' | 'severity' | 'state' | 'text' | 'model' | 'version' | 'opened' | 'updated' | 'windows' | 'snoozedUntil' | 'resolved' | 'onCall'>;
}

export function payloadOf(row: AlertRow, event: HookEvent, { by, reason, runbook }: { by: string | null; reason: string; runbook: string }): HookPayload {
  const { id, monitor, check, subject, severity, state, text, model, version, opened, updated, windows, snoozedUntil, resolved, onCall } = row;
  return { format: 1, event, by, reason, alert: { id, monitor, check, subject, severity, state, text, model, version, opened, updated, windows, snoozedUntil, resolved, onCall }, runbook };
}
