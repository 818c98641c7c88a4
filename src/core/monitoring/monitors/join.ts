/** Several checks of drift in one window as one document: what a person looks at. Pure. */
import type { DriftDoc } from '../../../protocol/drift';
import { worstOf } from './summary';

/** What `first` says of a column goes before what others say; what only one of the others looked at is there, too. Null where there is none. */
export function joinDocs(first: DriftDoc | null, others: readonly (DriftDoc | null)[]): DriftDoc | null {
  const all = [...new Set([first, ...others].filter((one) => one !== null))];
  const [base] = all;
  if (!base || all.length === 1) return base ?? null;
  const parts = <T>(of: (doc: DriftDoc) => Record<string, T>): Record<string, T> => Object.assign({}, ...[...all].reverse().map(of)) as Record<string, T>;
  const multivariate = all.find((one) => (one.multivariate?.length ?? 0) > 0)?.multivariate;
  const slices = all.find((one) => (one.slices?.length ?? 0) > 0)?.slices;
  return {
    ...base, columns: parts(({ columns }) => columns), predictions: parts(({ predictions }) => predictions), label: all.find(({ label }) => label !== null)?.label ?? null,
    drifted: [...new Set(all.flatMap(({ drifted }) => drifted))], reasons: [...new Set(all.flatMap(({ reasons }) => reasons))], outcome: worstOf(all.map(({ outcome }) => outcome)),
    ...(multivariate && { multivariate }), ...(slices && { slices }),
  };
}
