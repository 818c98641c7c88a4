/** A side of a comparison that is a window of a log: which of its columns the model was asked, and what it answered. */
import type { Data } from '../../evaluation/data/types';
import type { LogColumns } from '../../domain/log-place';
import type { DriftRequest } from '../../../protocol/drift';
import { isServingColumn } from '../log/place';
import { columnOf, type PredictionSources } from './compare';

/** Of whole numbers without probabilities: with more different ones they are amounts, no classes. */
const MOST_CLASSES = 30;

/** Answers under the names that a model's own predictions have: 'label' and 'probability:CLASS' or 'score', or 'prediction'. Columns that aren't there give nothing. */
export async function loggedPredictions(data: Data, columns: LogColumns, { task, positive, classes }: Pick<DriftRequest, 'task' | 'positive' | 'classes'>): Promise<PredictionSources> {
  const found: PredictionSources = new Map();
  const source = (column: string): { data: Data; column: string } => ({ data, column });
  const chances = typeof columns.probabilities === 'string' ? [] : Object.entries(columns.probabilities ?? {}).filter(([, column]) => columnOf(data, column));
  const lone = typeof columns.probabilities === 'string' && columnOf(data, columns.probabilities) ? columns.probabilities : null;
  const type = columns.prediction === null ? undefined : columnOf(data, columns.prediction)?.type;
  if (columns.prediction !== null && type !== undefined) {
    const number = task === 'regression' || (task === undefined && chances.length === 0 && lone === null && (type === 'float' || (type === 'int' && (await data.frequent(columns.prediction, MOST_CLASSES + 1)).length > MOST_CLASSES)));
    found.set(number ? 'prediction' : 'label', { source: source(columns.prediction), type: number ? 'numeric' : 'categorical' });
  }
  if (lone !== null) found.set(positive === undefined ? 'score' : `probability:${positive}`, { source: source(lone), type: 'numeric' });
  const order = classes && classes.length === chances.length ? classes.map(String) : chances.map(([name]) => name);
  // Of two the one is what the other leaves.
  const shown = order.length === 2 ? [positive !== undefined && order.includes(positive) ? positive : (order[1] ?? '')] : order;
  for (const [name, column] of chances) if (shown.includes(name)) found.set(`probability:${name}`, { source: source(column), type: 'numeric' });
  return found;
}

/** Columns that aren't about the request's contents: when and by whom it was answered, and what came of it. */
export function aboutTheLog(columns: LogColumns, serving: boolean): (name: string) => boolean {
  const { time, keys, row, version, role, latency, rules, prediction, probabilities, label } = columns;
  const known = new Set([time, ...keys, row, version, role, latency, rules, prediction, label, ...(typeof probabilities === 'string' ? [probabilities] : Object.values(probabilities ?? {}))]);
  return (name) => known.has(name) || (serving && isServingColumn(name));
}
