/** The order of alerts. Pure. */
import type { AlertRow } from '../../protocol/monitoring';

const RANK = { critical: 0, warning: 1, info: 2 } as const;
/** The most severe first, then the newest. */
export const bySeverity = (a: AlertRow, b: AlertRow): number => RANK[a.severity] - RANK[b.severity] || b.opened - a.opened || a.id.localeCompare(b.id);
