/** What every set of rows is counted from, made once for all of them: each row's cell of the confusion matrix and of probability, its losses, and its place in the order. */
import { RunyardError } from '../../base/errors';
import { confidenceCells } from '../intervals/calibration-cells';
import { rowBrier } from '../metrics/brier';
import { positiveConfidence, topConfidence } from '../metrics/calibration';
import { rowLogLoss } from '../metrics/log-loss';
import type { Ranking } from '../metrics/ranking';
import { counter, type CountColumns, type Counts } from './counts';
import type { Prepared } from './prepared';

/** `count` is of the rows whose mask is 1. */
export interface Cells { columns: CountColumns; count(mask: Uint8Array): Counts }

/** Null for a regression, whose figures are taken from its numbers. */
export function cellsOf(of: Prepared, bins: readonly number[]): Cells | null {
  const { task, truth, probabilities, scores, ranking, positive, classes, byClass } = of;
  if (task === 'regression') return null;
  const k = classes.length;
  const columns: CountColumns = {
    rows: truth.length, k, labels: labelCells(of), scored: positive !== null && scores !== null,
    loss: probabilities && rowLogLoss({ truth, probabilities, k }),
    // Of two classes the positive one's, as its score says it.
    squares: probabilities && rowBrier({ truth, probabilities, k }, positive),
    ranked: ranking && positive !== null ? groupsOf(ranking, truth, positive) : null,
    byClass: byClass && probabilities && { truth, rankings: byClass },
    top: probabilities && confidenceCells(topConfidence({ truth, probabilities, k }), bins),
    pos: probabilities && scores && positive !== null ? confidenceCells(positiveConfidence({ truth, scores, positive }), bins) : null,
  };
  let count: ((mask: Uint8Array) => Counts) | null = null;
  return { columns, count: (mask) => (count ??= counter(columns))(mask) };
}

function labelCells({ truth, predicted, classes }: Prepared): Int32Array {
  const k = classes.length;
  const cells = new Int32Array(truth.length);
  for (let row = 0; row < cells.length; row++) {
    const t = truth[row] ?? -1;
    const p = predicted?.[row] ?? -1;
    if (t < 0 || t >= k) throw new RunyardError('bad_input', `the true label of row ${row} is not among the ${k} classes`, 'Leave rows without a known label out, and list them.');
    cells[row] = t * (k + 1) + (p < 0 || p >= k ? k : p);
  }
  return cells;
}

function groupsOf({ order, starts, thresholds }: Ranking, truth: Int32Array, positive: number): NonNullable<CountColumns['ranked']> {
  const groups = new Uint32Array(order.length);
  const place = new Uint32Array(order.length);
  for (let group = 0; group < thresholds.length; group++) {
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at++) {
      const row = order[at] ?? 0;
      place[row] = at;
      groups[at] = 2 * group + (truth[row] === positive ? 1 : 0);
    }
  }
  return { place, groups };
}
