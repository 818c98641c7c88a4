/** The slice table: all rows, then every slice by how much it hurts. */
import { fileName, toCsv } from '../compare/model/export';
import { announce, debounce, el, fill } from '../shared/dom';
import type { FigureSet } from '../../src/protocol/evaluation/result';
import { count } from '../shared/format';
import { createGrid, type GridColumn } from '../shared/grid';
import { emptyState, errorState } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, dropdown, textField } from '../shared/toolkit';
import { allFigures, figureTitle, goalOf } from './model/figures';
import { descendingFirst, filterLines, sliceLines, sortLines, type SliceKey, type SliceLine } from './model/slices';
import { sliceSelection } from './model/selection';
import { sliceTable } from './model/slice-table';
import type { Panel } from './panel';
import { createSliceCells } from './slice-cells';

interface Wanted { key: SliceKey; label: string; title: string; width: number; numeric: boolean; shown?: boolean }

/** What is left of the width goes to the names and the bars, as far as it is of use to them. */
function stretched(columns: readonly Wanted[], room: number): Wanted[] {
  const most: Partial<Record<SliceKey, number>> = { interval: 260, rest: 240, change: 240, trend: 92 };
  const growing = columns.filter((column) => (most[column.key] ?? 0) > column.width);
  const left = Math.max(0, room - 16 - columns.reduce((sum, column) => sum + column.width, 0));
  return columns.map((column) => ({ ...column, width: growing.includes(column) ? Math.min(most[column.key] ?? column.width, Math.floor(column.width + left / growing.length)) : column.width }));
}

