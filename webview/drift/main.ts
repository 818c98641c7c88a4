/** The drift panel: columns and windows as a heat map, and what is behind a cell. */
import type { DriftShow, DriftSource } from '../../src/protocol/drift-panel';
import { el, fill, throttle } from '../shared/dom';
import { attempt, emptyState, errorState, skeleton } from '../shared/notice';
import { split } from '../shared/split';
import { createTabs, type View } from '../shared/tabs';
import { loadToolkit } from '../shared/toolkit';
import { createAlertsView } from './alerts-view';
import { createChecksView } from './checks-view';
import { createColumnView, type ColumnView } from './column-view';
import { savePng } from './export';
import { createHeader, type Header } from './header';
import { createHeatMap } from './heat';
import { connectHost } from './host';
import { isOpen } from './model/alerts';
import type { Part } from './model/state';
import { createPanel } from './panel';
import { createPerformanceView, type PerformanceView } from './performance-view';
import { createRowsView } from './rows-view';
import { createSlicesView } from './slices-view';
import { createTogetherView } from './together-view';

/** A monitor's run is several events: the panel follows at most this often. */
const CHANGED_MS = 800;
/** Height of what stands over and under the rows of the heat map, in pixels. */
const CHROME = 90;
/** Without rows there is a notice in their place, of some lines. */
const heightOf = (rows: number): number => CHROME + (rows === 0 ? 4 : Math.max(2, rows)) * 24;
/** What only a monitor has. A panel is of a comparison or of monitors for as long as it is open. */
const OF_MONITORS: readonly Part[] = ['performance', 'alerts'];
const TITLES: Record<Part, string> = { column: 'Column', together: 'All columns', performance: 'Performance', slices: 'Slices', rows: 'New rows', checks: 'Checks', alerts: 'Alerts' };
const titles = (): Record<Part, string> => Object.fromEntries(Object.entries(TITLES).filter(([part]) => panel.comparison() === null || !OF_MONITORS.includes(part as Part))) as Record<Part, string>;

loadToolkit();
const app = document.getElementById('app') ?? document.body.appendChild(el('div', { id: 'app' }));
fill(app, skeleton(14));
const host = connectHost();
const panel = createPanel(host);
const place = el('div', {});
let header: Header | null = null;

function build(): void {
  let column: ColumnView | null = null;
  let performance: PerformanceView | null = null;
  const kept = <V extends View>(view: V, keep: (view: V) => void): V => {
    keep(view);
    return view;
  };
  const cover = el('div', { class: 'cover' });
  const tabs = createTabs<Part>({
    label: 'Of the window', titles: titles(), onChange: (part) => panel.update({ part }),
    make: {
      column: () => kept(createColumnView(panel), (view) => { column = view; }), together: () => createTogetherView(panel), performance: () => kept(createPerformanceView(panel), (view) => { performance = view; }),
      slices: () => createSlicesView(panel), rows: () => createRowsView(panel), checks: () => createChecksView(panel), alerts: () => createAlertsView(panel),
    },
  });
  const map = createHeatMap(panel);
  // One window leaves room beside it.
  const halves = panel.comparison() ? { node: el('div', { class: 'beside' }, map.node, tabs.node), limit: () => undefined } : split(map.node, tabs.node, { share: panel.state().share, label: 'Height of the heat map', onChange: (share) => panel.update({ share }) });
  header = createHeader(panel, { png: () => savePng(panel, [...(panel.state().part === 'performance' ? (performance?.canvases() ?? []) : (column?.canvases() ?? []))]) });
  fill(app, header.node, place, cover, halves.node);
  app.removeAttribute('aria-busy');
  const draw = (): void => {
    const empty = panel.windows().length === 0;
    halves.node.hidden = empty;
    const open = panel.alerts().filter(isOpen).length;
    tabs.title('alerts', open > 0 ? `Alerts (${open})` : 'Alerts');
    halves.limit(heightOf(panel.rows().length));
    fill(cover, ...(empty ? [nothing()] : []));
    if (!empty) tabs.show(panel.comparison() && OF_MONITORS.includes(panel.state().part) ? 'column' : panel.state().part);
  };
  draw();
  panel.onData(draw);
  panel.onState((changed) => {
    if (changed.has('part') && panel.windows().length > 0) tabs.show(panel.state().part);
    if (changed.has('filter') || changed.has('drifted')) halves.limit(heightOf(panel.rows().length));
    if (changed.has('windows')) refresh();
  });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'f' || halves.node.hidden) return;
    map.node.querySelector<HTMLElement>('.filter > *')?.focus();
    event.preventDefault();
  });
}

