/** Drift times how much it matters: what a report is sorted by. Pure. */
import type { ColumnDrift } from '../../../protocol/drift';
import { excess } from './tests';

/**
 * Each column with its share of the model's importance, and harm: that share times how far beyond its limit the largest effect is (0 where nothing drifted). Predictions and the label are
 * the model's whole answer: share 1. A column that the model doesn't read has share 0. Without any importance both stay null.
 */
export function withHarm(column: ColumnDrift, importance: Readonly<Record<string, number>> | null): ColumnDrift {
  if (importance === null) return { ...column, importance: null, harm: null };
  const share = column.role === 'input' ? (importance[column.name] ?? 0) : 1;
  return { ...column, importance: share, harm: share * excess(column) };
}

/** The most harmful first; where nothing is known of harm, or it is the same, the largest effect against its limit. */
export const byHarm = (a: ColumnDrift, b: ColumnDrift): number => (b.harm ?? 0) - (a.harm ?? 0) || excess(b) - excess(a);
