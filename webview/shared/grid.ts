/**
 * A grid for any number of rows and columns: only what is in view is in the document (@tanstack/virtual-core), the header and the first
 * column stay. It is one tab stop; the active cell is told by aria-activedescendant, so that it survives its element being taken away.
 */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { el, fill, icon, setAttributes } from './dom';
import { moveCell, type Cell } from './grid-keys';

export interface GridColumn { key: string; label: string; title: string; width: number; numeric: boolean; sort: 'ascending' | 'descending' | null }
export interface RowLook { key: string; selected: boolean; highlighted: boolean; marked: boolean }

export interface GridOptions {
  label: string;
  rowHeight: number;
  headerHeight: number;
  /** Fills an empty cell. */
  cell(node: HTMLElement, row: number, column: number): void;
  /** undefined: not loaded yet, shown as a placeholder */
  row(row: number): RowLook | undefined;
  onSort(column: number): void;
  onSelect(row: number, how: 'toggle' | 'range' | 'all' | 'none'): void;
  onOpen(row: number): void;
  /** a plain click on a row, without a key held; nothing where it isn't given */
  onPick?(row: number): void;
  /** one row at a time can be selected */
  single?: boolean;
  onHover(row: number | null): void;
  onScroll(at: { top: number; left: number }): void;
  /** Keys that the grid has no meaning for; true when they were used. */
  onKey(event: KeyboardEvent, row: number): boolean;
}

export interface Grid {
  node: HTMLElement;
  /** Columns or number of rows changed. The first column is the one that stays. */
  setShape(columns: GridColumn[], rows: number): void;
  /** What cells hold changed. */
  redraw(): void;
  /** Only how rows look changed (selected, highlighted, marked): their cells stay. */
  redress(): void;
  scrollTo(at: { top: number; left: number }): void;
  /** Scrolls to a row and makes it the active one; in the column that is active unless one is named. */
  reveal(row: number, column?: number): void;
  active(): Cell;
  focus(): void;
}

let grids = 0;

