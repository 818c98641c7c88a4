/** What was live when, and everything that happened: the picture, and the same as a list. */
import { fileName } from '../compare/model/export';
import { announce, el, fill } from '../shared/dom';
import { seriesStyle, seriesNumbers } from '../shared/colors';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { split } from '../shared/split';
import type { View } from '../shared/tabs';
import { createTimelineChart, shapeSigns, type TimelinePoint } from '../shared/timeline-chart';
import { button, dropdown } from '../shared/toolkit';
import { createEvents } from './events';
import { eventShapes, eventTones } from './event-signs';
import { timeAxis } from './model/time-axis';
import { eventsOf, eventWords, lanesOf, spansOf, timelineSummary, type EventKind, type LedgerEvent } from './model/timeline';
import type { Range } from './model/state';
import { fullName, time } from './model/words';
import type { Panel } from './panel';

const DAY = 86_400_000;
const rangeTitles: Record<Range, string> = { all: 'all time', 365: 'last year', 90: 'last 90 days', 30: 'last 30 days', 7: 'last 7 days', 1: 'last 24 hours' };
/** A tick label needs about so many pixels. */
const TICK = 72;

/** Of a palette without red and green: a version is neither bad nor good for being live. */
const HUES = [0, 4, 1, 5, 9, 6];
const versionColor = (n: number): string => seriesStyle(HUES[n % HUES.length] ?? 0).color;

/** From when on, in ms; -Infinity: from the first event. */
const rangeStart = (range: Range, now: number): number => (range === 'all' ? -Infinity : now - Number(range) * DAY);

export function createTimelineView(panel: Panel): View {
  const colors = seriesNumbers();
  const failed = el('div', {});
  const cover = el('div', { class: 'timeline-cover' });
  const range = dropdown({ label: 'Time that is shown', value: panel.state().range, choices: Object.entries(rangeTitles).map(([value, label]) => ({ value, label })).sort((a, b) => Number(b.value) - Number(a.value)), onChange: (value) => panel.update({ range: value as Range }) });
  const legend = el('p', { class: 'legend muted' });
  const chart = createTimelineChart({ onHover: () => undefined, onPick: (event) => panel.update({ event }) });
  const events = createEvents(panel);
  const picture = el('div', { class: 'timeline-picture' }, el('div', { class: 'controls' }, range.node, legend, el('span', { class: 'grow' }), button({ label: 'Save PNG', title: 'The timeline as a picture', onClick: () => save() })), failed, chart.node);
  const halves = split(picture, events.node, { share: panel.state().share, label: 'Height of the timeline', onChange: (share) => panel.update({ share }) });
  const node = el('div', { class: 'timeline' }, cover, halves.node);

  const point = (event: LedgerEvent, lane: number): TimelinePoint => ({ id: event.hash, lane, t: event.t, shape: eventShapes[event.kind], tone: eventTones[event.kind], title: `${event.word}${event.version === null ? '' : ` v${event.version}`}\n${time(event.t)}, ${fullName(event.row.by)}\n${event.row.text}` });
  const draw = (): void => {
    const rows = panel.history();
    const fault = panel.historyFault();
    const state = panel.state();
    const empty = rows.length === 0;
    halves.node.hidden = empty;
    if (empty) {
      return fill(cover, fault === undefined ? skeleton(6) : fault === null ? emptyState({ title: 'Nothing happened yet', detail: 'Everything that is done to a version is an entry here, for good: registered, evaluated, gates, approvals, what went live, when and by whom.' })
        : errorState('The history can\u2019t be read', fault, () => void panel.refresh().then(undefined, () => undefined)));
    }
    fill(cover, fault === null || fault === undefined ? null : errorState('The history may be old', fault, () => void panel.refresh().then(undefined, () => undefined)));
    const now = Date.now();
    const all = eventsOf(rows);
    const start = rangeStart(state.range, now);
    const first = Math.min(...all.slice(0, 1000).map((event) => event.t), now - 60_000);
    const low = start === -Infinity ? first - (now - first) * 0.02 : start;
    const high = now + (now - low) * 0.02;
    const shown = all.filter((event) => event.t >= low);
    const lanes = lanesOf(panel.detail().environments.map((one) => one.name), all);
    const spans = spansOf(rows, now).filter((span) => span.to >= low);
    colors.assign([...new Set(spansOf(rows, now).map((span) => String(span.version)))]);
    const style = getComputedStyle(document.body);
    const bad = style.getPropertyValue('--vscode-list-errorForeground').trim() || style.getPropertyValue('--vscode-errorForeground').trim() || style.color;
    const axis = timeAxis(low, high, Math.max(2, Math.floor((chart.width() || 800) / TICK)));
    chart.node.style.setProperty('--lanes', String(lanes.length));
    chart.update({
      lanes: lanes.map((lane) => lane || 'model'), bad, axis: { low, high, ...axis }, summary: timelineSummary(spans, shown, time),
      bars: spans.map((span) => ({
        id: span.hash, lane: lanes.indexOf(span.environment), from: Math.max(low, span.from), to: span.to, label: `v${span.version}${span.forced ? ' \u26a0 forced' : ''}`, color: versionColor(colors.of(String(span.version)) ?? 0), marked: span.forced,
        title: `v${span.version} live in ${span.environment}${span.forced ? ', forced' : ''}\n${time(span.from)} to ${span.open ? 'now' : time(span.to)}\n${span.row.text}`,
      })),
      points: shown.map((event) => point(event, Math.max(0, lanes.indexOf(event.environment)))),
    });
    const kinds = [...new Set(shown.map((event) => event.kind))];
    fill(legend, ...(Object.keys(eventWords) as EventKind[]).filter((kind) => kinds.includes(kind)).map((kind) => el('span', { class: 'fact' }, el('span', { class: `sign ${eventTones[kind]}`, attrs: { 'aria-hidden': 'true' } }, shapeSigns[eventShapes[kind]]), ` ${eventWords[kind]}`)));
    halves.limit(72 + lanes.length * 64);
    events.draw(all, start);
  };
  function save(): void {
    fill(failed);
    panel.host.ask('host.saveFile', { name: fileName(`${panel.detail().model.name} timeline`, 'png'), mime: 'image/png', base64: chart.png() })
      .then(({ saved }) => { if (saved) announce('the timeline is saved'); }, (error: unknown) => fill(failed, errorState('The picture isn\u2019t saved', error, save)));
  }
  let visible = false;
  panel.onData(() => { if (visible) draw(); });
  panel.onState((changed) => {
    if (!visible) return;
    if (changed.has('range')) {
      range.set(panel.state().range);
      draw();
    }
    if (changed.has('event')) chart.highlight(panel.state().event);
  });
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(node.clientWidth - width) < 40 || !visible) return;
    width = node.clientWidth;
    draw();
  }).observe(node);
  // The theme's colours are on the canvas, not in a style sheet.
  new MutationObserver(() => { if (visible) draw(); }).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  return {
    node,
    shown() {
      visible = true;
      width = node.clientWidth;
      draw();
      chart.highlight(panel.state().event);
    },
    hidden: () => { visible = false; },
  };
}
