/** Flips between two models, clustered by slice. Pure. */
import type { EvaluationDoc } from '../../../src/protocol/evaluation/result';

export interface Cluster { slice: string | null; name: string; n: number; /** was right, is wrong */ broken: number; /** was wrong, is right */ fixed: number; /** broken minus fixed, per row: above zero it got worse */ net: number; failed: boolean }

const count = (comparison: Record<string, unknown>, key: string): number | null => (typeof comparison[key] === 'number' ? comparison[key] : null);

/** All rows first, then the slices where most rows were lost for each that is there; slices without flips come last. Empty without a baseline or for numbers, where nothing flips. */
export function clusters(doc: Pick<EvaluationDoc, 'overall' | 'slices' | 'flips'>): Cluster[] {
  const whole = doc.overall.compared;
  const of = (slice: string | null, name: string, compared: typeof whole): Cluster[] => {
    if (!compared) return [];
    const [broken, fixed] = [count(compared.comparison, 'only_baseline_right'), count(compared.comparison, 'only_candidate_right')];
    if (broken === null || fixed === null) return [];
    const n = count(compared.comparison, 'n') ?? 0;
    return [{ slice, name, n, broken, fixed, net: n === 0 ? 0 : (broken - fixed) / n, failed: compared.failed }];
  };
  const slices = doc.slices.flatMap((slice) => of(slice.name, slice.name, slice.compared));
  slices.sort((a, b) => Number(a.broken + a.fixed === 0) - Number(b.broken + b.fixed === 0) || b.net - a.net || b.broken - a.broken);
  return [...of(null, 'all rows', whole), ...slices];
}
