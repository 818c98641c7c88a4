/** Rows that are unlike the reference: cells that it doesn't have, and what a classifier takes for no row of it. */
import { cumulate, rank } from '../../evaluation/metrics/ranking';
import { rocAuc } from '../../evaluation/metrics/roc';
import type { Values } from '../../evaluation/data/types';
import { fitTrees, type Trees } from '../learn/trees';
import { coded, heldBy, oddness, type Held } from './columns';

/** `now`: the rows that are looked at; `reference`: those that they are held against. Both in any number. */
export interface TwoSides { names: readonly string[]; reference(name: string): Promise<Values>; now(name: string): Promise<Values> }
export interface Unlike {
  /** area under the ROC curve of telling both sides apart, on rows that the classifier wasn't fitted on; null: too few rows, or no column */
  auc: number | null;
  /** by row: the chance that it is no row of the reference's, were there as many of both; NaN where nothing can be said */
  chance: Float64Array;
  /** by row: the cells that the reference doesn't have, by column, with why */
  odd(row: number): Record<string, string>;
  /** by row, how many these are */
  outside: Uint16Array;
}

const MOST_FITTED = 8000;
const LEAST_FITTED = 100;

/** Deterministic. A column at a time is read; what is learnt from stays, 8 bytes a cell. */
export async function unlikeRows({ names, reference, now }: TwoSides, signal: AbortSignal): Promise<Unlike> {
  const held: { name: string; held: Held; before: Float64Array; after: Float64Array }[] = [];
  let rows = 0;
  for (const name of names) {
    const [before, after] = [await reference(name), await now(name)];
    rows = after.values.length;
    const what = heldBy(before, after);
    if (what) held.push({ name, held: what, before: evenly(coded(before, what)), after: coded(after, what) });
  }
  const outside = new Uint16Array(rows);
  for (const one of held) for (let row = 0; row < rows; row++) if (oddness(one.after[row] ?? NaN, one.held) !== null) outside[row] = (outside[row] ?? 0) + 1;
  return {
    outside, ...await toldApart(held.map((one) => one.before), held.map((one) => one.after), signal),
    odd: (row) => Object.fromEntries(held.flatMap((one) => {
      const why = oddness(one.after[row] ?? NaN, one.held);
      return why === null ? [] : [[one.name, why]];
    })),
  };
}

/** At most so many, at equal distances. */
function evenly(values: Float64Array, most = MOST_FITTED): Float64Array {
  if (values.length <= most) return values;
  return Float64Array.from({ length: most }, (_, at) => values[Math.floor((at * values.length) / most)] ?? NaN);
}

/**
 * A domain classifier (as many rows of each side, boosted trees) in two halves: each is judged by the one that wasn't fitted on it, so that what is merely learnt by heart counts
 * nothing. A row that is in neither half gets the mean of both.
 */
async function toldApart(before: readonly Float64Array[], after: readonly Float64Array[], signal: AbortSignal): Promise<Pick<Unlike, 'auc' | 'chance'>> {
  const rows = after[0]?.length ?? 0;
  const n = Math.min(before[0]?.length ?? 0, rows, MOST_FITTED);
  const chance = new Float64Array(rows).fill(NaN);
  if (n < LEAST_FITTED) return { auc: null, chance };
  const place = (at: number): number => Math.floor((at * rows) / n);
  const oldPlace = (at: number): number => Math.floor((at * (before[0]?.length ?? 0)) / n);
  const half = async (which: 0 | 1): Promise<Trees> => {
    const chosen = Array.from({ length: n }, (_, at) => at).filter((at) => at % 2 === which);
    const features = before.map((column, at) => Float64Array.from([...chosen.map((one) => column[oldPlace(one)] ?? NaN), ...chosen.map((one) => after[at]?.[place(one)] ?? NaN)]));
    return fitTrees({ features, target: Float64Array.from({ length: chosen.length * 2 }, (_, at) => (at < chosen.length ? 0 : 1)), loss: 'logistic', rounds: 30, leaves: 15, signal });
  };
  const models = [await half(0), await half(1)] as const;
  const ofNow = models.map((model) => model.predict(after));
  for (let row = 0; row < rows; row++) chance[row] = ((ofNow[0]?.[row] ?? NaN) + (ofNow[1]?.[row] ?? NaN)) / 2;
  const ofOld = models.map((model) => model.predict(before));
  const scores = new Float64Array(2 * n);
  for (let at = 0; at < n; at++) {
    const other = at % 2 === 0 ? 1 : 0;
    scores[at] = ofOld[other]?.[oldPlace(at)] ?? NaN;
    scores[n + at] = ofNow[other]?.[place(at)] ?? NaN;
    chance[place(at)] = scores[n + at] ?? NaN;
  }
  const ranking = rank(scores);
  return { auc: ranking && rocAuc(cumulate(ranking, { truth: Int32Array.from({ length: 2 * n }, (_, at) => (at < n ? 0 : 1)), positive: 1 })), chance };
}
