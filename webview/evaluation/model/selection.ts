/** From what was chosen in the panel to the rows that are asked for, and to the chips that say so. Pure. */
import type { Selection } from '../../../src/protocol/evaluation/request';
import { formatNumber } from '../../shared/format';
import type { Brushed, PanelState } from './state';

type Chosen = Pick<PanelState, 'slice' | 'part' | 'brush' | 'cell'>;

/** The slice alone, without what was brushed or clicked in its pictures: they show all of it. */
export const sliceSelection = ({ slice, part }: Pick<Chosen, 'slice' | 'part'>): Selection => ({ ...(slice === null ? {} : { slice }), ...(part === null ? {} : { split: part }) });

/** The rows that pass every filter. */
export function rowSelection(chosen: Chosen, flip?: 'broken' | 'fixed' | 'any'): Selection {
  return {
    ...sliceSelection(chosen),
    ...(chosen.brush.length > 0 ? { brush: chosen.brush.map(({ of, from, to }) => ({ of, from, to })) } : {}),
    ...(chosen.cell ? { truth: chosen.cell.truth, predicted: chosen.cell.predicted } : {}),
    ...(flip ? { flip } : {}),
  };
}

/** Whether anything narrows the slice. */
export const narrowed = ({ brush, cell }: Pick<Chosen, 'brush' | 'cell'>): boolean => brush.length > 0 || cell !== null;

export interface Chip { text: string; /** what the button that takes it away is called */ label: string; patch: Partial<PanelState> }

const subjects: Record<Brushed['of'], string> = { score: 'score', residual: 'residual', loss: 'loss' };

/** A chip for each filter. */
export function chipsOf(chosen: Chosen): Chip[] {
  const brushed = chosen.brush.map(({ of, from, to }): Chip => ({
    text: `${subjects[of]} ${formatNumber(from, 3)} to ${formatNumber(to, 3)}`, label: `Show every ${subjects[of]}`, patch: { brush: chosen.brush.filter((one) => one.of !== of) },
  }));
  return [
    ...(chosen.slice === null ? [] : [{ text: chosen.slice, label: 'Show all rows', patch: { slice: null } }]),
    ...(chosen.part === null ? [] : [{ text: `split ${chosen.part}`, label: 'Show all splits', patch: { part: null } }]),
    ...(chosen.cell ? [{ text: `${chosen.cell.truth} called ${chosen.cell.predicted}`, label: 'Show every cell of the confusion matrix', patch: { cell: null } }] : []),
    ...brushed,
  ];
}

/** The brushes with this one instead of the one of its kind; null takes it away. */
export function withBrush(brush: readonly Brushed[], of: Brushed['of'], range: { from: number; to: number } | null): Brushed[] {
  const others = brush.filter((one) => one.of !== of);
  return range ? [...others, { of, ...range }] : others;
}
