/** From scored rows to everything that is said of them. Reads no file and runs no model. */
import { RunyardError } from '../../base/errors';
import { pause } from '../../base/stopping';
import type { EvaluationDoc, FigureSet, Figures, SliceResult } from '../../../protocol/evaluation/result';
import { adjusted, againstRest, harmOf } from './against-rest';
import type { JudgeRequest } from './asked';
import { checksOf } from './checks';
import { closedIntervals } from './closed';
import { comparePairs, type PairsFound } from './pairs';
import { figuresOf, mainFigure } from './figures';
import { cellsOf } from './cells';
import { planIntervals, sliceIntervals, wholeIntervals, type Found, type Planned } from './intervals';
import { outcomeOf, sliceOutcome } from './outcome';
import { partOf, type Part } from './part';
import { pinnedResults } from './pinned';
import { maskOf, prepare } from './prepared';
import { usableRows, type Scored } from './scored';
import { drawAll, type Drawing } from './workers';

/** Figures of a person's own by set of rows, with intervals where they could be had. `places`: rows of the data. */
export type CustomFigures = (sets: readonly { name: string; part: Part }[]) => Promise<{ figures: Record<string, number | null>; intervals: FigureSet['intervals'] }[]>;
export interface Judging { drawing?: Drawing | undefined; custom?: CustomFigures | undefined; step?(phase: string, done: number, total: number): void }
export type Judgement = Pick<EvaluationDoc, 'main' | 'overall' | 'slices' | 'baselineOverall' | 'baselineSlices' | 'splits' | 'pinned' | 'flips' | 'outcome' | 'reasons'>;

interface Portion { figures: Figures; planned: Planned; closed: FigureSet['intervals'] }

/**
 * Figures with intervals of all rows, of each slice and of each split; each slice against the rest; the baseline on the same rows; checks, pinned
 * examples and the outcome. Throws bad_input where not one row can be judged.
 */
export async function judge(scored: Scored, request: JudgeRequest, { drawing = {}, custom, step }: Judging = {}): Promise<Judgement> {
  const { seed, replicates, bins, cost } = request;
  const rows = usableRows(scored, false);
  if (rows.length === 0) throw nothingScored(scored);
  step?.('figures', 0, request.slices.length + 1);
  const prepared = prepare(scored, scored.model, rows);
  const cells = cellsOf(prepared, bins);
  const whole = partOf(prepared, null, cells);
  const portion = (part: Part, limits: typeof sliceIntervals, curves: boolean): Portion => {
    const figures = figuresOf(part, { bins, cost, curves });
    return { figures, planned: planIntervals(part, figures, { seed, replicates, bins, cost, ...limits }), closed: closedIntervals(part, figures) };
  };
  const masks = scored.slices.map((member) => maskOf(prepared, member));
  const wholeOne = portion(whole, wholeIntervals, true);
  const own: { name: string; part: Part }[] = [{ name: '', part: whole }];
  const slices: (Portion & { rest: SliceResult['vs_rest']; unscored: number; n: number })[] = [];
  for (const [at, mask] of masks.entries()) {
    const part = partOf(prepared, mask, cells);
    if (custom) own.push({ name: request.slices[at]?.name ?? '', part });
    const one = portion(part, sliceIntervals, false);
    slices.push({ ...one, rest: againstRest({ part, figures: one.figures }, { part: whole, figures: wholeOne.figures }, mask), unscored: members(scored.slices[at]) - part.n, n: part.n });
    step?.('figures', at + 1, masks.length + 1);
    await pause(drawing.signal);
  }
  adjusted(slices.map(({ rest }) => rest));
  const splits = splitMasks(scored, rows).map(({ value, mask }) => ({ value, ...portion(partOf(prepared, mask, cells), sliceIntervals, false), slices: Object.fromEntries(masks.map((slice, at) => [request.slices[at]?.name ?? '', figuresOf(partOf(prepared, both(mask, slice), cells), { bins, cost, curves: false })])) }));
  const plans = [wholeOne, ...slices, ...splits].map(({ planned }) => planned);
  const pairs = scored.baseline && comparePairs(scored, scored.baseline, { request, prepared });
  const values = await drawAll([...plans, ...(pairs?.plans ?? [])].flatMap(({ draws }) => draws), { ...drawing, progress: (done, total) => step?.('intervals', done, total) });
  const shares = shareOut([...plans, ...(pairs?.plans ?? [])], values);
  const finished = plans.map((plan, at) => plan.finish(shares[at] ?? [], ([wholeOne, ...slices, ...splits][at] as Portion).figures));
  const set = (one: Portion, found: Found | undefined): FigureSet => ({ figures: one.figures, intervals: { ...found?.intervals, ...one.closed } });
  const compared = pairs?.finish(shares.slice(plans.length)) ?? null;
  const sets = [set(wholeOne, finished[0]), ...slices.map((one, at) => set(one, finished[1 + at]))];
  if (custom) addCustom(sets, await custom(own));
  const [all = { figures: { n: 0 }, intervals: {} }, ...bySlice] = sets;
  const results = bySlice.map((one, at): SliceResult => {
    const spec = request.slices[at] as SliceResult['spec'];
    const { rest, unscored, n } = slices[at] ?? { rest: null, unscored: 0, n: 0 };
    const against = compared?.slices[at] ?? null;
    const checks = checksOf(spec.thresholds, { ...one, vs_rest: rest, compared: against }, spec.minSupport);
    return { name: spec.name, spec, ...one, unscored, vs_rest: rest, harm: harmOf(n, rest), outcome: sliceOutcome(checks, against), checks, compared: against };
  });
  const checks = checksOf(request.thresholds, { ...all, compared: compared?.overall ?? null });
  const pinned = pinnedResults(request.pinned, scored);
  return {
    main: mainFigure(scored.task, whole.predicted !== null),
    overall: { ...all, checks, compared: compared?.overall ?? null, bootstrap95: { B: replicates, ...finished[0]?.percentiles } },
    slices: results, ...baselineParts(compared, request),
    splits: Object.fromEntries(splits.map((one, at) => [one.value, { overall: set(one, finished[1 + slices.length + at]), slices: one.slices }])),
    pinned, ...outcomeOf({ checks, slices: results, pinned, compared: compared?.overall ?? null }),
  };
}