export function createGrid(options: GridOptions): Grid {
  const name = `grid${(grids += 1)}`;
  let columns: GridColumn[] = [];
  let rows = 0;
  let active: Cell = { row: 0, column: 0 };
  const drawn = new Map<number, HTMLElement>();
  const header = el('div', { class: 'grid-row grid-header', role: 'row', attrs: { 'aria-rowindex': 1 } });
  const body = el('div', { class: 'grid-body', role: 'rowgroup' });
  const head = el('div', { class: 'grid-head', role: 'rowgroup' }, header);
  const node = el('div', { class: 'grid', role: 'grid', attrs: { tabindex: 0, 'aria-label': options.label, 'aria-multiselectable': options.single ? 'false' : 'true' } }, head, body);

  const shared = { getScrollElement: () => node, scrollToFn: elementScroll, observeElementRect, observeElementOffset, overscan: 6 };
  const across = { ...shared, horizontal: true, overscan: 2 };
  let queued = false;
  const schedule = (): void => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      draw(false);
    });
  };
  const rowOptions = () => ({
    ...shared, count: rows, estimateSize: () => options.rowHeight, paddingStart: options.headerHeight, scrollPaddingStart: options.headerHeight, onChange: schedule,
  });
  const first = (): number => columns[0]?.width ?? 0;
  const columnOptions = () => ({
    ...across, count: Math.max(0, columns.length - 1), estimateSize: (at: number) => columns[at + 1]?.width ?? 0,
    paddingStart: first(), scrollPaddingStart: first(), onChange: schedule,
  });
  const down = new Virtualizer<HTMLElement, HTMLElement>(rowOptions());
  const right = new Virtualizer<HTMLElement, HTMLElement>(columnOptions());

  const cellId = (row: number, column: number): string => `${name}-${row}-${column}`;
  const place = (cell: HTMLElement, column: number, start: number): HTMLElement => {
    cell.style.width = `${columns[column]?.width ?? 0}px`;
    if (column > 0) cell.style.left = `${start}px`;
    cell.classList.toggle('numeric', columns[column]?.numeric ?? false);
    return cell;
  };
  const visible = (): { column: number; start: number }[] => [
    { column: 0, start: 0 }, ...right.getVirtualItems().map((item) => ({ column: item.index + 1, start: item.start })),
  ];

  const drawHeader = (): void => {
    header.style.width = `${right.getTotalSize()}px`;
    header.style.height = `${options.headerHeight}px`;
    // Before anything is loaded there is nothing to head.
    header.hidden = columns.length === 0;
    fill(header, ...visible().flatMap(({ column, start }) => {
      const spec = columns[column];
      if (!spec) return [];
      const cell = el('div', {
        class: column === 0 ? 'grid-cell sticky' : 'grid-cell', role: 'columnheader', id: cellId(-1, column), title: spec.title,
        attrs: { 'aria-colindex': column + 1, 'aria-sort': spec.sort ?? 'none', 'data-column': column },
      }, el('span', { class: 'text' }, spec.label), spec.sort ? icon(spec.sort === 'ascending' ? 'up' : 'down') : null);
      return [place(cell, column, start)];
    }));
  };
  const drawRow = (index: number, start: number): HTMLElement => {
    const look = options.row(index);
    const node = el('div', { class: 'grid-row', role: 'row', attrs: { 'aria-rowindex': index + 2, 'data-row': index, 'aria-selected': look ? String(look.selected) : null } });
    node.style.transform = `translateY(${start}px)`;
    node.style.width = `${right.getTotalSize()}px`;
    node.style.height = `${options.rowHeight}px`;
    if (look) dress(node, look);
    else node.classList.add('placeholder');
    for (const { column, start: left } of visible()) {
      const cell = el('div', {
        class: column === 0 ? 'grid-cell sticky' : 'grid-cell', role: column === 0 ? 'rowheader' : 'gridcell', id: cellId(index, column),
        attrs: { 'aria-colindex': column + 1, 'data-column': column },
      });
      if (look) options.cell(cell, index, column);
      node.append(place(cell, column, left));
    }
    return node;
  };
  const dress = (node: HTMLElement, look: RowLook): void => {
    node.classList.toggle('selected', look.selected);
    node.classList.toggle('highlighted', look.highlighted);
    node.classList.toggle('marked', look.marked);
  };
  const markActive = (): void => {
    node.querySelector('.active')?.classList.remove('active');
    const cell = document.getElementById(cellId(active.row, active.column));
    cell?.classList.add('active');
    setAttributes(node, { 'aria-activedescendant': cell ? cell.id : null });
  };

  let shownColumns = '';
  /** Draws what came into view; `all` draws everything in view anew. */
  function draw(all: boolean): void {
    const across = visible().map(({ column, start }) => `${column}:${start}`).join();
    const anew = all || across !== shownColumns;
    shownColumns = across;
    if (anew) drawHeader();
    body.style.height = `${Math.max(0, down.getTotalSize() - options.headerHeight)}px`;
    body.style.width = `${right.getTotalSize()}px`;
    const items = down.getVirtualItems();
    const wanted = new Set(items.map((item) => item.index));
    for (const [index, row] of drawn) {
      if (wanted.has(index) && !anew) continue;
      row.remove();
      drawn.delete(index);
    }
    for (const item of items) {
      if (drawn.has(item.index)) continue;
      const row = drawRow(item.index, item.start - options.headerHeight);
      drawn.set(item.index, row);
      // In the order of the rows, as assistive technology reads them.
      const after = [...drawn.keys()].filter((index) => index > item.index).sort((a, b) => a - b)[0];
      body.insertBefore(row, after === undefined ? null : (drawn.get(after) ?? null));
    }
    markActive();
  }

  const move = (cell: Cell): void => {
    active = cell;
    if (cell.row >= 0) down.scrollToIndex(cell.row, { align: 'auto' });
    if (cell.column > 0) right.scrollToIndex(cell.column - 1, { align: 'auto' });
    else if (cell.row >= 0) node.scrollLeft = 0;
    draw(false);
  };
  const cellOf = (event: Event): Cell | null => {
    const found = event.target instanceof Element ? event.target.closest('[data-column]') : null;
    const row = found?.closest('[data-row]');
    return found ? { row: row ? Number(row.getAttribute('data-row')) : -1, column: Number(found.getAttribute('data-column')) } : null;
  };

  node.addEventListener('keydown', (event) => {
    if (event.altKey) return;
    const all = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor((node.clientHeight - options.headerHeight) / options.rowHeight) - 1);
    const to = moveCell(active, event.key, { rows, columns: columns.length, page }, all);
    if (to) {
      move(to);
      if (event.shiftKey && to.row >= 0 && /^(Arrow(Up|Down)|Page)/.test(event.key)) options.onSelect(to.row, 'range');
    } else if (event.key === 'Enter') active.row < 0 ? options.onSort(active.column) : options.onOpen(active.row);
    else if (event.key === ' ' && active.row >= 0) options.onSelect(active.row, event.shiftKey ? 'range' : 'toggle');
    else if (event.key === ' ') options.onSort(active.column);
    else if (event.key === 'a' && all) options.onSelect(active.row, 'all');
    else if (event.key === 'Escape') options.onSelect(active.row, 'none');
    else if (!options.onKey(event, active.row)) return;
    event.preventDefault();
  });
  node.addEventListener('click', (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    active = cell;
    markActive();
    if (cell.row < 0) options.onSort(cell.column);
    else if (event.shiftKey) options.onSelect(cell.row, 'range');
    else if (event.ctrlKey || event.metaKey || (event.target instanceof Element && event.target.closest('.box'))) options.onSelect(cell.row, 'toggle');
    else options.onPick?.(cell.row);
  });
  node.addEventListener('dblclick', (event) => {
    const cell = cellOf(event);
    if (cell && cell.row >= 0 && !(event.target instanceof Element && event.target.closest('.box'))) options.onOpen(cell.row);
  });
  node.addEventListener('mouseover', (event) => options.onHover(cellOf(event)?.row ?? null));
  node.addEventListener('mouseleave', () => options.onHover(null));
  node.addEventListener('scroll', () => options.onScroll({ top: node.scrollTop, left: node.scrollLeft }), { passive: true });

  let mounted = false;
  const mount = (): void => {
    if (mounted || !node.isConnected) return;
    mounted = true;
    down._didMount();
    right._didMount();
    down._willUpdate();
    right._willUpdate();
  };

  return {
    node,
    setShape(next, count) {
      columns = next;
      rows = count;
      active = { row: Math.min(active.row, rows - 1), column: Math.min(active.column, Math.max(0, columns.length - 1)) };
      setAttributes(node, { 'aria-rowcount': rows + 1, 'aria-colcount': columns.length });
      down.setOptions(rowOptions());
      right.setOptions(columnOptions());
      right.measure();
      mount();
      draw(true);
    },
    redraw: () => draw(true),
    redress() {
      for (const [index, row] of drawn) {
        const look = options.row(index);
        if (!look) continue;
        dress(row, look);
        row.setAttribute('aria-selected', String(look.selected));
      }
    },
    scrollTo(at) {
      node.scrollTop = at.top;
      node.scrollLeft = at.left;
    },
    reveal: (row, column = active.column) => move({ row, column }),
    active: () => active,
    focus: () => node.focus(),
  };
}
