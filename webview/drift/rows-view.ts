/** Rows of the chosen window that are new: in categories and ranges that the reference has none of, or most unlike it. */
import type { DriftResults } from '../../src/protocol/drift';
import { append, debounce, el, fill } from '../shared/dom';
import { columnFormat, formatNumber, NONE } from '../shared/format';
import { createGrid } from '../shared/grid';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { toCsv, fileName } from '../compare/model/export';
import { button } from '../shared/toolkit';
import { act } from './parts';
import { longLabel } from './model/windows';
import type { Panel } from './panel';

/** Of the longest of the first texts, within reason. */
function widthOf(name: string, rows: DriftResults['drift.examples']['rows']): number {
  const longest = Math.max(name.length, ...rows.slice(0, 30).map(({ cells }) => { const value = cells[name]; return typeof value === 'string' ? value.length : 0; }));
  return Math.min(220, Math.max(88, longest * 7 + 24));
}

export function createRowsView(panel: Panel): View {
  let [asked, visible, of] = [0, false, ''];
  let shown: DriftResults['drift.examples'] | null = null;
  let formats = new Map<string, (value: number) => string>();
  const total = el('span', { class: 'muted note' });
  const place = el('div', { class: 'grid-notice' });
  const failed = el('div', {});
  const grid = createGrid({
    label: 'New rows', rowHeight: 24, headerHeight: 26, single: true,
    row: (at) => (shown?.rows[at] ? { key: String(at), selected: false, highlighted: false, marked: false } : undefined),
    cell(node, at, column) {
      const row = shown?.rows[at];
      if (!row) return;
      if (column === 0) {
        node.title = row.why.join('\n');
        return append(node, el('span', { class: 'text' }, row.why.join('; ') || 'unlike the reference'));
      }
      if (column === 1) return append(node, row.score === null ? NONE : formatNumber(row.score, 2));
      const name = shown?.columns[column - 2] ?? '';
      const value = row.cells[name] ?? null;
      const text = value === null ? NONE : typeof value === 'number' ? (formats.get(name) ?? formatNumber)(value) : String(value);
      const why = row.why.some((one) => one.includes(name));
      if (text.length > 12) node.title = text;
      append(node, el('span', { class: `text${value === null ? ' muted' : ''}${why ? ' culprit' : ''}` }, text));
    },
    onSort: () => undefined, onSelect: () => undefined, onHover: () => undefined, onKey: () => false, onOpen: open, onPick: () => undefined,
    onScroll: debounce(200, (rowsScroll: { top: number; left: number }) => { if (visible) panel.update({ rowsScroll }); }),
  });
  /** The column of the cell that is opened, if it is one that was compared. */
  function open(): void {
    const name = shown?.columns[grid.active().column - 2];
    if (name !== undefined && panel.allRows().some((row) => row.name === name)) panel.update({ column: name, part: 'column' });
  }
  const save = button({ label: 'Save CSV', title: 'These rows as a CSV file', onClick: () => act(failed, 'The rows aren\u2019t saved', async () => {
    const found = shown;
    if (!found) return;
    const text = toCsv(['why', 'score', ...found.columns], found.rows.map((row) => [row.why.join('; '), row.score, ...found.columns.map((name) => { const value = row.cells[name] ?? null; return typeof value === 'boolean' ? String(value) : value; })]));
    await panel.host.ask('host.saveFile', { name: fileName(`${panel.monitor()?.name ?? 'drift'} new rows`, 'csv'), mime: 'text/csv', text });
  }) });
  const node = el('div', { class: 'rows-view' }, el('div', { class: 'controls' }, total, el('span', { class: 'grow' }), save), failed, el('div', { class: 'grid-place' }, grid.node, place));
  function ask(): void {
    const window = panel.window();
    const mine = (asked += 1);
    if (!window) return;
    if (of !== window.id) {
      shown = null;
      grid.setShape([], 0);
      fill(place, skeleton(5));
    }
    total.textContent = longLabel(window);
    panel.examples().then((found) => {
      if (mine !== asked) return;
      [shown, of] = [found, window.id];
      formats = new Map(found.columns.map((name) => [name, columnFormat(found.rows.flatMap((row) => { const value = row.cells[name]; return typeof value === 'number' ? [value] : []; }))]));
      const numeric = (name: string): boolean => found.rows.some((row) => typeof row.cells[name] === 'number');
      grid.setShape([{ key: 'why', label: 'why it is new', title: 'What the reference has none of', width: 320, numeric: false, sort: null }, { key: 'score', label: 'unlike', title: 'How unlike the reference, 0 to 1', width: 72, numeric: true, sort: null },
        ...found.columns.map((name) => ({ key: name, label: name, title: name, width: widthOf(name, found.rows), numeric: numeric(name), sort: null }))], found.rows.length);
      fill(place, found.rows.length > 0 ? null : emptyState({ title: 'Nothing is new', detail: 'No row of this window is in a new category, out of the reference\u2019s range, or far from everything that the reference holds.' }));
      total.textContent = `${longLabel(window)}: ${found.rows.length} rows, the most unlike ones first`;
      grid.scrollTo(panel.state().rowsScroll);
    }, (error: unknown) => { if (mine === asked) fill(place, errorState('The rows can\u2019t be read', error, ask)); });
  }
  const again = (): void => { if (visible) ask(); };
  panel.onData(again);
  panel.onState((changed) => { if (changed.has('result')) again(); });
  return { node, shown() { visible = true; ask(); }, hidden: () => { visible = false; } };
}
