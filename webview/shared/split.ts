/** Two halves, one above the other, with a bar between them that the pointer and the arrow keys move. */
import { el } from './dom';

export interface Split { node: HTMLElement; /** The upper half is never higher than this, in pixels: what it holds may be less. */ limit(height: number): void }

export function split(upper: HTMLElement, lower: HTMLElement, options: { share: number; label?: string; onChange(share: number): void }): Split {
  let share = options.share;
  let most = Infinity;
  const bar = el('div', { class: 'split-bar', role: 'separator', attrs: { tabindex: 0, 'aria-orientation': 'horizontal', 'aria-label': options.label ?? 'Height of the table', 'aria-valuemin': 10, 'aria-valuemax': 90 } });
  const node = el('div', { class: 'split' }, upper, bar, lower);
  const set = (next: number): void => {
    share = Math.min(0.9, Math.max(0.1, next));
    const upper = Number.isFinite(most) ? `min(${share * 100}%, ${most}px)` : `${share * 100}%`;
    node.style.gridTemplateRows = `max(52px, ${upper}) auto minmax(52px, 1fr)`;
    bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
  };
  set(share);
  bar.addEventListener('keydown', (event) => {
    const steps: Record<string, number> = { ArrowUp: -0.04, ArrowDown: 0.04, PageUp: -0.2, PageDown: 0.2, Home: -1, End: 1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(share + step);
    options.onChange(share);
  });
  bar.addEventListener('dblclick', () => {
    set(0.42);
    options.onChange(share);
  });
  bar.addEventListener('pointerdown', (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
    bar.focus();
    const move = (at: PointerEvent): void => {
      const box = node.getBoundingClientRect();
      set((at.clientY - box.top) / box.height);
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', () => {
      bar.removeEventListener('pointermove', move);
      options.onChange(share);
    }, { once: true });
  });
  return {
    node,
    limit(height) {
      most = height;
      set(share);
    },
  };
}
