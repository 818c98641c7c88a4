/** All rows of the log, the newest first: any of them can be judged. */
import type { ReviewItem } from '../../src/protocol/monitoring';
import { debounce, el, fill } from '../shared/dom';
import { formatAgo, formatTime } from '../shared/format';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { textField } from '../shared/toolkit';
import { keyOf } from './model/queue';
import { percent, ranked } from './model/words';
import type { Panel } from './panel';
import type { Keyed } from './queue';
import { createRowView } from './row';

const SEARCH_MS = 250;

export function createBrowseView(panel: Panel): Keyed {
  const { rows } = panel;
  const row = createRowView(panel, rows);
  const search = debounce(SEARCH_MS, (find: string) => {
    panel.update({ find, found: null });
    rows.load();
  });
  const field = textField({ label: 'Find a request', value: panel.state().find, placeholder: 'find a request', onInput: search });
  const text = el('span', { class: 'muted figure' });
  const list = el('div', { class: 'browse-list', attrs: { tabindex: 0, role: 'listbox', 'aria-label': 'Rows of the log' } });
  const place = el('div', { class: 'queue-place' });
  const node = el('div', { class: 'browse' }, el('div', { class: 'browse-side' }, el('div', { class: 'filter' }, field.node), text, list), place);
  let drawn: readonly ReviewItem[] = [];
  const draw = (): void => {
    const { items, said } = rows.going();
    text.textContent = rows.busy() !== '' ? rows.busy() : items.length > 0 ? `the newest ${items.length.toLocaleString('en-US')} of ${(rows.facts()?.rows ?? 0).toLocaleString('en-US')} rows${panel.state().find === '' ? '' : ' that are called so'}` : '';
    const current = rows.current();
    if (items !== drawn) {
      drawn = items;
      fill(list, ...items.map((item, at) => el('div', { class: 'browse-row', role: 'option', id: `browse-${at}`, attrs: { 'data-key': keyOf(item) }, on: { click: () => rows.select(keyOf(item)) } },
        el('span', { class: 'text', title: item.request }, item.row === 0 ? item.request : `${item.request} row ${item.row}`), el('span', { class: 'text predicted-short' }, shortly(item)), el('span', { class: 'mark' }), el('span', { class: 'muted numeric', title: formatTime(item.time / 1000) }, formatAgo(item.time / 1000, Date.now() / 1000)))));
    }
    for (const [at, child] of [...list.children].entries()) {
      const item = items[at];
      const chosen = item !== undefined && item === current;
      child.classList.toggle('selected', chosen);
      child.setAttribute('aria-selected', String(chosen));
      if (chosen) {
        list.setAttribute('aria-activedescendant', child.id);
        child.scrollIntoView({ block: 'nearest' });
      }
      const mark = child.querySelector('.mark');
      if (mark && item) mark.textContent = said.get(keyOf(item))?.judgement ?? item.judged.map(({ judgement }) => judgement).join(', ');
    }
    if (rows.fault()) return fill(place, errorState('The rows can\u2019t be read', rows.fault(), () => rows.load()));
    if (current) return void (place.firstElementChild === row.node ? undefined : fill(place, row.node));
    fill(place, !rows.facts() || rows.busy() !== '' ? skeleton(8) : emptyState(panel.state().find === '' ? { title: 'No rows yet', detail: 'What a served model is asked and answers stands here.' } : { title: 'No request is called so', detail: 'Part of its name is enough.' }));
  };
  rows.onChange(draw);
  return {
    node, key: (event) => row.key(event),
    shown() {
      if (!rows.facts() && rows.busy() === '') rows.load();
      draw();
    },
  };
}

function shortly(item: ReviewItem): string {
  const [first] = ranked(item);
  const p = first && (item.probabilities[String(item.prediction)] ?? null);
  return `${item.prediction ?? ''}${p == null ? '' : ` ${percent(p)}`}`;
}
