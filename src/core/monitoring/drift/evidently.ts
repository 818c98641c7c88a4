/** Evidently's verdict over the whole data set, from its verdict of each column: for holding a report against one of theirs. Ours is the report's outcome. Pure. */
import type { EvidentlyVerdict } from '../../../protocol/drift';
import type { MeasuredColumn } from './figures';

/** Of the columns, as its data drift preset has it with nothing set. */
const SHARE = 0.5;

/**
 * Over the inputs alone. A column without a value on a side is in no count (there it ends the report); one that is left out as names of things isn't either.
 * Share and verdict are null where no column is left. Source: evidently/presets/drift.py, evidently/legacy/calculations/data_drift.py (0.7).
 */
export function evidentlyVerdict(columns: readonly MeasuredColumn[]): EvidentlyVerdict {
  const inputs = columns.filter(({ role }) => role === 'input');
  const told = inputs.flatMap(({ measured: { figures } }) => (figures['evidently_default'] as { drifted: boolean } | null) ?? []);
  const drifted_count = told.filter(({ drifted }) => drifted).length;
  const drifted_share = told.length === 0 ? null : drifted_count / told.length;
  return {
    drifted_count, drifted_share, dataset_drift: drifted_share === null ? null : drifted_share >= SHARE,
    skipped_all_missing: inputs.filter(({ measured: { n } }) => n.reference === 0 || n.current === 0).map(({ name }) => name),
  };
}
