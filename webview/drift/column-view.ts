/** One column: what it looks like against its reference, over time, and in figures. */
import { el } from '../shared/dom';
import type { View } from '../shared/tabs';
import { createDistribution } from './distribution';
import { createFigures } from './figures';
import { createOverTime } from './over-time';
import type { Panel } from './panel';
import { onLook } from './styles';

export interface ColumnView extends View { canvases(): HTMLCanvasElement[] }

export function createColumnView(panel: Panel): ColumnView {
  const [distribution, time, figures] = [createDistribution(panel), createOverTime(panel), createFigures(panel)];
  const node = el('div', { class: 'column-view' }, distribution.node, time.node, figures.node);
  let [visible, stale] = [false, true];
  const ask = (): void => {
    if (!visible) {
      stale = true;
      return;
    }
    stale = false;
    node.classList.toggle('single', panel.monitor() === null);
    for (const part of [distribution, time, figures]) part.ask();
  };
  panel.onData(ask);
  panel.onState((changed) => {
    if (['column', 'result', 'within', 'order', 'filter', 'drifted'].some((key) => changed.has(key as 'column'))) return ask();
    if (!visible) return;
    if (changed.has('picture')) distribution.draw();
    if (changed.has('measure')) time.draw();
  });
  onLook(node, () => {
    if (!visible) return;
    distribution.draw();
    time.draw();
  });
  return {
    node,
    shown() {
      visible = true;
      if (stale) ask();
    },
    hidden: () => { visible = false; },
    canvases: () => [distribution.canvas(), time.canvas()].flatMap((one) => one ?? []),
  };
}
