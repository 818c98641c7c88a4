/** Which line is whose: a stroke as the chart draws it, and its name. */
import type { SeriesStyle } from '../shared/curve';
import { el, svg } from '../shared/dom';

export interface LegendKey { label: string; style: SeriesStyle; title?: string }

const WIDTH = 18;

export function legend(keys: readonly LegendKey[]): HTMLElement {
  return el('ul', { class: 'legend', attrs: { 'aria-label': 'Lines' } }, ...keys.map(({ label, style, title }) => {
    const stroke = svg('line', { x1: 0, x2: WIDTH, y1: 5, y2: 5, 'stroke-width': 2, 'stroke-dasharray': style.dash.join(' ') });
    // By the CSSOM: a presentation attribute knows no color-mix().
    stroke.style.stroke = style.color;
    return el('li', { title: title ?? label }, svg('svg', { width: WIDTH, height: 10, 'aria-hidden': 'true' }, stroke), el('span', { class: 'text' }, label));
  }));
}
