/** The compare panel: a table of runs over the pictures of them. */
import { el, fill, throttle } from '../shared/dom';
import { attempt, errorState, skeleton } from '../shared/notice';
import { loadToolkit } from '../shared/toolkit';
import { createCurvesView } from './curves';
import { createDifferencesView } from './differences';
import { createGroupsView } from './groups';
import { connectHost } from './host';
import { createPanel } from './panel';
import { createParallelView } from './parallel';
import { createScatterView } from './scatter';
import { split } from '../shared/split';
import { createTable } from './table';
import { createTabs } from './tabs';
import { createToolbar } from './toolbar';

/** How often a table with live runs is brought up to date. */
const LIVE_MS = 500;

loadToolkit();
const app = document.getElementById('app') ?? document.body.appendChild(el('div', { id: 'app' }));
fill(app, skeleton(8));
const host = connectHost();
const panel = createPanel(host);

function build(): void {
  const table = createTable(panel);
  const views = createTabs({
    curves: () => createCurvesView(panel), scatter: () => createScatterView(panel), parallel: () => createParallelView(panel),
    groups: () => createGroupsView(panel), differences: () => createDifferencesView(panel),
  }, (tab) => panel.update({ tab }));
  const halves = split(table.node, views.node, { share: panel.state().split, onChange: (share) => panel.update({ split: share }) });
  // A few runs need little room; what says that there are none needs more than a line.
  panel.runs.onChange(() => halves.limit(Math.max(panel.runs.total() ? 76 : 200, 42 + (panel.runs.total() ?? 0) * 24)));
  fill(app, el('h1', { class: 'visually-hidden' }, 'Compare runs'), createToolbar(panel), halves.node);
  app.removeAttribute('aria-busy');
  panel.start();
  views.show(panel.state().tab);
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return;
    const filter = app.querySelector<HTMLElement>('.filter > *');
    filter?.focus();
    event.preventDefault();
  });
}

let built = false;
const start = (): void => attempt(panel.loadKeys().then(() => {
  if (!built) build();
  built = true;
}), (error) => fill(app, errorState('The runs can\u2019t be read', error, start)));

host.on('init', ({ source }) => {
  // What was kept for a reload knows of runs that were added since; a second init is the host's wish for other runs.
  if (built || Object.keys(panel.state().source).length === 0) panel.update({ source });
  start();
});

const changedRuns = new Set<string>();
const refresh = throttle(LIVE_MS, () => {
  panel.runs.refresh([...changedRuns]);
  changedRuns.clear();
});
const restructure = throttle(1000, () => {
  // Where the engine can't answer, the table's own request says so.
  attempt(panel.loadKeys(), () => undefined);
  panel.runs.reload();
});
panel.onChanged((event) => {
  if (!built) return;
  for (const run of event.runs) changedRuns.add(run);
  if (event.structure || event.config) restructure();
  else refresh();
});
host.ready();
