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
  const open = (shown: boolean): void => {
    if (popup.hidden !== shown) return;
    popup.hidden = !shown;
    opener.setAttribute('aria-expanded', String(shown));
    if (!shown) return;
    search = '';
    field.set('');
    draw();
    // Towards the side that has room: the popup is wider than its button.
    popup.classList.toggle('to-left', opener.getBoundingClientRect().left > window.innerWidth / 2);
    const room = window.innerHeight - opener.getBoundingClientRect().bottom - 12;
    popup.classList.toggle('to-top', room < 180);
    popup.style.maxHeight = `${Math.max(180, room < 180 ? opener.getBoundingClientRect().top - 12 : room)}px`;
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
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !node.contains(event.target)) open(false);
  });
  return node;
}
