/** What the store keeps of an evaluation, from its document. Pure. */
import { figureAt, type EvaluationDoc, type Figures, type FigureSet, type Interval, type Outcome, type SliceResult } from '../../../protocol/evaluation/result';
import type { EvaluationEntry, FigureRow, OutcomeRow } from '../../store/evaluations';

/** Figures of one set of rows at most: those of the whole first, then those by class. */
const MOST = 200;

export function entryOf(doc: EvaluationDoc): EvaluationEntry {
  const { main: { metric }, overall, slices } = doc;
  const interval = overall.intervals[metric];
  return {
    duration: doc.duration,
    summary: {
      id: doc.id, name: doc.name, created: Math.round(doc.created), model: doc.model.name, modelDigest: doc.model.digest, baseline: doc.baseline?.name ?? null,
      data: doc.data.name, dataDigest: doc.data.digest, rows: doc.data.rows, task: doc.task, metric, value: figureAt(overall.figures, metric),
      low: finite(interval?.low), high: finite(interval?.high), outcome: doc.outcome, slices: slices.length,
      failing: slices.filter(({ outcome }) => outcome === 'fail').length, run: doc.request.run ?? null, slicesVersion: doc.slicesVersion,
    },
    figures: [
      ...figureRows(overall, { split: '', slice: '' }), ...slices.flatMap((slice) => figureRows(slice, { split: '', slice: slice.name })),
      ...Object.entries(doc.splits).flatMap(([split, figures]) => [
        ...figureRows(figures.overall, { split, slice: '' }),
        ...Object.entries(figures.slices).flatMap(([slice, found]) => figureRows({ figures: found, intervals: {} }, { split, slice })),
      ]),
    ],
    outcomes: [
      overallOutcome(doc),
      ...slices.map((slice): OutcomeRow => ({ kind: 'slice', item: slice.name, outcome: slice.outcome, message: sliceMessage(slice, metric) })),
      ...doc.pinned.map(({ example, outcome, reason }): OutcomeRow => ({ kind: 'pinned', item: example.id, outcome, message: reason })),
    ],
  };
}

const finite = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);

function figureRows({ figures, intervals }: FigureSet, at: { split: string; slice: string }): FigureRow[] {
  const rows = numbersOf(figures).slice(0, MOST);
  return rows.map(([metric, value]) => ({ ...at, metric, value, low: finite(intervals[metric]?.low), high: finite(intervals[metric]?.high), n: Math.round(figures.n) }));
}

/** Every number of a record by its path, those at the top first; counts by class are left out. */
function numbersOf(figures: Figures): [string, number][] {
  const found: [string, number][] = [];
  let level: [string, unknown][] = Object.entries(figures).filter(([name]) => !['n', 'support', 'predicted_count'].includes(name));
  for (let depth = 0; depth < 3 && level.length > 0; depth++) {
    for (const [name, value] of level) if (typeof value === 'number' && Number.isFinite(value)) found.push([name, value]);
    level = level.flatMap(([name, value]) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value).map(([part, inner]): [string, unknown] => [`${name}.${part}`, inner]) : []));
  }
  return found;
}

const worst = (outcomes: readonly Outcome[]): Outcome => (outcomes.includes('fail') ? 'fail' : outcomes.includes('cannot tell') ? 'cannot tell' : 'pass');

/** Of its limits on all rows and of the two models; slices and pinned examples are tests of their own. */
function overallOutcome({ overall, main }: EvaluationDoc): OutcomeRow {
  const { compared, checks } = overall;
  const verdict: Outcome[] = !compared ? [] : compared.failed || compared.verdict.word === 'worse' ? ['fail'] : compared.verdict.word === 'cannot tell' ? ['cannot tell'] : ['pass'];
  const outcome = worst([...checks.map((check) => check.outcome), ...verdict]);
  const reasons = checks.filter((check) => check.outcome !== 'pass').map(({ reason }) => reason);
  if (compared && (outcome === 'pass' || verdict[0] !== 'pass')) reasons.push(compared.verdict.reason);
  return { kind: 'overall', item: '', outcome, message: reasons.filter(Boolean).join('\n') || measured(overall, main.metric) };
}

function sliceMessage(slice: SliceResult, metric: string): string {
  const reasons = slice.checks.filter((check) => check.outcome !== 'pass').map(({ reason }) => reason);
  if (slice.compared?.failed) reasons.push(slice.compared.verdict.reason);
  return reasons.filter(Boolean).join('\n') || measured(slice, metric);
}

/** 'accuracy 0.8312 [0.79, 0.86], 1,204 rows' */
function measured({ figures, intervals }: FigureSet, metric: string): string {
  const value = figureAt(figures, metric);
  const rows = `${figures.n.toLocaleString('en-US')} row${figures.n === 1 ? '' : 's'}`;
  return value === null ? rows : `${metric} ${short(value)}${between(intervals[metric])}, ${rows}`;
}
const short = (value: number): string => String(Number(value.toPrecision(4)));
const between = (interval: Interval | undefined): string => (interval ? ` [${short(interval.low)}, ${short(interval.high)}]` : '');
