/** A bar from zero, to the left or right, with its spread as a whisker: importance, and what moved a score. */
import { svg } from '../shared/dom';
import type { IntervalScale } from '../shared/interval-scale';

const HEIGHT = 18;

/** `spread`: half the whisker's width, on both sides of the bar's end. */
export function signedBar(bar: { value: number; spread?: number; scale: IntervalScale | null; label: string }): SVGElement {
  const node = svg('svg', { class: 'signed-bar', width: '100%', height: HEIGHT, role: 'img', 'aria-label': bar.label });
  const { scale, value, spread } = bar;
  if (!scale) return node;
  const x = (at: number): string => `${(scale.at(at) * 100).toFixed(2)}%`;
  const [from, to] = [Math.min(scale.at(0), scale.at(value)), Math.max(scale.at(0), scale.at(value))];
  const middle = HEIGHT / 2;
  node.append(
    svg('rect', { class: value < 0 ? 'less' : 'more', x: `${(from * 100).toFixed(2)}%`, width: `${((to - from) * 100).toFixed(2)}%`, y: 4, height: HEIGHT - 8 }),
    svg('line', { class: 'zero', x1: x(0), x2: x(0), y1: 1, y2: HEIGHT - 1 }),
  );
  if (spread !== undefined && spread > 0) {
    const ends = [x(value - spread), x(value + spread)] as const;
    node.append(svg('line', { class: 'whisker', x1: ends[0], x2: ends[1], y1: middle, y2: middle }), ...ends.map((end) => svg('line', { class: 'whisker', x1: end, x2: end, y1: middle - 3, y2: middle + 3 })));
  }
  return node;
}