export function createSlicesView(panel: Panel): View {
  let lines: SliceLine[] = [];
  let shown: SliceLine[] = [];
  let columns: SliceKey[] = [];
  let restored = false;
  const cells = createSliceCells(panel);
  const total = el('span', { class: 'muted figure', role: 'status' });
  const place = el('div', { class: 'grid-notice' });
  const filter = textField({ label: 'Filter slices', value: panel.state().filter, placeholder: 'Filter slices', onInput: debounce(150, (value: string) => panel.update({ filter: value.trim() })) });
  const metric = dropdown({ label: 'Figure of the table', value: '', choices: [], onChange: (value) => panel.update({ metric: value }) });
  const part = dropdown({ label: 'Split', value: '', choices: [], onChange: (value) => panel.update({ part: value || null }) });
  const parts = el('span', { class: 'inline' }, 'split', part.node);
  const partNote = el('span', { class: 'muted note', role: 'status' });
  /** Intervals of slices of the shown split that were asked for, by the slice's name. */
  const asked = new Map<string, FigureSet['intervals']>();
  let askedOf = '';
  const controls = el('div', { class: 'controls' }, el('div', { class: 'filter' }, filter.node), el('span', { class: 'inline' }, 'figure', metric.node), parts, partNote, el('span', { class: 'grow' }), total, button({ label: 'Save CSV', appearance: 'secondary', title: 'The table as it is shown, as a CSV file', onClick: () => save() }));
  const failed = el('div', {});

  const select = (row: number): void => {
    const line = shown[row];
    if (line) panel.update({ slice: line.slice, cell: null, brush: [], rowScroll: { top: 0, left: 0 } });
  };
  const grid = createGrid({
    label: 'Slices', rowHeight: 24, headerHeight: 26, single: true,
    row(row) {
      const line = shown[row];
      return line && { key: line.slice ?? '', selected: line.slice === panel.state().slice, highlighted: false, marked: line.slice === null };
    },
    cell(node, row, column) {
      const [line, key] = [shown[row], columns[column]];
      if (line && key) cells.draw(node, line, key);
    },
    onSort(column) {
      const key = columns[column];
      if (!key) return;
      const { sort } = panel.state();
      const first = descendingFirst(key, goalOf(panel.metric(), panel.doc().main));
      panel.update({ sort: { key, descending: sort.key === key ? !sort.descending : first } });
    },
    onSelect: (row, how) => { if (how === 'toggle') select(row); else if (how === 'none') panel.update({ slice: null }); },
    onOpen: select, onPick: select, onHover: () => undefined,
    onScroll: debounce(200, (sliceScroll: { top: number; left: number }) => { if (restored) panel.update({ sliceScroll }); }),
    onKey: () => false,
  });

  const shape = (): void => {
    const doc = panel.doc();
    const { sort } = panel.state();
    shown = sortLines(filterLines(lines, panel.state().filter), sort);
    const title = figureTitle(panel.metric());
    const main = figureTitle(doc.main.metric);
    const whole = panel.state().part === null;
    const owned = lines.some((line) => line.owner !== '');
    const all: Wanted[] = [
      { key: 'name', label: 'slice', title: 'Slice', width: nameWidth(), numeric: false },
      { key: 'n', label: 'rows', title: 'Rows that are in its figures', width: 76, numeric: true },
      { key: 'value', label: title, title: `${panel.metric()} of the slice`, width: Math.min(150, Math.max(88, title.length * 7 + 32)), numeric: true },
      { key: 'interval', label: '95 % interval', title: `Interval of ${title}, all on one scale; dashed: all rows. Sorted by width`, width: 148, numeric: false },
      { key: 'rest', label: 'against the rest', title: `${main}: slice minus all other rows`, width: 156, numeric: false, shown: whole },
      { key: 'change', label: 'against baseline', title: `${title}: candidate minus baseline on the slice\u2019s rows`, width: 156, numeric: false, shown: whole && doc.baseline !== null },
      { key: 'trend', label: 'trend', title: `${title} over earlier evaluations; the band is its interval`, width: 92, numeric: false, shown: whole },
      { key: 'harm', label: 'harm', title: `Rows \u00d7 how much worse than the rest in ${main}: what mending it would give. Below zero it is better`, width: 84, numeric: true, shown: whole },
      { key: 'outcome', label: whole ? 'outcome' : 'outcome, all splits', title: whole ? 'Of its thresholds and of the gate' : 'Of its thresholds and of the gate, over the rows of all splits', width: whole ? 108 : 148, numeric: false },
      { key: 'owner', label: 'owner', title: 'Owner', width: 100, numeric: false, shown: owned },
    ];
    const wanted = stretched(all.filter((column) => column.shown !== false), grid.node.clientWidth);
    columns = wanted.map((column) => column.key);
    cells.prepare(shown);
    grid.setShape(wanted.map(({ key, label, title: hover, width, numeric }): GridColumn => ({ key, label, title: `${hover}. Enter sorts`, width, numeric, sort: sort.key === key ? (sort.descending ? 'descending' : 'ascending') : null })), shown.length);
    notice();
  };
  const nameWidth = (): number => {
    const longest = Math.max(8, ...lines.map((line) => line.name.length));
    return Math.max(120, Math.min(280, longest * 7.8 + 32, (grid.node.clientWidth || 800) * 0.36));
  };
  const notice = (): void => {
    const slices = lines.length - 1;
    const found = shown.length - 1;
    total.textContent = found === slices ? count(slices, 'slice') : `${found} of ${count(slices, 'slice')}`;
    if (slices === 0) {
      fill(place, emptyState({ title: 'No slices yet', detail: 'A slice is a part of the rows that has to be good by itself: write one in runyard.yaml, or let Discover find where the model is bad.', action: { label: 'Discover slices', run: () => panel.update({ upper: 'discover' }) } }));
    } else if (found === 0) fill(place, el('div', { class: 'notice' }, el('p', { class: 'muted' }, 'No slice of that name.'), button({ label: 'Show all slices', onClick: () => panel.update({ filter: '' }) })));
    else fill(place);
  };
  /** What the evaluation doesn't keep: the interval of the slice that is selected, on the rows of the split. */
  function askIntervals(): void {
    const { part: split, slice, evaluation } = panel.state();
    const of = JSON.stringify([evaluation, split]);
    if (of !== askedOf) asked.clear();
    askedOf = of;
    if (split === null || slice === null || asked.has(slice)) return;
    panel.details(sliceSelection({ slice, part: split })).then(({ intervals }) => {
      if (askedOf !== of || asked.has(slice)) return;
      asked.set(slice, intervals);
      refresh();
    }, () => undefined); // the line over the pictures asks the same, and says what went wrong
  }
  const refresh = (): void => {
    const doc = panel.doc();
    const figures = [...new Set([doc.main.metric, ...allFigures(doc.overall.figures)])];
    metric.set(panel.metric(), figures.map((path) => ({ value: path, label: figureTitle(path) })));
    const splits = Object.keys(doc.splits);
    parts.hidden = splits.length === 0;
    part.set(panel.state().part ?? '', [{ value: '', label: 'all' }, ...splits.map((name) => ({ value: name, label: name }))]);
    askIntervals();
    lines = sliceLines(doc, panel.metric(), panel.state().part, (name) => asked.get(name) ?? {});
    partNote.textContent = panel.state().part === null ? '' : 'Slices of one split are kept without intervals; the selected one\u2019s is counted when it is selected.';
    partNote.title = partNote.textContent;
    shape();
    if (restored) return;
    restored = true;
    grid.scrollTo(panel.state().sliceScroll);
  };
  panel.onDoc(refresh);
  panel.onTrend(() => grid.redraw());
  panel.onState((changed) => {
    if (changed.has('metric') || changed.has('part')) refresh();
    else if (changed.has('sort') || changed.has('filter')) shape();
    if (changed.has('filter') && filter.get().trim() !== panel.state().filter) filter.set(panel.state().filter);
    if (changed.has('slice')) {
      askIntervals();
      grid.redress();
    }
  });
  /** The lines that pass the filter, in the order of the table. */
  function save(): void {
    fill(failed);
    const doc = panel.doc();
    const { part: split } = panel.state();
    const { header, rows } = sliceTable(shown, { metric: panel.metric(), main: doc.main.metric, split: split ?? '' });
    panel.host.ask('host.saveFile', { name: fileName(`${doc.name} slices${split === null ? '' : ` ${split}`}`, 'csv'), mime: 'text/csv', text: toCsv(header, rows) })
      .then(({ saved }) => { if (saved) announce(`${count(rows.length, 'line')} saved`); }, (error: unknown) => fill(failed, errorState('The table isn\u2019t saved', error, save)));
  }
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(grid.node.clientWidth - width) < 20 || !panel.loaded()) return;
    width = grid.node.clientWidth;
    shape();
  }).observe(grid.node);
  const node = el('div', { class: 'slices' }, controls, failed, el('div', { class: 'grid-place' }, grid.node, place));
  return { node, shown: refresh };
}
