/** What stands where there is nothing to show: an empty state that teaches, or an error with its way out. */
import { el, type Child } from './dom';
import { errorText } from './line';
import { button } from './toolkit';

/** Says what belongs here, with at most one button that brings it. */
export function emptyState(text: { title: string; detail: string; action?: { label: string; run(): void } }): HTMLElement {
  const children: Child[] = [el('p', { class: 'notice-title' }, text.title), el('p', { class: 'notice-detail' }, text.detail)];
  if (text.action) children.push(button({ label: text.action.label, appearance: 'secondary', onClick: text.action.run }));
  return el('div', { class: 'notice' }, ...children);
}

/** An error where it happened: what is wrong, how to mend it, and a button that tries again. */
export function errorState(what: string, error: unknown, retry: () => void): HTMLElement {
  const { message, hint } = errorText(error);
  return el('div', { class: 'notice error', role: 'alert' },
    el('p', { class: 'notice-title' }, `${what}: ${message}`),
    hint ? el('p', { class: 'notice-detail' }, hint) : null,
    button({ label: 'Try again', appearance: 'secondary', onClick: retry }));
}

/** Grey bars where data is on its way; for a reader it is one word. */
export function skeleton(lines = 4): HTMLElement {
  return el('div', { class: 'skeleton', role: 'status', attrs: { 'aria-label': 'Loading' } }, ...Array.from({ length: lines }, () => el('div', { class: 'skeleton-bar' })));
}

/** Runs what may fail and puts its error where `node` shows errors. */
export function attempt(work: Promise<unknown>, show: (error: unknown) => void): void {
  work.then(undefined, show);
}
