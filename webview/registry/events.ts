/** The ledger as a list: filtered, by keyboard, with everything that an entry holds. */
import { fileName } from '../compare/model/export';
import { append, announce, debounce, el, fill } from '../shared/dom';
import { count, NONE } from '../shared/format';
import { createGrid } from '../shared/grid';
import { errorState } from '../shared/notice';
import { shapeSigns } from '../shared/timeline-chart';
import { button, dropdown, textField } from '../shared/toolkit';
import { createEventDetails } from './event-details';
import { eventShapes, eventTones } from './event-signs';
import { eventsCsv, eventWords, filterEvents, type EventKind, type LedgerEvent } from './model/timeline';
import { fullName, time } from './model/words';
import { when } from './parts';
import type { Panel } from './panel';

/** A value that no environment has. */
const ALL = '*all';

export function createEvents(panel: Panel): { node: HTMLElement; draw(events: readonly LedgerEvent[], from: number): void } {
  let all: readonly LedgerEvent[] = [];
  let from = -Infinity;
  let shown: LedgerEvent[] = [];
  let restored = false;
  let picked = '';
  const total = el('span', { class: 'muted figure', role: 'status' });
  const failed = el('div', {});
  const place = el('div', { class: 'grid-notice' });
  const filter = textField({ label: 'Filter events', value: panel.state().eventFilter, placeholder: 'Filter events: a person, v12, a word', onInput: debounce(150, (text: string) => panel.update({ eventFilter: text.trim() })) });
  const kind = dropdown({ label: 'Kind of event', value: '', choices: [], onChange: (value) => panel.update({ eventKind: value }) });
  const environment = dropdown({ label: 'Environment', value: ALL, choices: [], onChange: (value) => panel.update({ eventEnvironment: value === ALL ? null : value }) });
  const columns = [
    { key: 'when', label: 'when', width: 108 }, { key: 'what', label: 'what', width: 152 }, { key: 'version', label: 'version', width: 72 }, { key: 'environment', label: 'environment', width: 120 }, { key: 'by', label: 'by', width: 132 }, { key: 'text', label: 'text', width: 480 },
  ] as const;
  const grid = createGrid({
    label: 'Events', rowHeight: 24, headerHeight: 26, single: true,
    row(row) {
      const event = shown[row];
      return event && { key: event.hash, selected: event.hash === panel.state().event, highlighted: false, marked: false };
    },
    cell(node, row, column) {
      const event = shown[row];
      if (event) drawCell(node, event, columns[column]?.key ?? 'text');
    },
    onSort: (column) => { if (columns[column]?.key === 'when') panel.update({ eventDescending: !panel.state().eventDescending }); },
    onSelect: (row, how) => { if (how === 'toggle') select(row); else if (how === 'none') panel.update({ event: null }); },
    onOpen: (row) => { select(row); details.focus(); }, onPick: (row) => select(row), onHover: () => undefined, onKey: () => false,
    onScroll: debounce(200, (eventScroll: { top: number; left: number }) => { if (restored) panel.update({ eventScroll }); }),
  });
  const select = (row: number): void => {
    const event = shown[row];
    if (!event) return;
    picked = event.hash;
    panel.update({ event: event.hash });
  };
  const details = createEventDetails(panel, { close: () => { panel.update({ event: null }); grid.focus(); } });
  const controls = el('div', { class: 'controls' }, el('div', { class: 'filter' }, filter.node), kind.node, environment.node, el('span', { class: 'grow' }), total, button({ label: 'Save CSV', title: 'The events as they are shown, as a CSV file', onClick: () => save() }));
  const node = el('div', { class: 'events' }, controls, failed, el('div', { class: 'versions-body' }, el('div', { class: 'grid-place' }, grid.node, place), details.node));

  function drawCell(node: HTMLElement, event: LedgerEvent, key: (typeof columns)[number]['key']): void {
    switch (key) {
      case 'when': {
        node.title = time(event.t);
        return append(node, when(event.t));
      }
      case 'what': return append(node, el('span', { class: `sign ${eventTones[event.kind]}`, attrs: { 'aria-hidden': 'true' } }, shapeSigns[eventShapes[event.kind]]), el('span', { class: eventTones[event.kind] === 'bad' ? 'text bad-word' : 'text', title: event.word }, event.word));
      case 'version': return append(node, event.version === null ? NONE : `v${event.version}`);
      case 'environment': return append(node, el('span', { class: 'text', title: event.environment }, event.environment || NONE));
      case 'by': {
        node.title = fullName(event.row.by);
        return append(node, el('span', { class: 'text' }, event.row.by.name));
      }
      case 'text': {
        node.title = event.row.text;
        return append(node, el('span', { class: 'text' }, event.row.text));
      }
      default: return undefined;
    }
  }
  const shape = (): void => {
    const state = panel.state();
    const kinds = [...new Set(all.map((event) => event.kind))].sort();
    const places = [...new Set(all.map((event) => event.environment))];
    kind.set(kinds.includes(state.eventKind as EventKind) ? state.eventKind : '', [{ value: '', label: 'all kinds' }, ...kinds.map((one) => ({ value: one, label: eventWords[one] }))]);
    environment.set(state.eventEnvironment ?? ALL, [{ value: ALL, label: 'everywhere' }, ...places.map((one) => ({ value: one, label: one || 'the model' }))]);
    const found = filterEvents(all, { text: state.eventFilter, kind: state.eventKind, environment: state.eventEnvironment, from });
    // The ledger's own order, which times may contradict where clocks do.
    shown = state.eventDescending ? found.reverse() : found;
    const rest = grid.node.clientWidth - 14 - columns.slice(0, -1).reduce((sum, column) => sum + column.width, 0);
    grid.setShape(columns.map(({ key, label, width }) => ({ key, label, title: key === 'when' ? 'When. Enter turns the order' : label, width: key === 'text' ? Math.max(240, rest) : width, numeric: false, sort: key === 'when' ? (state.eventDescending ? 'descending' : 'ascending') : null })), shown.length);
    total.textContent = shown.length === all.length ? count(all.length, 'event') : `${shown.length.toLocaleString('en-US')} of ${count(all.length, 'event')}`;
    fill(place, shown.length > 0 ? null : el('div', { class: 'notice' }, el('p', { class: 'muted' }, 'No event of that kind.'), button({ label: 'Show all events', onClick: () => panel.update({ eventFilter: '', eventKind: '', eventEnvironment: null, range: 'all' }) })));
    details.draw(all.find((event) => event.hash === state.event) ?? null);
    if (restored) return;
    restored = true;
    grid.scrollTo(state.eventScroll);
  };
  function save(): void {
    fill(failed);
    panel.host.ask('host.saveFile', { name: fileName(`${panel.detail().model.name} history`, 'csv'), mime: 'text/csv', text: eventsCsv(shown) })
      .then(({ saved }) => { if (saved) announce(`${count(shown.length, 'event')} saved`); }, (error: unknown) => fill(failed, errorState('The list isn\u2019t saved', error, save)));
  }
  panel.onState((changed) => {
    if (changed.has('eventFilter') || changed.has('eventKind') || changed.has('eventEnvironment') || changed.has('eventDescending')) shape();
    if (changed.has('eventFilter') && filter.get().trim() !== panel.state().eventFilter) filter.set(panel.state().eventFilter);
    if (!changed.has('event')) return;
    grid.redress();
    // A row that was picked here is in sight; one of the picture may not be.
    const at = shown.findIndex((event) => event.hash === panel.state().event && event.hash !== picked);
    if (at >= 0) grid.reveal(at, 0);
    picked = '';
    details.draw(all.find((event) => event.hash === panel.state().event) ?? null);
  });
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(grid.node.clientWidth - width) < 20 || all.length === 0) return;
    width = grid.node.clientWidth;
    shape();
  }).observe(grid.node);
  return {
    node,
    draw(events, start) {
      all = events;
      from = start;
      shape();
    },
  };
}
