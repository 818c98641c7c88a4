/** The rows of the selection, worst first, with a side pane for one of them. */
import type { ExampleRow } from '../../src/protocol/evaluation/result';
import { el } from '../shared/dom';
import { count } from '../shared/format';
import type { View } from '../shared/tabs';
import { dropdown } from '../shared/toolkit';
import { createCharts } from './charts';
import { narrowed, rowSelection } from './model/selection';
import type { PanelState } from './model/state';
import type { Panel } from './panel';
import { createRowGrid } from './row-grid';
import type { RowPane } from './row-pane';

export function createRowsView(panel: Panel, pane: RowPane): View {
  let shown = false;
  const total = el('span', { class: 'muted figure', role: 'status' });
  const sort = dropdown({
    label: 'Order of the rows', value: panel.state().rowSort, choices: [{ value: 'worst', label: 'worst first' }, { value: 'best', label: 'best first' }, { value: 'order', label: 'as in the data' }],
    onChange: (value) => panel.update({ rowSort: value as PanelState['rowSort'], rowScroll: { top: 0, left: 0 } }),
  });
  const rows = createRowGrid(panel, {
    label: 'Rows', query: () => ({ evaluation: panel.state().evaluation, selection: rowSelection(panel.state()), sort: panel.state().rowSort }),
    onOpen: (row: ExampleRow) => pane.open(row, { columns: rows.pages.columns() }),
    empty: () => (narrowed(panel.state())
      ? { title: 'No such rows', detail: 'No row of the slice passes the filters.', action: { label: 'Show all of the slice', run: () => panel.update({ brush: [], cell: null }) } }
      : { title: 'No rows', detail: 'No row of the data is in this slice.' }),
    scroll: { read: () => panel.state().rowScroll, write: (rowScroll) => panel.update({ rowScroll }) },
    onTotal: (found) => { total.textContent = found === null ? '' : count(found, 'row'); },
  });
  // After a reload the row that was open is opened again, where it is among the first that come.
  let restored = panel.state().example === null;
  rows.pages.onChange(() => {
    if (restored || rows.pages.total() === null) return;
    restored = true;
    const row = rows.pages.loaded().find((one) => one.id === panel.state().example);
    if (row) pane.open(row, { columns: rows.pages.columns() });
    else panel.update({ example: null });
  });
  const refresh = (): void => { if (shown) rows.refresh(); };
  panel.onDoc(refresh);
  panel.onState((changed) => {
    if (['slice', 'part', 'brush', 'cell', 'rowSort'].some((key) => changed.has(key as 'slice'))) refresh();
    if (changed.has('rowSort')) sort.set(panel.state().rowSort);
  });
  const browser = el('section', { class: 'browser', attrs: { 'aria-label': 'Rows' } }, el('div', { class: 'controls' }, el('span', { class: 'inline' }, 'rows', sort.node), total, el('span', { class: 'grow' }), rows.picker), rows.node);
  return {
    node: el('div', { class: 'rows' }, createCharts(panel), browser),
    shown() {
      shown = true;
      refresh();
      rows.grid.redraw();
    },
    hidden() { shown = false; },
  };
}
