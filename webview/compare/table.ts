/** The runs as a table: one line a run, its look in the charts, its values, and how far from the baseline they are. */
import type { RunRow } from '../../src/protocol/model';
import { append, debounce, el, fill, icon, svg } from '../shared/dom';
import { columnFormat, formatAgo, formatDuration, formatSigned, formatTime, NONE } from '../shared/format';
import { createGrid, type GridColumn } from '../shared/grid';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { SeriesStyle } from '../shared/colors';
import { asNumber, columnOf, defaultColumns, valueOf, type Column } from './model/columns';
import { deltaOf } from './model/delta';
import type { Panel } from './panel';

/** A short piece of a curve as it is drawn, with its dash: the same sign in the table, the legend and the charts. */
export function swatch(style: SeriesStyle | undefined): SVGElement {
  const line = svg('line', { x1: 1, y1: 5, x2: 17, y2: 5, 'stroke-width': style ? 2.5 : 0, 'stroke-dasharray': style?.dash.join(' ') ?? '' });
  if (style) line.style.stroke = style.color;
  return svg('svg', { class: 'swatch', width: 18, height: 10, 'aria-hidden': 'true' }, line);
}

/** The columns shown now, the run's name left out. */
export function shownColumns(panel: Panel): Column[] {
  const { columns, onlyDiffers } = panel.state();
  return (columns ?? defaultColumns(panel.runs.loaded(), { onlyDiffers, mainMetric: panel.mainMetric() })).map(columnOf);
}

/** A value as the table shows it. */
export function cellText(value: number | string | null, column: Column, format: (value: number) => string): string {
  if (value === null) return NONE;
  if (column.key === 'attributes.duration' && typeof value === 'number') return formatDuration(value);
  if (column.key === 'attributes.start_time' && typeof value === 'number') return formatAgo(value, Date.now() / 1000);
  if (column.key === 'attributes.commit' || column.key === 'attributes.run_id') return String(value).slice(0, 8);
  return typeof value === 'number' ? format(value) : value;
}

