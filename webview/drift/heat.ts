/** The heat map: columns as rows, windows from left to right, the worst first. Any number of both. */
import { append, debounce, el, fill } from '../shared/dom';
import { count } from '../shared/format';
import { createGrid, type GridColumn } from '../shared/grid';
import { emptyState } from '../shared/notice';
import { button, checkbox, dropdown, textField } from '../shared/toolkit';
import { formatNumber } from '../shared/format';
import { cellTitle, heatSummary, lookOf, ratioText } from './model/heat';
import { longLabel, marksIn, markText, shortLabel, type Mark, type ShownWindow } from './model/windows';
import type { Panel } from './panel';

/** The least width of a cell, the most, and of the names. */
const [CELL, WIDEST] = [46, 92];
const ROLES: Record<string, string> = { prediction: 'prediction', label: 'label' };

const SIGNS = { pass: '\u2713', fail: '\u2715', 'cannot tell': '?' } as const;
/** What went live in it, else what it came to. */
const headSign = ({ outcome }: ShownWindow, moved: Mark | undefined): string => (moved ? markText(moved) : SIGNS[outcome]);

export interface HeatMap { node: HTMLElement; focus(): void }

export function createHeatMap(panel: Panel): HeatMap {
  let [width, name] = [0, 240];
  let restored = false;
  const total = el('span', { class: 'muted figure note', role: 'status' });
  const place = el('div', { class: 'grid-notice' });
  const filter = textField({ label: 'Filter columns', value: panel.state().filter, placeholder: 'Filter columns', onInput: debounce(150, (text: string) => panel.update({ filter: text.trim() })) });
  const only = checkbox({ label: 'drifted only', checked: panel.state().drifted, title: 'Columns that drifted in a window that is shown', onChange: (drifted) => panel.update({ drifted }) });
  const sort = dropdown({ label: 'Sort by', value: '', choices: [], onChange: (by) => panel.update({ order: by === 'auto' ? null : { by, descending: by !== 'name' } }) });
  const range = dropdown({ label: 'Windows', value: String(panel.state().windows), choices: [{ value: '0', label: 'newest' }, { value: '30', label: '30 windows' }, { value: '100', label: '100 windows' }, { value: '1000', label: '1,000 windows' }], onChange: (value) => panel.update({ windows: Number(value) }) });
  const grid = createGrid({
    label: 'Drift of columns by window', rowHeight: 24, headerHeight: 38, single: true,
    row(at) {
      const row = panel.rows()[at];
      return row && { key: row.name, selected: row.name === panel.column(), highlighted: false, marked: false };
    },
    cell(node, at, column) {
      const row = panel.rows()[at];
      if (!row) return;
      if (column === 0) return drawName(node, at);
      const window = panel.windows()[column - 1];
      if (!window) return;
      const cell = window.cells[row.name];
      const { tone, strength } = lookOf(cell);
      const title = cellTitle(row.name, longLabel(window), cell);
      node.classList.add('heat', tone);
      node.classList.toggle('chosen', row.name === panel.column() && window.id === panel.window()?.id);
      node.title = title;
      append(node, el('span', { class: 'visually-hidden' }, title), el('span', { class: 'heat-fill', style: { '--strength': `${Math.round(strength * 100)}%` }, attrs: { 'aria-hidden': 'true' } }, tone === 'none' ? '' : tone === 'unsure' ? '?' : ratioText(cell?.ratio ?? null)));
    },
    onSort(column) {
      const order = panel.order();
      if (column === 0) return panel.update({ order: order.by === 'name' ? null : { by: 'name', descending: false } });
      const window = panel.windows()[column - 1];
      if (window) panel.update({ order: order.by === window.id ? (order.descending ? { by: window.id, descending: false } : null) : { by: window.id, descending: true } });
    },
    onSelect: (row, how) => { if (how === 'toggle') open(row); },
    onOpen: open, onPick: open, onHover: () => undefined, onKey: () => false,
    onScroll: debounce(200, (scroll: { top: number; left: number }) => { if (restored) panel.update({ scroll }); }),
  });
  function open(at: number): void {
    const row = panel.rows()[at];
    const window = panel.windows()[grid.active().column - 1];
    if (row) panel.update({ column: row.name, ...(window ? { result: window.id } : {}), ...(['column', 'slices', 'rows'].includes(panel.state().part) ? {} : { part: 'column' }) });
  }
  function drawName(node: HTMLElement, at: number): void {
    const row = panel.rows()[at];
    if (!row) return;
    const role = ROLES[row.role];
    node.title = [row.name, role ?? '', row.type, row.harm === null ? 'harm unknown: nothing is known of the model\u2019s use of it' : `harm ${formatNumber(row.harm, 3)}: drift times importance, the largest of the windows shown`, row.fails > 0 ? `drifted in ${count(row.fails, 'window')}` : 'not drifted'].filter(Boolean).join('\n');
    append(node, el('span', { class: 'text' }, row.name), role ? el('span', { class: 'muted role' }, role) : null, el('span', { class: 'grow' }), row.harm === null ? null : el('span', { class: 'figure muted harm' }, formatNumber(row.harm, 2)));
  }
  const legend = el('span', { class: 'heat-legend muted', attrs: { 'aria-hidden': 'true' } }, ...([['pass', '60%', 'within limit'], ['fail', '20%', 'drifted'], ['fail', '100%', '8 \u00d7 limit'], ['unsure', '0%', 'cannot tell']] as const).flatMap(([tone, strength, label]) => [el('span', { class: `heat swatch ${tone}` }, el('span', { class: 'heat-fill', style: { '--strength': strength } })), el('span', {}, label)]));
  const controls = el('div', { class: 'controls' }, el('div', { class: 'filter' }, filter.node), only.node, sort.node, range.node, el('span', { class: 'grow' }), legend, total);
  const node = el('div', { class: 'heat-map' }, controls, el('div', { class: 'grid-place' }, grid.node, place));

  const shape = (): void => {
    const [rows, all, windows, order] = [panel.rows(), panel.allRows(), panel.windows(), panel.order()];
    const harm = all.some((row) => row.harm !== null);
    name = Math.max(160, Math.min(300, Math.round((width || 900) * 0.26)));
    const cell = windows.length === 0 ? CELL : Math.max(CELL, Math.min(WIDEST, Math.floor(((width || 900) - name - 18) / windows.length)));
    sort.set(panel.state().order === null ? 'auto' : order.by, [{ value: 'auto', label: harm ? 'by harm' : 'by effect' }, ...(harm ? [{ value: 'effect', label: 'by effect' }] : []), { value: 'name', label: 'by name' }, ...windows.filter(({ id }) => id === order.by).map((window) => ({ value: window.id, label: `by ${shortLabel(window)}` }))]);
    range.node.hidden = panel.monitor() === null;
    const sorted = (by: string): GridColumn['sort'] => (order.by === by ? (order.descending ? 'descending' : 'ascending') : null);
    grid.setShape([
      { key: 'name', label: harm ? 'column, harm' : 'column', title: 'Enter sorts by name, and back to worst first', width: name, numeric: false, sort: order.by === 'name' ? 'ascending' : null },
      ...windows.map((window, at): GridColumn => {
        const moved = marksIn(panel.marks(), window);
        const told = [longLabel(window), `${count(window.rows, 'row')}, ${window.outcome}`, ...window.reasons.slice(0, 4), ...moved.map((mark) => `${markText(mark)}: ${mark.text}`), 'Enter sorts by this window'];
        return { key: window.id, label: `${shortLabel(window, windows[at - 1])}\n${headSign(window, moved.at(-1))}`, title: told.join('\n'), width: cell, numeric: false, sort: sorted(window.id) };
      }),
    ], rows.length);
    const drifted = all.filter(({ fails }) => fails > 0).length;
    total.textContent = rows.length === all.length ? `${count(all.length, 'column')}, ${drifted.toLocaleString('en-US')} drifted` : `${rows.length.toLocaleString('en-US')} of ${count(all.length, 'column')}`;
    total.title = heatSummary(rows, windows);
    fill(place, rows.length > 0 || all.length === 0 ? (all.length === 0 && windows.length > 0 ? emptyState({ title: 'No column was compared', detail: 'No check of these windows looks at columns, or there was nothing to compare them with. The checks say what was looked at.' }) : null)
      : el('div', { class: 'notice' }, el('p', { class: 'muted' }, panel.state().drifted ? 'No column drifted in these windows.' : 'No column of that name.'), button({ label: 'Show all columns', onClick: () => { filter.set(''); panel.update({ filter: '', drifted: false }); } })));
  };
  const settle = (): void => {
    shape();
    if (restored || panel.windows().length === 0 || width === 0) return;
    const { scroll } = panel.state();
    // The newest window is at the right end.
    grid.scrollTo(scroll.top === 0 && scroll.left === 0 ? { top: 0, left: 1e6 } : scroll);
    const at = panel.rows().findIndex((row) => row.name === panel.column());
    if (at >= 0 && scroll.top === 0) grid.reveal(at, Math.max(1, panel.windows().findIndex((one) => one.id === panel.window()?.id) + 1));
    restored = true;
  };
  panel.onData(settle);
  panel.onState((changed) => {
    if (changed.has('source')) restored = false;
    if (changed.has('drifted')) only.set(panel.state().drifted);
    if (['order', 'filter', 'drifted'].some((key) => changed.has(key as 'order'))) shape();
    else if (changed.has('column') || changed.has('result')) {
      grid.redraw();
      const at = panel.rows().findIndex((row) => row.name === panel.column());
      const column = panel.windows().findIndex((one) => one.id === panel.window()?.id) + 1;
      if (at >= 0 && (grid.active().row !== at || (grid.active().column !== column && grid.active().column !== 0))) grid.reveal(at, Math.max(1, column));
    }
  });
  new ResizeObserver(() => {
    if (Math.abs(node.clientWidth - width) < 8) return;
    width = node.clientWidth;
    settle();
  }).observe(node);
  return { node, focus: () => grid.focus() };
}
