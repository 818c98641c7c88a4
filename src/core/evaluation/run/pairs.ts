/** Baseline and candidate on the rows that both scored: as a whole, and slice by slice. */
import { holm } from '../intervals/adjust';
import type { DeLongDifference } from '../intervals/delong';
import type { Compared as ComparedDoc, FigureSet, Figures } from '../../../protocol/evaluation/result';
import type { JudgeRequest } from './asked';
import { closedIntervals } from './closed';
import { compareAuc, compareMain, failsGate, verdictOf, type Compared } from './compare';
import { differenceFigures, differencesOf, planDifferences } from './differences';
import { figuresOf } from './figures';
import { cellsOf } from './cells';
import { planIntervals, sliceIntervals, wholeIntervals, type Planned } from './intervals';
import { partOf } from './part';
import { maskOf, prepare, type Prepared } from './prepared';
import { usableRows, type Scored, type ScoredModel } from './scored';

export interface PairsFound { overall: ComparedDoc; slices: ComparedDoc[]; baseline: FigureSet; baselineSlices: Figures[] }
/** What has to be drawn, and what it comes to. */
export interface Pairs { plans: Planned[]; finish(shares: readonly (readonly Float64Array[][])[]): PairsFound }

/** Without the columns, which would be too many for many slices of many rows. */
interface One { auc: DeLongDifference | null; main: Compared; figures: { baseline: Figures; candidate: Figures }; planned: Planned; failed: boolean; p: number | null }

/** `prepared`: the candidate's columns, used again where the baseline scored the same rows. */
export function comparePairs(scored: Scored, baselineModel: ScoredModel, { request, prepared }: { request: JudgeRequest; prepared: Prepared }): Pairs {
  const { seed, replicates, bins, cost, gate } = request;
  const rows = usableRows(scored, true);
  const candidate = rows.length === prepared.rows.length ? prepared : prepare(scored, scored.model, rows);
  const baseline = prepare(scored, baselineModel, rows);
  const setting = { seed, replicates, bins, cost };
  const cells = { baseline: cellsOf(baseline, bins), candidate: cellsOf(candidate, bins) };
  const one = (mask: Uint8Array | null): One => {
    const pair = { baseline: partOf(baseline, mask, cells.baseline), candidate: partOf(candidate, mask, cells.candidate) };
    const figures = { baseline: figuresOf(pair.baseline, { bins, cost, curves: mask === null }), candidate: figuresOf(pair.candidate, { bins, cost, curves: false }) };
    const main = compareMain(pair);
    return { auc: compareAuc(pair), main, figures, planned: planDifferences(pair, { ...setting, ...(mask ? sliceIntervals : wholeIntervals) }), failed: false, p: main.p };
  };
  const whole = one(null);
  const wholeBaseline = partOf(baseline, null, cells.baseline);
  const slices = scored.slices.map((member) => one(maskOf(candidate, member)));
  const corrected = holm(slices.map(({ main }) => (main.n >= gate.minSupport ? main.p : null)));
  slices.forEach((slice, at) => {
    slice.p = corrected[at] ?? null;
    slice.main.comparison['p_holm'] = slice.p;
    slice.failed = failsGate(slice.main, gate, slice.p);
  });
  const own = planIntervals(wholeBaseline, whole.figures.baseline, { ...setting, ...wholeIntervals });
  return {
    plans: [own, whole.planned, ...slices.map(({ planned }) => planned)],
    finish([ofBaseline = [], ofWhole = [], ...ofSlices]) {
      const doc = ({ auc, main, figures, planned, failed, p }: One, values: readonly Float64Array[][]): ComparedDoc => ({
        comparison: main.comparison, verdict: verdictOf(main, gate, p), failed,
        differences: differencesOf(main, auc, { planned, values, figures: differenceFigures(figures.baseline, figures.candidate) }),
      });
      const overall = doc(whole, ofWhole);
      overall.failed = overall.verdict.word === 'worse';
      return {
        overall, slices: slices.map((slice, at) => doc(slice, ofSlices[at] ?? [])),
        baseline: { figures: whole.figures.baseline, intervals: { ...own.finish(ofBaseline, whole.figures.baseline).intervals, ...closedIntervals(wholeBaseline, whole.figures.baseline) } },
        baselineSlices: slices.map(({ figures }) => figures.baseline),
      };
    },
  };
}
