/** The line over the details: which rows these are, a chip for each filter, and what the figures of just these rows are. */
import type { Details } from '../../src/protocol/evaluation/result';
import { el, fill } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button } from '../shared/toolkit';
import { figureFormat, formatCount } from './model/digits';
import { figureTitle, headlineFigures, ranged } from './model/figures';
import { chipsOf, narrowed, rowSelection, sliceSelection } from './model/selection';
import type { Panel } from './panel';

/** Figures beside the main one, where there is room. */
const MORE = 2;

export function createSelectionBar(panel: Panel): HTMLElement {
  let asked = 0;
  const name = el('strong', {}, 'all rows');
  const chips = el('span', { class: 'chips' });
  const figures = el('span', { class: 'selection-figures figure', role: 'status' });
  const place = el('div', {});
  const define = button({ label: 'Definition', title: 'Open the slice in runyard.yaml', onClick: () => open() });
  const node = el('div', { class: 'selection' }, el('div', { class: 'selection-line' }, name, chips, figures, el('span', { class: 'grow' }), define), place);

  function open(): void {
    const slice = panel.state().slice;
    fill(place);
    if (slice !== null) panel.host.ask('host.openSlice', { name: slice }).then(undefined, (error: unknown) => fill(place, errorState('The definition can\u2019t be opened', error, open)));
  }
  function show(details: Details): void {
    const doc = panel.doc();
    // Of one cell of the confusion matrix all are right, or all are wrong: that is no figure.
    const paths = headlineFigures({ task: doc.task, positive: doc.positive, main: doc.main, figures: details.figures, own: [] }).slice(0, panel.state().cell ? 0 : 1 + MORE);
    const parts = paths.map((path, at) => {
      const found = ranged(details, path);
      const format = figureFormat([found]);
      const range = found.low === null || found.high === null ? '' : ` (${format(found.low)} to ${format(found.high)})`;
      return el('span', { class: at === 0 ? 'fact' : 'fact extra', title: path }, el('span', { class: 'muted' }, `${figureTitle(path)} `), format(found.value), el('span', { class: 'muted' }, range));
    });
    fill(figures, el('span', { class: 'fact' }, `${formatCount(details.rows)} rows`), ...parts);
  }
  function draw(): void {
    const state = panel.state();
    const mine = (asked += 1);
    name.hidden = state.slice !== null;
    define.hidden = state.slice === null;
    fill(chips, ...chipsOf(state).map((chip) => el('span', { class: 'chip', title: chip.text === state.slice ? (panel.slice()?.spec.where ?? chip.text) : chip.text }, el('span', { class: 'text' }, chip.text), button({ label: chip.label, icon: 'close', appearance: 'icon', onClick: () => panel.update({ ...chip.patch, rowScroll: { top: 0, left: 0 } }) }))));
    figures.classList.add('stale');
    const selection = narrowed(state) ? rowSelection(state) : sliceSelection(state);
    panel.details(selection).then((details) => {
      if (mine !== asked) return;
      fill(place);
      figures.classList.remove('stale');
      show(details);
    }, (error: unknown) => {
      if (mine !== asked) return;
      fill(figures);
      fill(place, errorState('The figures of these rows can\u2019t be had', error, draw));
    });
  }
  panel.onDoc(draw);
  panel.onState((changed) => { if (['slice', 'part', 'brush', 'cell'].some((key) => changed.has(key as 'slice'))) draw(); });
  draw();
  return node;
}
