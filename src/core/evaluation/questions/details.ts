/** Figures, intervals and curves of the rows that a person selected. */
import type { Details, EvaluationDoc, FigureSet } from '../../../protocol/evaluation/result';
import type { JobTable } from '../process/jobs';
import { closedIntervals } from '../run/closed';
import { figuresOf } from '../run/figures';
import { cellsOf, type Cells } from '../run/cells';
import { planIntervals, sliceIntervals } from '../run/intervals';
import { losses, scoreOf } from '../run/losses';
import { partOf, type Part } from '../run/part';
import { maskOf, prepare, type Prepared } from '../run/prepared';
import { usableRows, type Scored, type ScoredModel } from '../run/scored';
import { drawAll } from '../run/workers';
import { curvesOf, histogramOf } from './curves';
import { openKept } from './kept';
import { residuals, select } from './selection';

/** A few hundred: enough for an interval that is looked at; what is kept with the evaluation has as many as it asked for. */
const REPLICATES = 300;

/**
 * `rows` counts all rows selected; the figures are of those that have a label and a prediction. A slice or all rows, not narrowed any further, have the figures
 * and intervals that the evaluation keeps, person's own metrics among them. `marked` in the scores: the positive class, or the wrong rows of several classes.
 */
export const details: JobTable['details'] = async (params, { signal }) => {
  await using kept = await openKept(params, signal);
  const { doc, scored } = kept;
  const { baseline } = params;
  const chosen = await select(kept, params.selection, { baseline, signal });
  const model = baseline && scored.baseline ? scored.baseline : scored.model;
  const { bins, cost } = doc.request;
  const { whole, cells } = preparedOf(scored, model, bins);
  const member = new Uint8Array(scored.rows);
  for (const row of chosen.usable) member[row] = 1;
  const part = partOf(whole, chosen.usable.length === whole.rows.length ? null : maskOf(whole, member), cells);
  const figures = figuresOf(part, { bins, cost, curves: doc.task === 'multiclass' });
  const saved = chosen.plain === null ? null : keptFigures(doc, chosen.plain, baseline);
  const intervals = saved?.intervals ?? await intervalsOf(part, figures, { doc, signal });
  const scores = scoreOf(scored, model);
  const errors = residuals(scored, model);
  const loss = losses(scored, model);
  const { truth, positive } = scored;
  return {
    rows: chosen.rows.length, figures: { ...figures, ...saved?.figures }, intervals, ...curvesOf(part, cost),
    scores: scores && histogramOf(scores, chosen.usable, { unit: model.probabilities !== null, marked: (row) => (positive !== null ? truth?.[row] === positive : (loss[row] ?? 0) > 0) }),
    residuals: errors && histogramOf(errors, chosen.usable),
  };
};

/** Sorted and counted once for all questions about a model's rows. */
const ready = new WeakMap<ScoredModel, { whole: Prepared; cells: Cells | null }>();

function preparedOf(scored: Scored, model: ScoredModel, bins: readonly number[]): { whole: Prepared; cells: Cells | null } {
  const known = ready.get(model);
  if (known) return known;
  const whole = prepare(scored, model, usableRows({ ...scored, model }, false));
  const made = { whole, cells: cellsOf(whole, bins) };
  ready.set(model, made);
  return made;
}

function keptFigures(doc: EvaluationDoc, slice: string, baseline: boolean): Pick<FigureSet, 'figures'> & Partial<FigureSet> | null {
  if (slice === '') return baseline ? doc.baselineOverall : doc.overall;
  if (!baseline) return doc.slices.find(({ name }) => name === slice) ?? null;
  const figures = doc.baselineSlices[slice];
  return figures ? { figures } : null;
}

async function intervalsOf(part: Part, figures: Details['figures'], { doc, signal }: { doc: EvaluationDoc; signal: AbortSignal }): Promise<Details['intervals']> {
  const { bins, seed, cost } = doc.request;
  const plan = planIntervals(part, figures, { seed, replicates: REPLICATES, bins, cost, ...sliceIntervals });
  const { intervals } = plan.finish(await drawAll(plan.draws, { signal }), figures);
  return { ...intervals, ...closedIntervals(part, figures) };
}
