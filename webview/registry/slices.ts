/** The slices of candidate and live side by side, the one that got worst on top. */
import { append, debounce, el, fill } from '../shared/dom';
import { NONE } from '../shared/format';
import { createGrid, type GridColumn } from '../shared/grid';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale } from '../shared/interval-scale';
import { emptyState } from '../shared/notice';
import { gapMark } from '../evaluation/headline';
import { figureFormat, formatCount, formatP, type Format } from '../evaluation/model/digits';
import { figureTitle } from '../evaluation/model/figures';
import { gapText, wordTones } from '../evaluation/model/words';
import { comparedSlices, type Compared, type ComparedSlice, type SliceKey } from './model/candidate';
import type { Panel } from './panel';

const ROW = 24;
const HEAD = 26;

export function createSlices(panel: Panel, compared: () => Compared | null): { node: HTMLElement; draw(): void } {
  let lines: ComparedSlice[] = [];
  let columns: SliceKey[] = [];
  let value: Format = String;
  let change: Format = String;
  let scale = intervalScale([]);
  let restored = false;
  let picked: string | null = null;
  const title = el('h2', {}, 'Slices');
  const place = el('div', {});
  const grid = createGrid({
    label: 'Slices, candidate against live', rowHeight: ROW, headerHeight: HEAD, single: true,
    row(row) {
      const line = lines[row];
      return line && { key: line.slice ?? '', selected: line.slice !== null && line.slice === panel.state().slice, highlighted: false, marked: line.slice === null };
    },
    cell(node, row, column) {
      const [line, key] = [lines[row], columns[column]];
      if (line && key) drawCell(node, line, key);
    },
    onSort(column) {
      const key = columns[column];
      if (!key) return;
      const { sliceSort } = panel.state();
      const less = compared()?.doc.main.goal === 'minimize';
      panel.update({ sliceSort: { key, descending: sliceSort?.key === key ? !sliceSort.descending : key === 'n' || (less && key !== 'name') } });
    },
    onSelect: (row, how) => { if (how === 'toggle') select(row); else if (how === 'none') panel.update({ slice: null }); },
    onOpen: (row) => { select(row); open(); }, onPick: (row) => select(row), onHover: () => undefined,
    onScroll: debounce(200, (sliceScroll: { top: number; left: number }) => { if (restored) panel.update({ sliceScroll }); }),
    onKey: () => false,
  });
  const holder = el('div', { class: 'grid-place' }, grid.node);
  const node = el('div', { class: 'slices' }, el('div', { class: 'part-head' }, title, el('span', { class: 'muted note' }, 'worst first; Enter opens the evaluation')), holder, place);

  const select = (row: number): void => {
    const line = lines[row];
    if (!line) return;
    picked = line.slice;
    panel.update({ slice: line.slice });
  };
  const open = (): void => {
    const found = compared();
    if (found) panel.host.ask('host.openEvaluation', { evaluation: found.doc.id }).then(undefined, (error: unknown) => fill(place, el('p', { class: 'notice error', role: 'alert' }, error instanceof Error ? error.message : String(error))));
  };
  function drawCell(node: HTMLElement, line: ComparedSlice, key: SliceKey): void {
    switch (key) {
      case 'name': {
        node.title = [line.name, line.result?.spec.where ?? line.result?.spec.tagger ?? '', line.result?.spec.note ?? ''].filter(Boolean).join('\n');
        return append(node, el('span', { class: 'text' }, line.name));
      }
      case 'n': return append(node, formatCount(line.n));
      case 'before': return append(node, el('span', { class: 'muted' }, value(line.before)));
      case 'value': {
        node.title = line.low === null ? 'no interval' : `${value(line.low)} to ${value(line.high)}`;
        return append(node, value(line.value));
      }
      case 'change': {
        if (!line.change) return append(node, el('span', { class: 'muted gap-none' }, NONE));
        const { change: gap } = line;
        node.title = [gapText(gap), formatP(gap.p, 'p (Holm)'), gap.note, gap.said].filter(Boolean).join('\n');
        return append(node, el('span', { class: 'gap-bar' }, intervalBar({ mean: gap.value, low: gap.low, high: gap.high, scale, mark: 0, tone: wordTones[gap.word], label: `${gapText(gap, change)}, ${gap.word}` })), gapMark(gap, change));
      }
      default: return undefined;
    }
  }
  const draw = (): void => {
    const found = compared();
    if (!found) return;
    const { doc, pairing } = found;
    const sort = panel.state().sliceSort;
    lines = comparedSlices(found, sort);
    title.textContent = `Slices (${formatCount(doc.slices.length)})`;
    const none = doc.slices.length === 0;
    holder.hidden = none;
    if (none) return fill(place, emptyState({ title: 'No slices', detail: 'A slice is a part of the rows that has to be good by itself. Without one a version that gets worse for some people can look better for all: open the evaluation, and let it discover some.', action: { label: 'Open the evaluation', run: open } }));
    fill(place);
    value = figureFormat(lines);
    change = figureFormat(lines.flatMap((line) => line.change ?? []));
    scale = intervalScale(lines.flatMap((line) => (line.change ? [line.change.value, line.change.low, line.change.high] : [])), { zero: true });
    const metric = figureTitle(doc.main.metric);
    const room = grid.node.clientWidth || 640;
    const all: { key: SliceKey; label: string; title: string; width: number; numeric: boolean; shown?: boolean }[] = [
      { key: 'name', label: 'slice', title: 'Slice', width: Math.max(120, Math.min(280, Math.max(...lines.map((line) => line.name.length)) * 7.8 + 32, room * 0.36)), numeric: false },
      { key: 'n', label: 'rows', title: 'Rows that are in its figures', width: 72, numeric: true },
      { key: 'before', label: 'live', title: `${metric} of what is live`, width: 80, numeric: true, shown: pairing !== 'alone' },
      { key: 'value', label: 'candidate', title: `${metric} of the candidate`, width: 108, numeric: true },
      { key: 'change', label: 'difference, 95 %', title: `${metric}: candidate minus live on the slice\u2019s rows, with its interval`, width: 180, numeric: false, shown: pairing === 'paired' },
    ];
    const shown = all.filter((column) => column.shown !== false);
    const left = room - 14 - shown.reduce((sum, column) => sum + column.width, 0);
    const wanted = shown.map((column) => (column.key === 'change' && left > 0 ? { ...column, width: Math.min(320, column.width + left) } : column));
    columns = wanted.map((column) => column.key);
    const worst = pairing === 'paired' ? 'change' : 'value';
    const sorted = sort ?? { key: worst, descending: doc.main.goal === 'minimize' };
    grid.setShape(wanted.map(({ key, label, title: hover, width, numeric }): GridColumn => ({ key, label, title: `${hover}. Enter sorts`, width, numeric, sort: sorted.key === key ? (sorted.descending ? 'descending' : 'ascending') : null })), lines.length);
    holder.style.setProperty('--rows', String(Math.min(lines.length, 14)));
    if (restored) return;
    restored = true;
    grid.scrollTo(panel.state().sliceScroll);
  };
  panel.onState((changed) => {
    if (changed.has('sliceSort')) draw();
    if (changed.has('slice')) {
      grid.redress();
      // A row that was picked here is in sight; one that the evidence names may not be.
      const at = lines.findIndex((line) => line.slice !== null && line.slice !== picked && line.slice === panel.state().slice);
      if (at >= 0) grid.reveal(at, 0);
      picked = null;
    }
  });
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(grid.node.clientWidth - width) < 20) return;
    width = grid.node.clientWidth;
    draw();
  }).observe(grid.node);
  return { node, draw };
}
