/** A browser of rows: worst first, as many as there are; wrong ones have a sign, and so have pinned ones. */
import type { ExampleRow } from '../../src/protocol/evaluation/result';
import { append, debounce, el, fill, icon } from '../shared/dom';
import { createGrid, type Grid, type GridColumn } from '../shared/grid';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { previewKind } from './model/pictures';
import { cellText, rowColumns, rowFormats, rowState, shownColumns, type RowColumn } from './model/rows';
import type { Panel } from './panel';
import { columnPicker } from './row-picker';
import { createRowPages, type RowPages, type RowQuery } from './row-pages';

export interface RowGridOptions {
  label: string;
  query(): RowQuery;
  onOpen(row: ExampleRow): void;
  /** a key that the grid has no meaning for; true where it was used */
  onKey?(key: string, row: ExampleRow): boolean;
  empty(): { title: string; detail: string; action?: { label: string; run(): void } };
  scroll: { read(): { top: number; left: number }; write(at: { top: number; left: number }): void };
  onTotal(total: number | null): void;
}
export interface RowGrid { node: HTMLElement; grid: Grid; pages: RowPages; /** the button that chooses the columns */ picker: HTMLElement; refresh(): void }

export function createRowGrid(panel: Panel, options: RowGridOptions): RowGrid {
  let columns: RowColumn[] = [];
  let formats = new Map<string, (value: number) => string>();
  let restored = false;
  const pages = createRowPages(panel.host);
  const place = el('div', { class: 'grid-notice' });

  const drawId = (node: HTMLElement, row: ExampleRow): void => {
    const { word, sign } = rowState(row);
    node.title = [row.id, word, row.unscored ?? '', panel.isPinned(row) ? 'pinned: it has to come out right in every evaluation' : ''].filter(Boolean).join('\n');
    append(node, el('span', { class: `sign ${word.replace(' ', '-')}`, attrs: { 'aria-hidden': 'true' } }, sign), word ? el('span', { class: 'visually-hidden' }, word) : null,
      el('span', { class: 'text' }, row.id), panel.isPinned(row) ? el('span', { class: 'pinned' }, icon('pin'), el('span', { class: 'visually-hidden' }, 'pinned')) : null);
  };
  const grid = createGrid({
    label: options.label, rowHeight: 24, headerHeight: 26, single: true,
    row(at) {
      const row = pages.at(at);
      return row && { key: row.id, selected: row.id === panel.state().example, highlighted: false, marked: false };
    },
    cell(node, at, index) {
      const [row, column] = [pages.at(at), columns[index]];
      if (!row || !column) return;
      if (column.key === 'id') return drawId(node, row);
      const value = column.value(row);
      const text = cellText(value, formats.get(column.key));
      if (typeof value === 'string' && value.length > 12) node.title = value;
      const differs = column.key === 'baseline' && typeof row.baseline === 'string' && row.baseline !== row.predicted;
      append(node, el('span', { class: ['text', value === null ? 'muted' : '', differs ? 'differs' : '', previewKind(value) ? 'path' : ''].filter(Boolean).join(' ') }, text));
    },
    onSort: () => undefined,
    onSelect: (at, how) => { if (how === 'toggle') open(at); else if (how === 'none') panel.update({ example: null }); },
    onOpen: open, onPick: open, onHover: () => undefined,
    onScroll: debounce(200, (at: { top: number; left: number }) => { if (restored) options.scroll.write(at); }),
    onKey(event, at) {
      const row = pages.at(at);
      return row !== undefined && !event.ctrlKey && !event.metaKey && (options.onKey?.(event.key.toLowerCase(), row) ?? false);
    },
  });
  function open(at: number): void {
    const row = pages.at(at);
    if (row) options.onOpen(row);
  }
  const all = (): RowColumn[] => rowColumns(panel.doc(), pages.columns(), panel.doc().data.columns);
  const shape = (): void => {
    columns = shownColumns(all(), panel.state().rowColumns);
    formats = rowFormats(columns, pages.loaded());
    const width = (column: RowColumn): number => (column.key === 'id' ? 132 : Math.min(220, Math.max(column.numeric ? 80 : 92, column.label.length * 7 + 24)));
    grid.setShape(columns.map((column): GridColumn => ({ key: column.key, label: column.label, title: column.title, width: width(column), numeric: column.numeric, sort: null })), pages.total() ?? 0);
  };
  const notice = (): void => {
    options.onTotal(pages.total());
    if (pages.error() !== null) fill(place, errorState('The rows can\u2019t be read', pages.error(), refresh));
    else if (pages.total() === null) fill(place, skeleton(5));
    else if (pages.total() === 0) fill(place, emptyState(options.empty()));
    else fill(place);
  };
  const settle = debounce(300, shape);
  pages.onChange((what) => {
    notice();
    if (what === 'page') {
      grid.redraw();
      // Further rows may have longer numbers; the columns follow once scrolling rests.
      return settle();
    }
    const top = options.scroll.read();
    shape();
    if (pages.total() === null) return;
    if (!restored || top.top === 0) grid.scrollTo(top);
    restored = true;
  });
  function refresh(): void {
    pages.setQuery(options.query());
    notice();
  }
  panel.onState((changed) => {
    if (changed.has('rowColumns')) shape();
    if (changed.has('example')) grid.redress();
  });
  panel.onJudged(() => grid.redraw());
  return { node: el('div', { class: 'grid-place' }, grid.node, place), grid, pages, picker: columnPicker(panel, all), refresh };
}
