/** Which slices a drift hits: how much of the rows they are on both sides, and what drifted within them. */
import { RunyardError } from '../../base/errors';
import type { Data } from '../../evaluation/data/types';
import { benjaminiHochberg } from '../../evaluation/intervals/adjust';
import { pooledZ } from '../../evaluation/intervals/two-proportions';
import type { ColumnDrift, DriftDoc, DriftRequest, SliceDrift } from '../../../protocol/drift';
import type { SliceSpec } from '../../../protocol/evaluation/request';
import { psiNoise } from './noise';
import { measured, type Kind } from './sources';
import { judge, testsOf } from './tests';

type Asked = Pick<DriftRequest, 'slices' | 'limits' | 'limitsOf' | 'alpha' | 'seed'>;
interface Slicing { request: Asked; columns: readonly ColumnDrift[]; drifted: readonly string[]; importance: Readonly<Record<string, number>> | null; signal: AbortSignal; progress(phase: string, done: number, total: number): void }
export interface Sliced { slices: SliceDrift[]; leftOut: DriftDoc['leftOut'] }

/** Cells up to which every column is looked at within every slice; beyond, those that drifted as a whole. */
const MOST_CELLS = 50_000_000;
/** From which change of its share on a slice has moved. */
const SHARE_LIMIT = 0.05;

/** The most harmful first, then those with the most columns. Slices that can't be asked here (a tagger, a column that a side lacks) are left out, with why. */
export async function slicesOf({ reference, current }: { reference: Data; current: Data }, slicing: Slicing): Promise<Sliced> {
  const { request, signal, progress } = slicing;
  const { usable, leftOut } = await usableSlices(request.slices, [reference, current]);
  const all = slicing.columns.length * usable.length * (reference.rows + current.rows) <= MOST_CELLS;
  const columns = slicing.columns.filter(({ name }) => all || slicing.drifted.includes(name));
  const predicates = usable.map(({ where }) => where);
  const [before, after] = [await counted(reference, predicates, signal), await counted(current, predicates, signal)];
  const within: { slice: number; column: ColumnDrift; tests: ReturnType<typeof testsOf> }[] = [];
  for (const [at, { where, minSupport }] of usable.entries()) {
    if (Math.min(before[at] ?? 0, after[at] ?? 0) >= minSupport) for (const column of columns) {
      const tests = await testsWithin(column, { reference, current, where }, slicing);
      if (tests) within.push({ slice: at, column, tests });
    }
    progress('looking into slices', at + 1, usable.length);
  }
  const judged = judge(within.map(({ column, tests }) => ({ name: column.name, tests })), request.alpha);
  const changes = benjaminiHochberg(usable.map((_, at) => pooledZ({ successes: after[at] ?? 0, n: current.rows }, { successes: before[at] ?? 0, n: reference.rows })?.p ?? null));
  const slices = usable.map(({ name, minSupport }, at): SliceDrift => {
    const sides = { reference: { rows: before[at] ?? 0, share: (before[at] ?? 0) / reference.rows }, current: { rows: after[at] ?? 0, share: (after[at] ?? 0) / current.rows } };
    const drifted = within.flatMap(({ slice, column }, k) => (slice === at && judged[k]?.outcome === 'fail' ? [{ column: column.name, ...largest(judged[k]) }] : [])).sort((a, b) => b.effect / b.limit - a.effect / a.limit);
    const p_bh = changes[at] ?? null;
    const moved = p_bh !== null && p_bh < request.alpha && Math.abs(sides.current.share - sides.reference.share) >= SHARE_LIMIT;
    const few = Math.min(sides.reference.rows, sides.current.rows) < minSupport;
    const harm = slicing.importance && drifted.reduce((sum, one) => sum + (slicing.importance?.[one.column] ?? 0) * (one.effect / one.limit), 0);
    return { name, ...sides, p_bh, drifted, harm, outcome: drifted.length > 0 || moved ? 'fail' : few ? 'cannot tell' : 'pass' };
  });
  return { slices: slices.sort((a, b) => (b.harm ?? 0) - (a.harm ?? 0) || b.drifted.length - a.drifted.length || Number(b.outcome === 'fail') - Number(a.outcome === 'fail')), leftOut };
}

type Usable = SliceSpec & { where: string };

async function usableSlices(slices: readonly SliceSpec[], sides: readonly Data[]): Promise<{ usable: Usable[]; leftOut: DriftDoc['leftOut'] }> {
  const usable: Usable[] = [];
  const leftOut: DriftDoc['leftOut'] = [];
  for (const slice of slices) {
    const { name, where } = slice;
    const why = where === undefined ? 'its tagger is a program, which is asked in evaluations only' : await problemOf(where, sides);
    if (why !== null || where === undefined) leftOut.push({ column: `slice ${name}`, why: why ?? '' });
    else usable.push({ ...slice, where });
  }
  return { usable, leftOut };
}

async function problemOf(where: string, sides: readonly Data[]): Promise<string | null> {
  try {
    for (const data of sides) await data.checkPredicate(where);
    return null;
  } catch (error) {
    if (error instanceof RunyardError && error.code === 'bad_input') return error.message;
    throw error;
  }
}

const counted = async (data: Data, predicates: readonly string[], signal: AbortSignal): Promise<number[]> =>
  (await data.members(predicates, signal)).map((marks) => marks.reduce((sum, mark) => sum + mark, 0));

async function testsWithin({ name, type }: ColumnDrift, { reference, current, where }: { reference: Data; current: Data; where: string }, { request, signal }: Slicing): Promise<ReturnType<typeof testsOf> | null> {
  const kind: Kind = type;
  const own = await measured({ data: reference, column: name, where }, { data: current, column: name, where }, kind, signal);
  if (!own) return null;
  const noise = psiNoise(own.bins.reference, { n: own.n.reference, m: own.n.current, seed: request.seed });
  const limits = request.limitsOf[name] ?? {};
  return testsOf(own, noise, { ...request.limits, ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)) });
}

/** The effect that is furthest beyond its limit. */
function largest(judged: ReturnType<typeof judge>[number] | undefined): { effect: number; limit: number } {
  const drifted = (judged?.tests ?? []).filter((test) => test.drifted);
  return drifted.map(({ effect, limit }) => ({ effect: effect ?? 0, limit })).sort((a, b) => b.effect / b.limit - a.effect / a.limit)[0] ?? { effect: 0, limit: 1 };
}
