/** Choosing a stretch of a chart's x axis: by dragging over it, or by keys when it has the focus. */
import { el } from '../shared/dom';
import type { Range } from './model/state';

export interface ZoomOptions {
  /** the plot's left and right edges in pixels within the node, and what they stand for; null while nothing is drawn */
  plot(): { left: number; right: number; from: number; to: number } | null;
  onZoom(range: Range): void;
  onReset(): void;
  /** steps are whole numbers: a stretch of them has no fraction */
  whole(): boolean;
}

/** Makes a chart's element zoomable: drag, + and -, arrows to move, Escape or a double click for all. */
export function zoomable(node: HTMLElement, options: ZoomOptions): void {
  const zoom = ({ from, to }: Range): void => options.onZoom(options.whole() ? { from: Math.floor(from), to: Math.max(Math.floor(from) + 1, Math.ceil(to)) } : { from, to });
  const shade = el('div', { class: 'zoom-shade', attrs: { hidden: true } });
  node.append(shade);
  node.tabIndex = 0;
  node.setAttribute('role', 'group');
  node.setAttribute('aria-roledescription', 'chart');
  node.title = 'Drag to zoom, double click for all. Keys: + and \u2212, arrows, Escape';
  node.addEventListener('pointerdown', (down) => {
    const plot = options.plot();
    const left = node.getBoundingClientRect().left;
    if (!plot || down.button !== 0) return;
    const inside = (x: number): number => Math.min(plot.right, Math.max(plot.left, x - left));
    const start = inside(down.clientX);
    let end = start;
    node.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => {
      end = inside(event.clientX);
      shade.hidden = Math.abs(end - start) < 4;
      shade.style.left = `${Math.min(start, end)}px`;
      shade.style.width = `${Math.abs(end - start)}px`;
    };
    node.addEventListener('pointermove', move);
    node.addEventListener('lostpointercapture', () => {
      node.removeEventListener('pointermove', move);
      shade.hidden = true;
      if (Math.abs(end - start) < 4) return;
      const value = (x: number): number => plot.from + ((x - plot.left) / (plot.right - plot.left)) * (plot.to - plot.from);
      zoom({ from: value(Math.min(start, end)), to: value(Math.max(start, end)) });
    }, { once: true });
  });
  node.addEventListener('dblclick', options.onReset);
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' || event.key === '0') return options.onReset();
    const plot = options.plot();
    const factors: Record<string, readonly [number, number]> = { '+': [0.25, -0.25], '=': [0.25, -0.25], '-': [-0.5, 0.5], ArrowLeft: [-0.2, -0.2], ArrowRight: [0.2, 0.2] };
    const factor = factors[event.key];
    if (!plot || !factor || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const span = plot.to - plot.from;
    zoom({ from: plot.from + span * factor[0], to: plot.to + span * factor[1] });
  });
}
