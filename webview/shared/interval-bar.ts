/** An interval as a bar with its middle marked, drawn to a shared scale over the whole width; a dashed line where zero or another mark is given. */
import { svg } from './dom';
import type { IntervalScale } from './interval-scale';

export interface IntervalBar { mean: number | null; low: number | null; high: number | null; scale: IntervalScale | null; mark?: number | null; label: string; tone?: string; /** another figure, drawn pale under it: the baseline's */ under?: { mean: number | null; low: number | null; high: number | null } | null }

const HEIGHT = 20;

/** Without an interval the middle is hollow: there is a figure, but nothing says how sure it is. */
export function intervalBar({ mean, low, high, scale, mark, label, tone, under }: IntervalBar): SVGElement {
  const node = svg('svg', { class: `interval ${tone ?? ''}`.trim(), width: '100%', height: HEIGHT, role: 'img', 'aria-label': label });
  if (!scale) return node;
  const x = (value: number): string => `${(scale.at(value) * 100).toFixed(2)}%`;
  const middle = HEIGHT / 2;
  if (mark !== null && mark !== undefined) node.append(svg('line', { class: 'mark', x1: x(mark), x2: x(mark), y1: 1, y2: HEIGHT - 1 }));
  if (under && under.low !== null && under.high !== null) node.append(svg('line', { class: 'under', x1: x(under.low), x2: x(under.high), y1: middle, y2: middle }));
  if (under && under.mean !== null) node.append(svg('line', { class: 'under-mean', x1: x(under.mean), x2: x(under.mean), y1: middle - 6, y2: middle + 6 }));
  if (low !== null && high !== null) {
    node.append(
      svg('line', { class: 'reach', x1: x(low), x2: x(high), y1: middle, y2: middle }),
      svg('line', { class: 'end', x1: x(low), x2: x(low), y1: middle - 4, y2: middle + 4 }),
      svg('line', { class: 'end', x1: x(high), x2: x(high), y1: middle - 4, y2: middle + 4 }),
    );
  }
  if (mean !== null) node.append(svg('circle', { class: low === null ? 'dot alone' : 'dot', cx: x(mean), cy: middle, r: 3.5 }));
  return node;
}
