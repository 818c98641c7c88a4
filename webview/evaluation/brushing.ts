/** Choosing a stretch of a histogram: by dragging over it, or by keys when it has the focus. */
import { announce, el } from '../shared/dom';
import { formatNumber } from '../shared/format';
import { keyStretch, snap, type Stretch } from './model/brush';

export interface BrushingOptions {
  /** the plot's edges in pixels within the node; null while nothing is drawn */
  plot(): { left: number; right: number; top: number; bottom: number } | null;
  /** what the plot's left and right edges stand for, and the bins between */
  scale(): { from: number; to: number; edges: readonly number[] } | null;
  now(): Stretch | null;
  onBrush(stretch: Stretch | null): void;
}

/** Makes a chart's element brushable; `draw` puts the shade where the stretch is. */
export function brushable(node: HTMLElement, options: BrushingOptions): { draw(): void } {
  const shade = el('div', { class: 'zoom-shade', attrs: { hidden: true } });
  node.append(shade);
  node.tabIndex = 0;
  node.classList.add('brushable');
  node.setAttribute('role', 'group');
  node.setAttribute('aria-roledescription', 'histogram to brush');
  const place = (stretch: Stretch | null): void => {
    const [plot, scale] = [options.plot(), options.scale()];
    shade.hidden = !stretch || !plot || !scale;
    if (!stretch || !plot || !scale || scale.to <= scale.from) return;
    const at = (value: number): number => plot.left + Math.min(1, Math.max(0, (value - scale.from) / (scale.to - scale.from))) * (plot.right - plot.left);
    shade.style.left = `${at(stretch.from)}px`;
    shade.style.width = `${Math.max(1, at(stretch.to) - at(stretch.from))}px`;
    shade.style.top = `${plot.top}px`;
    shade.style.height = `${plot.bottom - plot.top}px`;
  };
  const choose = (stretch: Stretch | null): void => {
    place(stretch);
    options.onBrush(stretch);
    announce(stretch ? `${formatNumber(stretch.from, 3)} to ${formatNumber(stretch.to, 3)}` : 'all rows');
  };
  node.addEventListener('pointerdown', (down) => {
    const [plot, scale] = [options.plot(), options.scale()];
    if (!plot || !scale || down.button !== 0) return;
    const left = node.getBoundingClientRect().left;
    const value = (x: number): number => scale.from + ((Math.min(plot.right, Math.max(plot.left, x - left)) - plot.left) / Math.max(1, plot.right - plot.left)) * (scale.to - scale.from);
    let end = down.clientX;
    node.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => {
      end = event.clientX;
      if (Math.abs(end - down.clientX) >= 4) place(snap(scale.edges, value(down.clientX), value(end)));
    };
    node.addEventListener('pointermove', move);
    node.addEventListener('lostpointercapture', () => {
      node.removeEventListener('pointermove', move);
      if (Math.abs(end - down.clientX) >= 4) choose(snap(scale.edges, value(down.clientX), value(end)));
      else place(options.now());
    }, { once: true });
  });
  node.addEventListener('dblclick', () => { if (options.now()) choose(null); });
  node.addEventListener('keydown', (event) => {
    const scale = options.scale();
    if (!scale || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyStretch(scale.edges, options.now(), event.key, event.shiftKey);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  });
  return { draw: () => place(options.now()) };
}
