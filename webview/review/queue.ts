/** The queue: one row after the other, with how far one is. */
import { el, fill, setAttributes } from '../shared/dom';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, dropdown } from '../shared/toolkit';
import { left } from './model/queue';
import { reviewSources } from './model/state';
import { sourceWords } from './model/words';
import type { Panel } from './panel';
import { createRowView, type RowView } from './row';

export interface Keyed extends View { key(event: KeyboardEvent): boolean }

export function createQueueView(panel: Panel, exporting: () => void): Keyed {
  const { queue } = panel;
  const row: RowView = createRowView(panel, queue);
  const place = el('div', { class: 'queue-place' });
  const bar = el('span', { class: 'bar done', role: 'progressbar', attrs: { 'aria-label': 'Rows of this round that are judged', 'aria-valuemin': 0 } }, el('span'));
  const text = el('span', { class: 'figure muted text' });
  const stop = button({ label: 'Cancel', onClick: () => queue.stop() });
  const only = dropdown({ label: 'Rows that are asked about', value: panel.state().source, choices: [{ value: '', label: 'All rows worth a look' }, ...reviewSources.map((value) => ({ value, label: sourceWords[value] }))], onChange(source) {
    panel.update({ source: source as '', row: null });
    queue.load();
  } });
  const line = el('div', { class: 'queue-line' }, only.node, bar, text, stop);
  const node = el('div', { class: 'queue' }, line, place);
  let loadedOnce = false;
  const draw = (): void => {
    const facts = queue.facts();
    const { items, at } = queue.going();
    const open = left(queue.going());
    stop.hidden = queue.busy() === '';
    bar.hidden = items.length === 0;
    setAttributes(bar, { 'aria-valuenow': items.length - open, 'aria-valuemax': items.length });
    (bar.firstElementChild as HTMLElement).style.width = `${items.length === 0 ? 0 : (100 * (items.length - open)) / items.length}%`;
    const more = facts ? Object.values(facts.left).reduce((sum, count) => sum + count, 0) : 0;
    text.textContent = queue.busy() !== '' ? queue.busy() : items.length === 0 ? '' : `row ${at + 1} of ${items.length}, ${open} left${more > 0 ? `, ${more.toLocaleString('en-US')} more after them` : ''}`;
    if (queue.fault()) return fill(place, errorState('The queue can\u2019t be read', queue.fault(), () => queue.load()));
    if (items.length > 0 && queue.current()) return void (place.firstElementChild === row.node && place.childElementCount === 1 ? undefined : fill(place, row.node));
    if (!facts || queue.busy() !== '') return fill(place, skeleton(10));
    fill(place, nothing(panel, facts.rows, exporting));
  };
  queue.onChange(draw);
  return {
    node, key: (event) => row.key(event),
    shown() {
      if (loadedOnce) return;
      loadedOnce = true;
      queue.load();
      draw();
    },
  };
}

/** Says how a log comes to be, or what to do with what was said. */
function nothing(panel: Panel, rows: number, exporting: () => void): HTMLElement {
  const { model } = panel.state();
  if (rows === 0) {
    return emptyState({
      title: `Nothing of ${model} is logged yet`, detail: `Rows to review come from the log of what the model was asked. Serve it with \u201crunyard serve-model ${model}\u201d, or let your own serving write .runyard/serving/${model.replace('@', '/')}/date=YYYY-MM-DD/*.parquet; then the rows that are worth a look stand here: where it hesitates, rows unlike the reference, flagged by a rule, answered otherwise by a shadow, and some by chance.`,
      action: { label: 'Serve the model', run: () => void panel.host.ask('host.serve', { model }).catch(() => undefined) },
    });
  }
  const only = panel.state().source;
  return emptyState({
    title: only === '' ? 'Nothing left to review' : `No row is left: ${sourceWords[only].toLowerCase()}`,
    detail: only === '' ? `All ${rows.toLocaleString('en-US')} rows of the log have a label or your word. What was said can be an evaluation set\u2019s next version.` : `${rows.toLocaleString('en-US')} rows were looked through. Other rows may be worth a look.`,
    action: only === '' ? { label: 'Export as an evaluation set\u2026', run: exporting } : { label: 'All rows worth a look', run: () => { panel.update({ source: '', row: null }); panel.queue.load(); } },
  });
}
