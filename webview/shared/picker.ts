/** A list to tick several of, opened by a button: the table's columns, the charts' metrics, the axes. */
import { el, fill } from './dom';
import type { IconName } from './dom';
import { button, textField } from './toolkit';

export interface PickerChoice { value: string; label: string; group: string }
export interface PickerOptions {
  label: string;
  icon?: IconName;
  choices(): PickerChoice[];
  chosen(): string[];
  onChange(chosen: string[]): void;
  /** a button that gives back the choice to the panel */
  reset?: { label: string; run(): void };
  /** at most this many can be ticked */
  limit?: number;
}

/** The button; its list closes with Escape, a click elsewhere, or when the focus leaves it. */
export function picker(options: PickerOptions): HTMLElement {
  const list = el('div', { class: 'picker-list', role: 'group', attrs: { 'aria-label': options.label } });
  let search = '';
  const draw = (): void => {
    const chosen = options.chosen();
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = options.choices().filter((choice) => words.every((word) => choice.label.toLowerCase().includes(word)));
    const groups = [...new Set(found.map((choice) => choice.group))];
    const full = options.limit !== undefined && chosen.length >= options.limit;
    const rows = (group: string): HTMLElement[] => found.filter((choice) => choice.group === group).slice(0, 200).map((choice) => {
      const box = el('input', { attrs: { type: 'checkbox', disabled: full && !chosen.includes(choice.value) } });
      box.checked = chosen.includes(choice.value);
      box.addEventListener('change', () => {
        const now = options.chosen();
        options.onChange(box.checked ? [...now, choice.value] : now.filter((one) => one !== choice.value));
      });
      return el('label', { class: 'picker-row', title: choice.label }, box, el('span', { class: 'text' }, choice.label));
    });
    fill(list, ...groups.map((group) => el('fieldset', {}, el('legend', {}, group), ...rows(group))),
      found.length === 0 ? el('p', { class: 'muted' }, 'Nothing of that name.') : null);
  };
  const field = textField({ label: `Search in ${options.label}`, value: '', placeholder: 'Search', onInput(value) { search = value; draw(); } });
  const reset = options.reset;
  const popup = el('div', { class: 'picker', role: 'dialog', attrs: { 'aria-label': options.label, hidden: true } }, field.node, list,
    reset ? button({ label: reset.label, appearance: 'secondary', onClick() { reset.run(); draw(); } }) : null);
  /** Where the window has room, whatever part of the page the button is in: that part would cut the popup off. */
  const place = (): void => {
    const { left, right, top, bottom } = opener.getBoundingClientRect();
    const room = window.innerHeight - bottom - 12;
    const over = room < 240 && top - 12 > room;
    popup.style.position = 'fixed';
    popup.style.maxHeight = `${Math.max(180, over ? top - 12 : room)}px`;
    popup.style.top = over ? 'auto' : `${bottom}px`;
    popup.style.bottom = over ? `${window.innerHeight - top + 2}px` : 'auto';
    // The popup is wider than its button.
    popup.style.left = left > window.innerWidth / 2 ? 'auto' : `${left}px`;
    popup.style.right = left > window.innerWidth / 2 ? `${Math.max(0, document.documentElement.clientWidth - right)}px` : 'auto';
  };
  const open = (shown: boolean): void => {
    if (popup.hidden !== shown) return;
    popup.hidden = !shown;
    opener.setAttribute('aria-expanded', String(shown));
    if (!shown) return;
    search = '';
    field.set('');
    draw();
    place();
    field.node.focus();
  };
  const opener = button({ label: options.label, appearance: 'secondary', onClick: () => open(Boolean(popup.hidden)) });
  opener.setAttribute('aria-expanded', 'false');
  opener.setAttribute('aria-haspopup', 'dialog');
  const node = el('div', { class: 'picker-host' }, opener, popup);
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || popup.hidden) return;
    open(false);
    opener.focus();
    event.stopPropagation();
  });
  node.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !node.contains(event.relatedTarget)) open(false);
  });
  window.addEventListener('resize', () => { if (!popup.hidden) place(); });
  document.addEventListener('scroll', (event) => { if (!popup.hidden && !(event.target instanceof Node && popup.contains(event.target))) place(); }, { capture: true, passive: true });
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !node.contains(event.target)) open(false);
  });
  return node;
}
