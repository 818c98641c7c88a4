/** The evaluation panel: what a model came to, its slices, and the rows behind them. */
import { el, fill, throttle } from '../shared/dom';
import { attempt, errorState, skeleton } from '../shared/notice';
import { split } from '../shared/split';
import { createTabs } from '../shared/tabs';
import { loadToolkit } from '../shared/toolkit';
import { createDiscoverView } from './discover';
import { createFlipsView } from './flips';
import { createHeader } from './header';
import { createHeadline } from './headline';
import { connectHost } from './host';
import { createImportanceView } from './importance';
import type { LowerTab, UpperTab } from './model/state';
import { createPanel } from './panel';
import { createPicturesBar } from './pictures-bar';
import { createRowPane } from './row-pane';
import { createRowsView } from './rows';
import { createSelectionBar } from './selection-bar';
import { createSlicesView } from './slices';

/** Evaluations may be made in a row by a sweep: the trend follows at most this often. */
const CHANGED_MS = 1000;

loadToolkit();
const app = document.getElementById('app') ?? document.body.appendChild(el('div', { id: 'app' }));
fill(app, skeleton(12));
const host = connectHost();
const panel = createPanel(host);
const place = el('div', {});

function build(): void {
  const pane = createRowPane(panel);
  const upper = createTabs<UpperTab>({
    label: 'Slices', titles: { slices: 'Slices', discover: 'Discover', importance: 'Importance' }, onChange: (tab) => panel.update({ upper: tab }),
    make: { slices: () => createSlicesView(panel), discover: () => createDiscoverView(panel), importance: () => createImportanceView(panel) },
  });
  const lower = createTabs<LowerTab>({
    label: 'Details of the selected rows', titles: { rows: 'Pictures and rows', flips: 'Flips' }, onChange: (tab) => panel.update({ lower: tab }), tail: createPicturesBar(panel),
    make: { rows: () => createRowsView(panel, pane), flips: () => createFlipsView(panel, pane) },
  });
  const details = el('div', { class: 'details' }, createSelectionBar(panel), el('div', { class: 'details-body' }, lower.node, pane.node));
  const halves = split(upper.node, details, { share: panel.state().share, label: 'Height of the slices', onChange: (share) => panel.update({ share }) });
  fill(app, createHeader(panel), place, createHeadline(panel), halves.node);
  app.removeAttribute('aria-busy');
  // A few slices need little room; what says that there are none needs more than a line.
  const limit = (): void => {
    const { slices } = panel.doc();
    halves.limit(panel.state().upper === 'slices' ? 104 + (slices.length === 0 ? 180 : (slices.length + 1) * 24) : Infinity);
  };
  limit();
  panel.onDoc(limit);
  const flips = (): void => {
    const found = panel.doc().flips;
    lower.title('flips', found ? `Flips (${(found.broken + found.fixed).toLocaleString('en-US')})` : 'Flips');
  };
  flips();
  panel.onDoc(flips);
  upper.show(panel.state().upper);
  lower.show(panel.state().lower);
  panel.onState((changed) => {
    if (changed.has('upper')) {
      upper.show(panel.state().upper);
      limit();
    }
    if (changed.has('lower')) lower.show(panel.state().lower);
  });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'f' || panel.state().upper !== 'slices') return;
    app.querySelector<HTMLElement>('.filter > *')?.focus();
    event.preventDefault();
  });
}

let built = false;
function open(evaluation: string, show?: 'discovery'): void {
  attempt(panel.open(evaluation).then(() => {
    fill(place);
    if (show === 'discovery') panel.update({ upper: 'discover' });
    if (!built) build();
    built = true;
  }), (error) => fill(built ? place : app, errorState('The evaluation can\u2019t be read', error, () => open(evaluation, show))));
}
host.on('init', ({ evaluation, show }) => open(evaluation, show));
/** One that is new tells the trend, one that was judged its pinned rows; where it is deleted, reading it says so. */
const refresh = throttle(CHANGED_MS, () => { if (built) open(panel.state().evaluation); });
host.on('changed', () => refresh());
host.ready();
