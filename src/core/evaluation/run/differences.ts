/** How far two models' other figures differ on the same rows: paired bootstrap, and DeLong's for ROC AUC. */
import { figureAt, type Compared as ComparedDoc, type Figures } from '../../../protocol/evaluation/result';
import { labelPair } from '../intervals/label-pair';
import type { DeLongDifference } from '../intervals/delong';
import type { Compared, Pair } from './compare';
import { costsOf } from './figures';
import { littlePlan, rowColumns, together, wholePlan, type IntervalSetting, type Planned } from './intervals';
import type { DrawColumns } from './draws';
import type { Part } from './part';

export type Differences = ComparedDoc['differences'];

/** What has to be drawn: both models' rows by the same draws. As with `planIntervals`, few rows as they are and very many in a bag of little bootstraps. */
export function planDifferences({ baseline, candidate }: Pair, setting: IntervalSetting): Planned {
  const { classes } = candidate.of;
  const plans: Planned[] = [];
  if (candidate.n === 0) return together(plans);
  if (baseline.predicted && candidate.predicted) {
    plans.push(wholePlan({ kind: 'labelPair', pair: labelPair({ truth: candidate.truth, baseline: baseline.predicted, candidate: candidate.predicted, k: classes.length, costs: costsOf(candidate.of, setting.cost) }) }, classes, setting));
  }
  const few = candidate.n <= setting.mostRows;
  const columns = (places: Int32Array | null): DrawColumns | null => {
    const [one, other] = [baseline, candidate].map((part: Part) => rowColumns(part, places, few ? setting.bins : []));
    if (!one || !other) return null;
    // Both must give the same figures: where one has no probabilities, only the order is compared.
    if (one.kind === 'binary' && other.kind === 'binary' && one.probabilities !== other.probabilities) one.probabilities = other.probabilities = false;
    return { kind: 'pair', baseline: one, candidate: other };
  };
  const all = few ? columns(null) : null;
  if (all) plans.push(wholePlan(all, classes, setting));
  else if (!few && rowColumns(candidate, new Int32Array(), [])) plans.push(littlePlan(candidate, columns, setting));
  return together(plans);
}

/** `figures` of a plan for differences: candidate minus baseline, by path, so that the interval is around what is shown. */
export function differenceFigures(baseline: Figures, candidate: Figures): Figures {
  const out: Figures = { n: candidate.n };
  const walk = (one: unknown, other: unknown, path: string): void => {
    if (typeof one === 'number' && typeof other === 'number') out[path] = other - one;
    else if (plainObject(one) && plainObject(other)) for (const [name, value] of Object.entries(one)) walk(value, other[name], path === '' ? name : `${path}.${name}`);
  };
  walk(baseline, candidate, '');
  return out;
}

const plainObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** By the figure's path. The main figure's is the one that the verdict is about. */
export function differencesOf(main: Compared, auc: DeLongDifference | null, { planned, values, figures }: { planned: Planned; values: readonly Float64Array[][]; figures: Figures }): Differences {
  const found: Differences = {};
  const { intervals } = planned.finish(values, figures);
  for (const [path, { low, high, method }] of Object.entries(intervals)) {
    const difference = figureAt(figures, path);
    if (difference !== null) found[path] = { difference, low, high, method };
  }
  if (auc?.interval) found['roc_auc'] = { difference: auc.difference, low: auc.interval[0], high: auc.interval[1], method: 'delong' };
  if (main.difference !== null && main.interval) found[main.metric] = { difference: main.difference, low: main.interval[0], high: main.interval[1], method: main.metric === 'accuracy' ? 'wald' : main.method };
  return found;
}
