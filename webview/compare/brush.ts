/** A stretch of an axis: dragged out with the pointer, or moved by two handles that the keyboard reaches. Places are 0 (foot) to 1 (top). */
import { el } from '../shared/dom';
import type { Brush } from './model/scale';

export interface BrushControl { node: HTMLElement; set(value: Brush | null): void }

export function createBrush(options: { title: string; value: Brush | null; label(place: number): string; onChange(value: Brush | null): void }): BrushControl {
  let value = options.value;
  const band = el('div', { class: 'brush-band' });
  const handle = (end: 'from' | 'to'): HTMLElement => el('div', {
    class: `brush-handle ${end}`, role: 'slider',
    attrs: { tabindex: 0, 'aria-orientation': 'vertical', 'aria-label': `${end === 'from' ? 'Least' : 'Most'} of ${options.title}`, 'aria-valuemin': 0, 'aria-valuemax': 100 },
    on: { keydown: (event) => onKey(end, event) },
  });
  const ends = { from: handle('from'), to: handle('to') };
  const node = el('div', { class: 'brush', title: `Drag to keep runs within a stretch of ${options.title}; double click for all` }, band, ends.from, ends.to);
  const draw = (): void => {
    const { from, to } = value ?? { from: 0, to: 1 };
    node.classList.toggle('on', value !== null);
    band.style.bottom = `${from * 100}%`;
    band.style.height = `${(to - from) * 100}%`;
    for (const [end, place] of [['from', from], ['to', to]] as const) {
      ends[end].style.bottom = `${place * 100}%`;
      ends[end].setAttribute('aria-valuenow', String(Math.round(place * 100)));
      ends[end].setAttribute('aria-valuetext', options.label(place));
    }
  };
  const change = (next: Brush | null): void => {
    value = next && next.from <= 0 && next.to >= 1 ? null : next;
    draw();
    options.onChange(value);
  };
  function onKey(end: 'from' | 'to', event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowUp: 0.02, ArrowRight: 0.02, ArrowDown: -0.02, ArrowLeft: -0.02, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 };
    const step = steps[event.key];
    if (event.key === 'Escape') change(null);
    else if (step === undefined) return;
    else {
      const now = value ?? { from: 0, to: 1 };
      const at = Math.min(end === 'from' ? now.to : 1, Math.max(end === 'to' ? now.from : 0, now[end] + step));
      change({ ...now, [end]: at });
    }
    event.preventDefault();
    event.stopPropagation();
  }
  node.addEventListener('dblclick', () => change(null));
  node.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    const box = node.getBoundingClientRect();
    const place = (y: number): number => Math.min(1, Math.max(0, (box.bottom - y) / box.height));
    const held = down.target === ends.from ? 'from' : down.target === ends.to ? 'to' : null;
    const now = value ?? { from: 0, to: 1 };
    // What stays while the other end is moved; inside a brush the whole of it is moved.
    const start = place(down.clientY);
    const whole = held === null && value !== null && start > now.from && start < now.to;
    const fixed = held === 'from' ? now.to : held === 'to' ? now.from : start;
    node.setPointerCapture(down.pointerId);
    let moved = false;
    const move = (event: PointerEvent): void => {
      const at = place(event.clientY);
      if (Math.abs(at - start) * box.height < 3 && !moved) return;
      moved = true;
      if (whole) {
        const by = Math.min(1 - now.to, Math.max(-now.from, at - start));
        change({ from: now.from + by, to: now.to + by });
      } else change({ from: Math.min(fixed, at), to: Math.max(fixed, at) });
    };
    node.addEventListener('pointermove', move);
    node.addEventListener('lostpointercapture', () => node.removeEventListener('pointermove', move), { once: true });
  });
  draw();
  return {
    node,
    set(next) {
      value = next;
      draw();
    },
  };
}