function baselineParts(compared: PairsFound | null, request: JudgeRequest): Pick<Judgement, 'baselineOverall' | 'baselineSlices' | 'flips'> {
  if (!compared) return { baselineOverall: null, baselineSlices: {}, flips: null };
  const { only_baseline_right: broken, only_candidate_right: fixed } = compared.overall.comparison;
  return {
    baselineOverall: compared.baseline, baselineSlices: Object.fromEntries(compared.baselineSlices.map((figures, at) => [request.slices[at]?.name ?? '', figures])),
    flips: typeof broken === 'number' && typeof fixed === 'number' ? { broken, fixed } : null,
  };
}

function addCustom(sets: readonly FigureSet[], found: Awaited<ReturnType<CustomFigures>>): void {
  sets.forEach((set, at) => {
    Object.assign(set.figures, found[at]?.figures);
    Object.assign(set.intervals, found[at]?.intervals);
  });
}

/** Each plan's own replicates, in the order of the plans. */
function shareOut(plans: readonly Planned[], values: readonly Float64Array[][]): Float64Array[][][] {
  let at = 0;
  return plans.map(({ draws }) => values.slice(at, (at += draws.length)));
}

function members(member: Uint8Array | undefined): number {
  let count = 0;
  if (member) for (let row = 0; row < member.length; row++) count += member[row] ? 1 : 0;
  return count;
}

const both = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const out = new Uint8Array(one.length);
  for (let at = 0; at < out.length; at++) out[at] = one[at] && other[at] ? 1 : 0;
  return out;
};

/** More values than this are no split but an id. */
export const mostSplits = 50;

function splitMasks({ split }: Scored, rows: Int32Array): { value: string; mask: Uint8Array }[] {
  if (!split) return [];
  const byValue = new Map<string, Uint8Array>();
  for (let at = 0; at < rows.length; at++) {
    const value = split[rows[at] ?? 0] ?? '';
    let mask = byValue.get(value);
    if (!mask) {
      if (byValue.size === mostSplits) throw new RunyardError('bad_input', `the split column has more than ${mostSplits} values`, 'name a column such as train, test and validation, or define slices');
      byValue.set(value, (mask = new Uint8Array(rows.length)));
    }
    mask[at] = 1;
  }
  return [...byValue].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, mask]) => ({ value, mask }));
}

function nothingScored({ rows, unlabelled, model }: Scored): RunyardError {
  const [row, why] = [...model.unscored][0] ?? [...unlabelled][0] ?? [0, 'there are no rows'];
  return new RunyardError('bad_input', `not one of ${rows} rows could be judged; row ${row}: ${why}`, 'look at the mapping of columns to inputs, and at the label');
}
