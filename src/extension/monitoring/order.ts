/** The order of alerts. Pure. */
import type { AlertRow } from '../../protocol/monitoring';
import { columnOf } from './words';

const RANK = { critical: 0, warning: 1, info: 2 } as const;
/** What names a column says more than what is of all of them. */
const vague = (row: AlertRow): number => (columnOf(row) === undefined ? 1 : 0);
/** The most severe first, then the newest. */
export const bySeverity = (a: AlertRow, b: AlertRow): number => RANK[a.severity] - RANK[b.severity] || b.opened - a.opened || vague(a) - vague(b) || a.key.localeCompare(b.key) || a.id.localeCompare(b.id);
