/** What slices are searched by: a loss for each row, from what was asked and what the evaluation has. */
import { RunyardError } from '../../base/errors';
import type { DiscoverSettings, LossName } from '../../../protocol/evaluation/request';
import { absoluteErrors } from '../metrics/absolute-error';
import { binned, ece, positiveConfidence, topConfidence } from '../metrics/calibration';
import { takenRows, taken } from '../run/prepared';
import { column } from '../metrics/classification';
import type { Scored, ScoredModel } from '../run/scored';
import { lossDifferences, logLosses, miscalibration, shiftedAlpha, squaredErrors, worsening, wrong } from '../slices/losses';

/** `losses`: not negative. `values`: what is checked, where that is something else. `shift`: to be taken off a mean of losses. `alpha` as the search needs it. */
export interface Searched { loss: LossName; losses: Float64Array; values: Float64Array | null; against: 'rest' | 'zero'; shift: number; alpha: number }

/** Of these rows, which all have a label and a prediction (of both models for `worsening`). Throws bad_input where the evaluation hasn't what the loss is made of. */
export function searchedLosses(scored: Scored, rows: Int32Array, { mode, loss: asked, alpha }: DiscoverSettings): Searched {
  const loss = asked ?? (scored.task === 'regression' ? 'absolute' : 'zero_one');
  if (mode === 'overconfident' || mode === 'underconfident') return calibration(scored, rows, { mode, loss, alpha });
  const own = lossOf(scored, scored.model, { rows, loss });
  if (mode === 'loss') return { loss, losses: own, values: null, against: 'rest', shift: 0, alpha };
  if (!scored.baseline) throw new RunyardError('bad_input', 'where a model got worse can be searched only beside a baseline', 'evaluate with a baseline, or search by loss');
  const other = lossOf(scored, scored.baseline, { rows, loss });
  return { loss, losses: worsening(other, own), values: lossDifferences(other, own), against: 'zero', shift: 0, alpha };
}

function lossOf(scored: Scored, model: ScoredModel, { rows, loss }: { rows: Int32Array; loss: LossName }): Float64Array {
  const { truthNumbers, classes } = scored;
  if (truthNumbers && model.numbers) {
    if (loss === 'zero_one' || loss === 'log') throw new RunyardError('bad_input', `a regression has no ${loss} loss`, 'use absolute or squared');
    const [truth, predicted] = [reals(truthNumbers, rows), reals(model.numbers, rows)];
    return loss === 'squared' ? squaredErrors(truth, predicted) : absoluteErrors({ truth, predicted });
  }
  const truth = truthOf(scored, rows);
  if (loss === 'zero_one') {
    if (!model.predicted) throw new RunyardError('bad_input', 'a ranking without a threshold calls no row right or wrong', 'give the evaluation a threshold');
    return wrong(truth, taken(model.predicted, rows, new Int32Array(rows.length)));
  }
  const k = classes.length;
  if (!model.probabilities) throw new RunyardError('bad_input', `the ${loss} loss needs probabilities, which this model doesn't give`, 'use zero_one');
  const probabilities = takenRows(model.probabilities, rows, k);
  if (loss === 'log') return logLosses(truth, probabilities, k);
  return Float64Array.from(truth, (label, row) => {
    if (loss === 'absolute') return Math.abs(1 - (probabilities[row * k + label] ?? NaN));
    let sum = 0;
    for (let c = 0; c < k; c++) sum += ((probabilities[row * k + c] ?? NaN) - (c === label ? 1 : 0)) ** 2;
    return sum;
  });
}

/** Of the positive class's probability, or of several classes' largest against whether it is right. */
function calibration(scored: Scored, rows: Int32Array, { mode, loss, alpha }: { mode: 'overconfident' | 'underconfident'; loss: LossName; alpha: number }): Searched {
  const { classes, positive, model } = scored;
  if (!model.probabilities) throw new RunyardError('bad_input', 'whether a model is too sure can be searched only where it gives probabilities', 'search by loss');
  const k = classes.length;
  const probabilities = takenRows(model.probabilities, rows, k);
  const truth = truthOf(scored, rows);
  const sure = positive !== null ? positiveConfidence({ truth, scores: column(probabilities, k, positive), positive }) : topConfidence({ truth, probabilities, k });
  const shifted = miscalibration(sure.probabilities, sure.hits, mode === 'overconfident' ? 'over' : 'under');
  const bins = binned(sure, 15);
  return { loss, losses: shifted.losses, values: null, against: 'rest', shift: shifted.shift, alpha: shiftedAlpha(alpha, shifted, (bins && ece(bins)) ?? 0) };
}

const reals = (values: Float64Array, rows: Int32Array): Float64Array => taken(values, rows, new Float64Array(rows.length));
const truthOf = ({ truth }: Scored, rows: Int32Array): Int32Array => taken(truth ?? new Int32Array(), rows, new Int32Array(rows.length));
