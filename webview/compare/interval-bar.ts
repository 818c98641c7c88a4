/** An interval as a bar with its middle marked, drawn to a shared scale; zero as a line where it is given. */
import { svg } from '../shared/dom';
import type { IntervalScale } from './model/interval-scale';

export interface IntervalBar { mean: number | null; low: number | null; high: number | null; scale: IntervalScale | null; zero?: boolean; label: string; tone?: string }

const WIDTH = 240;
const HEIGHT = 20;

export function intervalBar({ mean, low, high, scale, zero, label, tone }: IntervalBar): SVGElement {
  const node = svg('svg', { class: `interval ${tone ?? ''}`.trim(), viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': label });
  if (!scale) return node;
  const x = (value: number): number => Math.round(scale.at(value) * (WIDTH - 2) * 10) / 10 + 1;
  const middle = HEIGHT / 2;
  if (zero) node.append(svg('line', { class: 'zero', x1: x(0), x2: x(0), y1: 1, y2: HEIGHT - 1 }));
  if (low !== null && high !== null) {
    node.append(
      svg('line', { class: 'range', x1: x(low), x2: x(high), y1: middle, y2: middle }),
      svg('line', { class: 'cap', x1: x(low), x2: x(low), y1: middle - 4, y2: middle + 4 }),
      svg('line', { class: 'cap', x1: x(high), x2: x(high), y1: middle - 4, y2: middle + 4 }),
    );
  }
  if (mean !== null) node.append(svg('circle', { class: 'mean', cx: x(mean), cy: middle, r: 3.5 }));
  return node;
}