export function createTable(panel: Panel): { node: HTMLElement; focus(): void } {
  const { runs } = panel;
  let columns: Column[] = [];
  let formats = new Map<string, (value: number) => string>();
  let anchor: number | null = null;
  let restored = false;
  const place = el('div', { class: 'table-notice' });

  const drawDelta = (node: HTMLElement, row: RunRow, column: Column): void => {
    const baseline = panel.baseline();
    if (!baseline || column.kind !== 'metric') return;
    const format = formats.get(column.key) ?? String;
    if (baseline.id === row.id) return append(node, el('span', { class: 'delta' }, 'baseline'));
    const delta = deltaOf(asNumber(valueOf(row, column)), asNumber(valueOf(baseline, column)), panel.goal(column.name));
    const words = delta && delta.direction !== 'unknown' ? `${delta.direction} than ${baseline.name}` : `than ${baseline.name}`;
    append(node, delta ? el('span', { class: `delta ${delta.direction}`, title: words }, `${delta.arrow}\u2009${formatSigned(delta.change, format)}`) : el('span', { class: 'delta' }));
  };
  const drawName = (node: HTMLElement, row: RunRow): void => {
    const selected = panel.state().selected.includes(row.id);
    const pinned = panel.baseline()?.id === row.id;
    append(node,
      el('span', { class: selected ? 'box checked' : 'box', attrs: { 'aria-hidden': 'true' } }),
      swatch(panel.style(row.id)),
      el('span', { class: 'text', title: row.name }, row.name),
      el('span', { class: pinned ? 'pin on' : 'pin', title: pinned ? 'Baseline (P takes it back)' : 'Pin as baseline (P)', on: { click: () => togglePin(row.id) } }, icon('pin'),
        pinned ? el('span', { class: 'visually-hidden' }, ', baseline') : null));
  };
  const togglePin = (id: string): void => {
    panel.pin(panel.baseline()?.id === id ? null : id).then(undefined, (error: unknown) => fill(place, errorState('The baseline isn\u2019t pinned', error, () => togglePin(id))));
  };
  const select = (row: number, how: 'toggle' | 'range' | 'all' | 'none'): void => {
    const { selected } = panel.state();
    if (how === 'none') return panel.update({ selected: [] });
    if (how === 'all') return panel.update({ selected: runs.loaded().map((one) => one.id) });
    const id = runs.at(row)?.id;
    if (!id) return;
    if (how === 'range' && anchor !== null) {
      const [from, to] = [Math.min(anchor, row), Math.max(anchor, row)];
      const between = Array.from({ length: to - from + 1 }, (_, at) => runs.at(from + at)?.id).filter((one) => one !== undefined);
      return panel.update({ selected: [...new Set([...selected, ...between])] });
    }
    anchor = row;
    panel.update({ selected: selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id] });
  };

  const grid = createGrid({
    label: 'Runs', rowHeight: 24, headerHeight: 26,
    cell(node, row, at) {
      const run = runs.at(row);
      const column = columns[at - 1];
      if (!run) return;
      if (!column) return drawName(node, run);
      const value = valueOf(run, column);
      const text = cellText(value, column, formats.get(column.key) ?? String);
      const full = column.key === 'attributes.start_time' && typeof value === 'number' ? formatTime(value) : value === null ? 'nothing' : String(value);
      if (column.name === 'status' && column.kind === 'attribute') append(node, el('span', { class: `state ${run.state}`, attrs: { 'aria-hidden': 'true' } }));
      append(node, el('span', { class: value === null ? 'text none' : 'text', title: column.name === 'status' && run.reason ? `${run.state}: ${run.reason}` : full }, text));
      drawDelta(node, run, column);
    },
    row(at) {
      const run = runs.at(at);
      return run && { key: run.id, selected: panel.state().selected.includes(run.id), highlighted: panel.highlighted() === run.id, marked: panel.baseline()?.id === run.id };
    },
    onSort(at) {
      const key = at === 0 ? 'attributes.name' : columns[at - 1]?.key;
      if (!key) return;
      const { sort } = panel.state();
      // First the way that is looked for first: metrics by their better end, then the other way, then the engine's order again.
      const column = columnOf(key);
      const first = column.kind === 'metric' ? panel.goal(column.name) !== 'minimize' : key === 'attributes.start_time';
      panel.update({ sort: sort?.key !== key ? { key, descending: first } : sort.descending === first ? { key, descending: !first } : null });
    },
    onSelect: select,
    onOpen(row) {
      const run = runs.at(row)?.id;
      if (run) panel.host.ask('host.openRun', { run }).then(undefined, (error: unknown) => fill(place, errorState('The run can\u2019t be opened', error, () => grid.focus())));
    },
    onHover: (row) => panel.highlight(row === null || row < 0 ? null : (runs.at(row)?.id ?? null)),
    onScroll: debounce(200, (scroll: { top: number; left: number }) => { if (restored) panel.update({ scroll }); }),
    onKey(event, row) {
      const id = row >= 0 ? runs.at(row)?.id : undefined;
      if (event.key.toLowerCase() !== 'p' || event.ctrlKey || event.metaKey || !id) return false;
      togglePin(id);
      return true;
    },
  });

  const shape = (): void => {
    const loaded = runs.loaded();
    const { sort } = panel.state();
    const compared = panel.baseline() !== undefined;
    columns = shownColumns(panel);
    formats = new Map(columns.map((column) => [column.key, columnFormat(loaded.flatMap((row) => asNumber(valueOf(row, column)) ?? []))]));
    const sorted = (key: string): GridColumn['sort'] => (sort?.key === key ? (sort.descending ? 'descending' : 'ascending') : null);
    const numericParam = (column: Column): boolean => column.kind === 'param' && loaded.length > 0 && loaded.every((row) => valueOf(row, column) === null || asNumber(valueOf(row, column)) !== null);
    const spec = columns.map((column): GridColumn => {
      const numeric = column.numeric || numericParam(column);
      const delta = compared && column.kind === 'metric' ? 96 : 0;
      return { key: column.key, label: column.label, title: `${column.key}: Enter sorts`, numeric, sort: sorted(column.key), width: widthOf(column, numeric) + delta };
    });
    const name: GridColumn = { key: 'attributes.name', label: 'run', title: 'Name: Enter sorts', width: nameWidth(), numeric: false, sort: sorted('attributes.name') };
    grid.setShape([name, ...spec], runs.total() ?? 0);
  };
  const widthOf = (column: Column, numeric: boolean): number => Math.min(200, Math.max(column.key === 'attributes.duration' ? 108 : numeric ? 84 : 96, column.label.length * 7.2 + 36));
  const nameWidth = (): number => Math.max(140, Math.min(280, grid.node.clientWidth * 0.4 || 280));

  const notice = (): void => {
    const failed = runs.error();
    const { filter } = panel.state();
    if (failed !== null && filter === '') fill(place, errorState('The runs can\u2019t be read', failed, runs.reload));
    else if (failed !== null && runs.total() === null) fill(place, emptyState({ title: 'The filter can\u2019t be read', detail: 'Mend it in the field above, or clear it.' }));
    else if (runs.total() === null) fill(place, skeleton(6));
    else if (runs.total() === 0 && (filter !== '' || panel.state().brushed)) {
      fill(place, emptyState({ title: 'No run passes', detail: filter ? `Nothing matches ${filter}.` : 'No run lies within the brushes.', action: { label: 'Show all runs', run: () => panel.update({ filter: '', brushed: null, parallel: { ...panel.state().parallel, brushes: {} } }) } }));
    } else if (runs.total() === 0) fill(place, emptyState({ title: 'No runs to compare yet', detail: 'Select runs in the Experiments tree and choose Compare, or add some here.', action: { label: 'Add runs\u2026', run: () => addRuns(panel) } }));
    else fill(place);
  };
  const refresh = (): void => {
    shape();
    notice();
    if (restored || runs.total() === null) return;
    restored = true;
    grid.scrollTo(panel.state().scroll);
  };

  // Further pages may tell more columns apart; the table's shape follows once scrolling rests.
  const settle = debounce(400, () => { if (shownColumns(panel).map((column) => column.key).join() !== columns.map((column) => column.key).join()) refresh(); });
  runs.onChange((what) => {
    if (what === 'all') return refresh();
    grid.redraw();
    notice();
    settle();
  });
  panel.onState((changed) => {
    if (['columns', 'onlyDiffers', 'baseline', 'sort'].some((key) => changed.has(key as 'sort'))) refresh();
    else if (changed.has('selected')) grid.redraw();
    if (changed.has('filter')) notice();
  });
  panel.onHighlight(() => grid.redress());
  panel.reveal = (id) => {
    const at = runs.lineOf(id);
    if (at !== undefined) grid.reveal(at);
  };
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(grid.node.clientWidth - width) > 20) {
      width = grid.node.clientWidth;
      shape();
    }
  }).observe(grid.node);
  const node = el('div', { class: 'table' }, grid.node, place);
  return { node, focus: () => grid.focus() };
}

/** Lets the person pick further runs; what was picked joins those that are here. */
export function addRuns(panel: Panel): void {
  const { source } = panel.state();
  const have = source.runs ?? panel.runs.loaded().map((row) => row.id);
  panel.host.ask('host.addRuns', { have }).then(({ runs }) => {
    if (runs.length > 0) panel.update({ source: { runs: [...new Set([...have, ...runs])] }, filter: '', brushed: null, parallel: { ...panel.state().parallel, brushes: {} } });
  }, () => panel.runs.reload());
}