/** What belongs here, and the one button that brings it. */
function nothing(): HTMLElement {
  const [monitor, comparison] = [panel.monitor(), panel.comparison()];
  const ask = (what: Promise<unknown>): void => attempt(what, (error) => fill(place, errorState('That didn\u2019t work', error, () => fill(place))));
  if (comparison) return header?.running() ? skeleton(8) : emptyState({ title: 'Nothing is compared yet', detail: 'Each column of the current data is held against the reference: its distribution, what is missing, what is new.', action: { label: 'Compare', run: () => header?.run() } });
  if (monitor?.problem != null) return emptyState({ title: `${monitor.name} can\u2019t run`, detail: monitor.problem, action: { label: 'Open runyard.yaml', run: () => ask(host.ask('host.openConfig', { monitor: monitor.name })) } });
  if (monitor) return emptyState({ title: 'No window was looked at yet', detail: 'Each run compares the newest whole window of the log with its reference, and is a column of the heat map here.', action: { label: 'Run now', run: () => header?.run() } });
  const { source } = panel.state();
  if ('monitor' in source) return emptyState({ title: `There is no monitor ${source.monitor}`, detail: 'It isn\u2019t under monitors: of runyard.yaml any more, or it is called otherwise now.', action: { label: 'Open another', run: () => ask(host.ask('host.openOther', { what: 'monitor' })) } });
  const known = panel.monitors().length > 0;
  const node = emptyState({
    title: known ? 'No monitor is chosen' : 'No monitor yet', detail: 'A monitor in runyard.yaml says what to watch: whose log, how long a window is, what it is held against, and which checks. It runs on its schedule while the editor is open, from cron or CI by runyard monitor run, and on demand; its windows appear here, with what drifted, since when, and whom it hits.',
    action: known ? { label: 'Open a monitor', run: () => ask(host.ask('host.openOther', { what: 'monitor' })) } : { label: 'Write an example monitor into runyard.yaml\u2026', run: () => ask(host.ask('host.writeExample', {}).then(({ monitor: made }) => { if (made !== null) open({ monitor: made }, {}); })) },
  });
  node.append(el('p', {}, el('button', { class: 'link', attrs: { type: 'button' }, on: { click: () => ask(host.ask('host.openOther', { what: 'comparison' })) } }, 'or compare two data sets once')));
  return node;
}

function showPart({ column, result, alert, part }: DriftShow): void {
  const wanted = part ?? (alert !== undefined ? 'alerts' : column !== undefined || result !== undefined ? 'column' : undefined);
  panel.update({ ...(column === undefined ? {} : { column }), ...(result === undefined ? {} : { result }), ...(alert === undefined ? {} : { alert, allAlerts: true }), ...(wanted === undefined ? {} : { part: wanted }) });
}

function open(source: DriftSource, show: DriftShow): void {
  attempt(panel.open(source).then(() => {
    fill(place);
    if (!header) build();
    showPart(show);
    // A comparison is asked for by being opened; after a reload its answer is asked for again.
    if ('comparison' in source && panel.windows().length === 0) header?.run();
  }), (error) => fill(header ? place : app, errorState('The monitor can\u2019t be read', error, () => open(source, show))));
}
host.on('init', ({ source, show }) => open(source, show ?? {}));
const refresh = throttle(CHANGED_MS, () => {
  if (header) attempt(panel.refresh().then(() => fill(place)), (error) => fill(place, errorState('What is shown may be old', error, refresh)));
});
host.on('changed', ({ what }) => { if (panel.comparison() === null && what.some((one) => one !== 'retraining')) refresh(); });
host.ready();
