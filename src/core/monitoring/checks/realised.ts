/** Whether the model did as well as it should, by the labels that came. Pure. */
import { figureOf, inSlice } from './estimated';
import { withinLimits } from './figure';
import { finding, type CheckOf, type Finding, type Looked } from './types';

/** With fewer labels than `minRows` nobody can tell. */
export function realised(check: CheckOf<'realised'>, looked: Pick<Looked, 'performance' | 'facts'>): Finding[] {
  const figure = figureOf(check, looked);
  if (typeof figure === 'string') return [finding('cannot tell', figure)];
  const { realised: value, realisedInterval: interval, realisedRows: n, why } = figure;
  if (n < check.minRows) return [finding('cannot tell', `${n} ${n === 1 ? 'row has its label' : 'rows have their labels'}, fewer than ${check.minRows}`, { value })];
  if (value === null) return [finding('cannot tell', `${check.metric}: ${why || 'nothing can be said'}`)];
  return [withinLimits({ what: `${check.metric}${inSlice(check.slice)}`, value, interval }, figure, check)];
}
