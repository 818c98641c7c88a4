/** Intervals as bars on one scale, with the zero or another mark drawn: a figure is never without its uncertainty. */
import { svg } from './dom';

export interface Span { low: number; high: number }
export interface IntervalBar { mean: number | null; low: number | null; high: number | null }

/** A scale that holds all the bars and the mark, with a little room; null where there is nothing finite. */
export function spanOf(bars: readonly IntervalBar[], mark: number | null): Span | null {
  const values = [...bars.flatMap((bar) => [bar.mean, bar.low, bar.high]), mark].filter((value): value is number => value !== null && Number.isFinite(value));
  if (values.length === 0) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low - room, high: high + room };
}

/** The bar of one interval with its mean as a dot; without an interval the dot is hollow. `tone` is a class of its own. */
export function intervalBar(bar: IntervalBar, span: Span, options: { mark: number | null; tone?: string; height?: number; label: string }): SVGElement {
  const height = options.height ?? 16;
  const middle = height / 2;
  const at = (value: number): string => `${(((value - span.low) / (span.high - span.low)) * 100).toFixed(3)}%`;
  const children: SVGElement[] = [];
  if (options.mark !== null) children.push(svg('line', { class: 'mark', x1: at(options.mark), x2: at(options.mark), y1: 0, y2: height }));
  if (bar.low !== null && bar.high !== null) {
    children.push(svg('line', { class: 'reach', x1: at(bar.low), x2: at(bar.high), y1: middle, y2: middle }));
    for (const end of [bar.low, bar.high]) children.push(svg('line', { class: 'end', x1: at(end), x2: at(end), y1: middle - 4, y2: middle + 4 }));
  }
  if (bar.mean !== null) children.push(svg('circle', { class: bar.low === null ? 'dot alone' : 'dot', cx: at(bar.mean), cy: middle, r: 3.5 }));
  return svg('svg', { class: `interval ${options.tone ?? ''}`, height, width: '100%', role: 'img', 'aria-label': options.label }, ...children);
}
