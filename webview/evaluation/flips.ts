/** Rows that one model has right and the other wrong, clustered by slice, each to be accepted or rejected. */
import type { ExampleRow } from '../../src/protocol/evaluation/result';
import { el, fill } from '../shared/dom';
import { count } from '../shared/format';
import { emptyState, errorState } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, dropdown } from '../shared/toolkit';
import { formatCount, formatShare } from './model/digits';
import { clusters, type Cluster } from './model/flips';
import { rowSelection } from './model/selection';
import type { PanelState } from './model/state';
import { accept } from './judgement';
import type { Panel } from './panel';
import { createRowGrid } from './row-grid';
import type { RowPane } from './row-pane';

export function createFlipsView(panel: Panel, pane: RowPane): View {
  let shown = false;
  let scroll = { top: 0, left: 0 };
  const list = el('div', { class: 'clusters' });
  const total = el('span', { class: 'muted figure', role: 'status' });
  const place = el('div', {});
  const kind = dropdown({
    label: 'Kind of flip', value: panel.state().flip, choices: [{ value: 'any', label: 'broken and fixed' }, { value: 'broken', label: 'broken: was right' }, { value: 'fixed', label: 'fixed: was wrong' }],
    onChange: (value) => panel.update({ flip: value as PanelState['flip'] }),
  });
  const judge = (row: ExampleRow, how: 'accept' | 'reject'): void => {
    fill(place);
    if (how === 'reject') return pane.open(row, { reject: true, columns: rows.pages.columns() });
    accept(panel, row).then(undefined, (error: unknown) => fill(place, errorState(`${row.id} isn\u2019t accepted`, error, () => judge(row, how))));
  };
  const rows = createRowGrid(panel, {
    label: 'Flipped rows', query: () => ({ evaluation: panel.state().evaluation, selection: rowSelection(panel.state(), panel.state().flip), sort: 'flip' }),
    onOpen: (row) => pane.open(row, { columns: rows.pages.columns() }),
    onKey(key, row) {
      if (key !== 'a' && key !== 'r') return false;
      judge(row, key === 'a' ? 'accept' : 'reject');
      return true;
    },
    empty: () => ({ title: 'No flips here', detail: 'Of these rows both models have the same right and wrong.', ...(panel.state().slice === null ? {} : { action: { label: 'Flips of all rows', run: () => panel.update({ slice: null }) } }) }),
    scroll: { read: () => scroll, write: (at) => { scroll = at; } },
    onTotal: (found) => { total.textContent = found === null ? '' : count(found, 'flip'); },
  });
  const current = (): ExampleRow | undefined => rows.pages.loaded().find((row) => row.id === panel.state().example) ?? rows.pages.at(Math.max(0, rows.grid.active().row));
  const buttons = el('span', { class: 'inline' },
    button({ label: 'Accept', title: 'The flip of the active row is fine (A)', onClick: () => { const row = current(); if (row) judge(row, 'accept'); } }),
    button({ label: 'Reject \u2026', title: 'The active row has to come out right from now on (R)', onClick: () => { const row = current(); if (row) judge(row, 'reject'); } }));
  const browser = el('section', { class: 'browser', attrs: { 'aria-label': 'Flipped rows' } }, el('div', { class: 'controls' }, el('span', { class: 'inline' }, 'flips', kind.node), total, el('span', { class: 'grow' }), rows.picker, buttons), place, rows.node);
  const empty = el('div', {});
  const columns = el('div', { class: 'flip-columns' }, list, browser);

  const line = (cluster: Cluster): HTMLElement => {
    const chosen = cluster.slice === panel.state().slice;
    const title = `${cluster.name}: of ${formatCount(cluster.n)} rows ${formatCount(cluster.broken)} were right and are wrong, ${formatCount(cluster.fixed)} the other way round`;
    return el('tr', { class: chosen ? 'chosen' : '', title },
      el('th', { class: 'text', attrs: { scope: 'row' } }, el('button', { class: 'link text', attrs: { type: 'button', 'aria-pressed': String(chosen) }, on: { click: () => panel.update({ slice: cluster.slice, brush: [], cell: null }) } }, cluster.name), cluster.failed ? el('span', { class: 'outcome fail' }, ' \u2715', el('span', { class: 'visually-hidden' }, ' fails the gate')) : null),
      el('td', { class: 'numeric' }, formatCount(cluster.broken)), el('td', { class: 'numeric' }, formatCount(cluster.fixed)),
      el('td', { class: 'numeric muted' }, `${cluster.net > 0 ? '\u25bc' : cluster.net < 0 ? '\u25b2' : ''}\u2009${formatShare(Math.abs(cluster.net))}`));
  };
  const draw = (): void => {
    const doc = panel.doc();
    const found = clusters(doc);
    const none = !doc.baseline
      ? emptyState({ title: 'No baseline', detail: 'Flips are the rows that one model has right and the other wrong. Name a baseline in runyard.yaml, or evaluate with --baseline, and they are listed here.' })
      : found.length === 0 ? emptyState({ title: 'Numbers don\u2019t flip', detail: 'A regression\u2019s rows are never simply right or wrong. The slice table shows where the errors grew.' }) : null;
    fill(empty, none);
    columns.hidden = none !== null;
    if (none) return;
    fill(list, el('table', {}, el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, 'slice'), el('th', { class: 'numeric', title: 'was right, is wrong', attrs: { scope: 'col' } }, 'broken'),
      el('th', { class: 'numeric', title: 'was wrong, is right', attrs: { scope: 'col' } }, 'fixed'), el('th', { class: 'numeric', title: 'broken minus fixed, of the slice\u2019s rows; \u25bc is worse', attrs: { scope: 'col' } }, 'net'))), el('tbody', {}, ...found.map(line))));
    rows.refresh();
  };
  const refresh = (): void => { if (shown) draw(); };
  panel.onDoc(refresh);
  panel.onState((changed) => {
    if (['slice', 'part', 'brush', 'cell', 'flip'].some((key) => changed.has(key as 'slice'))) {
      scroll = { top: 0, left: 0 };
      refresh();
    }
  });
  return {
    node: el('div', { class: 'flips' }, empty, columns),
    shown() {
      shown = true;
      draw();
      rows.grid.redraw();
    },
    hidden() { shown = false; },
  };
}
