/** A column as a report keeps it. No column of the data holds what a model said, nor labels that came later: they are drawn from their figures. Pure. */
import type { ColumnDrift, ColumnPicture, DriftDoc } from '../../../src/protocol/drift';

type Side = 'reference' | 'current';
type Counts = Record<Side, number[]>;
interface Summary { n: number; min: number | null; max: number | null }
interface Kept {
  missing: { reference_missing: number; current_missing: number; reference_rate: number | null; current_rate: number | null };
  reference?: Summary; current?: Summary; bins?: { edges: number[]; reference_counts: number[]; current_counts: number[] };
  counts?: Record<string, [number, number]>; categories?: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((so, one) => so + one, 0);

/** What a report keeps of a prediction or of the label. */
export const keptOf = (doc: DriftDoc | null, name: string): ColumnDrift | undefined => doc?.predictions[name] ?? (doc?.label?.name === name ? doc.label : undefined);

/** Of all rows. Numbers in the bins of the reference's deciles; of many categories only those that the report lists, the rest as one. */
export function keptPicture({ name, type, figures }: ColumnDrift): ColumnPicture {
  const kept = figures as unknown as Kept;
  const missing = { reference: kept.missing.reference_missing, current: kept.missing.current_missing };
  const none = { column: name, type, missing, histogram: null, ecdf: null, quantiles: null, categories: null, others: null };
  return type === 'numeric' ? numbers(none, kept) : groups(none, kept);
}

function numbers(none: Omit<ColumnPicture, 'rows'>, { bins, reference, current, missing }: Kept): ColumnPicture {
  const rows = { reference: (reference?.n ?? 0) + missing.reference_missing, current: (current?.n ?? 0) + missing.current_missing };
  const ends = [reference?.min, reference?.max, current?.min, current?.max].filter((end) => typeof end === 'number');
  const inner = bins?.edges ?? [];
  if (!bins || inner.length === 0 || ends.length === 0) return { ...none, rows };
  const [low, high] = [Math.min(...ends, ...inner), Math.max(...ends, ...inner)];
  // A bin has its upper edge: where the least value is the first edge, its bin would have no width.
  const room = high > low ? (high - low) / 20 : 0.5;
  const edges = [low < (inner[0] ?? 0) ? low : low - room, ...inner, high > (inner.at(-1) ?? 0) ? high : high + room];
  const counts: Counts = { reference: bins.reference_counts, current: bins.current_counts };
  const steps = (own: readonly number[]): [number, number][] => edges.map((edge, at) => [edge, sum(own.slice(0, at)) / Math.max(1, sum(own))]);
  return { ...none, rows, histogram: { edges, ...counts }, ecdf: { reference: steps(counts.reference), current: steps(counts.current) } };
}

function groups(none: Omit<ColumnPicture, 'rows'>, { counts = {}, categories = 0, missing }: Kept): ColumnPicture {
  const listed = Object.entries(counts).map(([value, [reference, current]]) => ({ value, reference, current }));
  const of = (side: Side): number => sum(listed.map((one) => one[side]));
  // All rows are told by how many of them are missing, where some are; else by what is listed.
  const all = (side: Side): number => {
    const [gone, rate] = [missing[`${side}_missing`], missing[`${side}_rate`]];
    return Math.max(of(side) + gone, gone > 0 && rate !== null && rate > 0 ? Math.round(gone / rate) : 0);
  };
  const rows = { reference: all('reference'), current: all('current') };
  const rest = (side: Side): number => rows[side] - missing[`${side}_missing`] - of(side);
  return { ...none, rows, categories: listed, others: { reference: rest('reference'), current: rest('current'), values: Math.max(0, categories - listed.length) } };
}
