/** The monitor's alerts: what happened to each, what a person can say to it, and the ways out: the column, the way back, a retraining, the runbook. */
import type { AlertDetail, AlertRow } from '../../src/protocol/monitoring';
import { el, fill, type Child } from '../shared/dom';
import { count, formatTime } from '../shared/format';
import { attempt, emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, checkbox } from '../shared/toolkit';
import { actionForm, incidentForm, incidentParts } from './alert-form';
import { markdown } from './markdown';
import { actionsFor, eventWord, isOpen, shownAlerts, type Action } from './model/alerts';
import { act, link, when } from './parts';
import type { Panel } from './panel';

const LABELS: Record<Action, string> = { acknowledge: 'Acknowledge\u2026', snooze: 'Snooze\u2026', resolve: 'Resolve\u2026', reopen: 'Open again\u2026' };

export function createAlertsView(panel: Panel): View {
  let [asked, visible] = [0, false];
  let writing: { alert: string; form: HTMLElement } | null = null;
  const list = el('ul', { class: 'alert-list', attrs: { 'aria-label': 'Alerts' } });
  const detail = el('section', { class: 'alert-detail', attrs: { 'aria-label': 'The alert', tabindex: 0 } });
  const all = checkbox({ label: 'resolved ones, too', checked: panel.state().allAlerts, onChange: (allAlerts) => panel.update({ allAlerts }) });
  const total = el('span', { class: 'muted note' });
  const body = el('div', { class: 'alerts-body' }, list, detail);
  const cover = el('div', {});
  const node = el('div', { class: 'alerts-view' }, el('div', { class: 'controls' }, total, el('span', { class: 'grow' }), all.node), cover, body);

  const item = (row: AlertRow, chosen: boolean): HTMLElement => el('li', { class: `alert ${row.severity} ${row.state}${chosen ? ' chosen' : ''}` },
    el('button', { class: 'alert-button', attrs: { type: 'button', 'aria-pressed': String(chosen) }, on: { click: () => panel.update({ alert: row.id }) } },
      el('span', { class: 'alert-text' }, row.text), el('span', { class: 'muted' }, `${row.severity}, ${row.state}${row.state === 'snoozed' && row.snoozedUntil !== null ? ` until ${formatTime(row.snoozedUntil / 1000).slice(0, 16)}` : ''}, ${count(row.windows, 'window')}, `, when(row.opened))));
  const write = (make: (how: { done(): void; close(): void }) => HTMLElement, row: AlertRow): void => {
    const end = (): void => { writing = null; };
    // It stays the one that is looked at, whatever its place in the list becomes.
    panel.update({ alert: row.id });
    writing = { alert: row.id, form: make({ done: () => { end(); refresh(); }, close: () => { end(); draw(); } }) };
    draw();
  };
  const refresh = (): void => attempt(panel.refresh(), (error) => fill(cover, errorState('What is shown may be old', error, refresh)));
  const facts = (row: AlertRow): Child[] => [
    `opened ${formatTime(row.opened / 1000).slice(0, 16)}`, row.version === null ? '' : `v${row.version} was live`, row.onCall === null ? '' : `on call: ${row.onCall}`, row.resolved === null ? '' : `resolved ${formatTime(row.resolved / 1000).slice(0, 16)}`,
  ].filter(Boolean).map((text) => el('span', { class: 'fact' }, text));
  const ways = (row: AlertRow, failed: HTMLElement): HTMLElement => {
    const [model, environment] = (row.model ?? '').split('@');
    const known = panel.allRows().some(({ name }) => name === row.subject);
    return el('div', { class: 'controls' },
      ...(known ? [button({ label: 'Show the column', onClick: () => panel.update({ column: row.subject, result: row.result, part: 'column' }) })] : [button({ label: 'Show the window', onClick: () => panel.update({ result: row.result, part: 'checks' }) })]),
      ...(model && environment ? [
        button({ label: 'Roll back\u2026', title: `Another version of ${model} becomes live in ${environment}; VS Code asks before`, onClick: () => act(failed, 'It can\u2019t be rolled back', () => panel.host.ask('host.rollBack', { model, environment })) }),
        button({ label: 'Retrain\u2026', title: `Trains ${model} anew, as runyard.yaml says under retraining`, onClick: () => act(failed, 'No retraining begins', () => panel.host.ask('host.retrain', { model, environment, alert: row.id })) }),
        button({ label: 'What was live', onClick: () => act(failed, 'The registry can\u2019t be opened', () => panel.host.ask('host.openRegistry', { model, environment, part: 'timeline' })) })] : []));
  };
  const drawDetail = ({ row, runbook, events, slices }: AlertDetail): void => {
    const failed = el('div', {});
    const note = row.incident;
    fill(detail, el('h2', {}, row.text), el('p', { class: 'facts' }, ...facts(row)),
      el('div', { class: 'controls' }, ...actionsFor(row).map((action) => button({ label: LABELS[action], ...(action === 'acknowledge' ? { appearance: 'primary' as const } : {}), onClick: () => write((how) => actionForm(panel, row, action, how), row) })), button({ label: note ? 'Edit incident note\u2026' : 'Incident note\u2026', onClick: () => write((how) => incidentForm(panel, row, how), row) })),
      writing?.alert === row.id ? writing.form : null, ways(row, failed), failed,
      slices.length === 0 ? null : el('section', {}, el('h3', {}, 'Slices that it hits'), el('ul', { class: 'plain' }, ...slices.map(({ name, text }) => el('li', {}, link(name, 'Show the slices', () => panel.update({ result: row.result, part: 'slices' })), ` ${text}`)))),
      runbook === '' ? null : el('section', {}, el('h3', {}, 'Runbook'), markdown(runbook)),
      note ? el('section', {}, el('h3', {}, 'Incident note'), el('dl', { class: 'plan' }, ...incidentParts(note).map(({ label, text }) => el('div', { class: 'plan-row' }, el('dt', {}, label), el('dd', {}, text)))), el('p', { class: 'muted' }, `${note.by.name}, `, when(note.t))) : null,
      el('section', {}, el('h3', {}, 'What happened'), el('ul', { class: 'plain events' }, ...events.map((event) => el('li', {}, when(event.t), ` ${eventWord(event)}${event.by ? ` by ${event.by.name}` : ''}`, event.text ? el('span', { class: 'muted' }, ` ${event.text}`) : null)).reverse())));
  };
  function draw(): void {
    const mine = (asked += 1);
    const rows = shownAlerts(panel.alerts(), panel.state().allAlerts);
    const open = panel.alerts().filter(isOpen).length;
    total.textContent = `${count(open, 'open alert')}, ${(panel.alerts().length - open).toLocaleString('en-US')} resolved`;
    all.set(panel.state().allAlerts);
    const chosen = rows.find(({ id }) => id === panel.state().alert) ?? rows[0];
    body.hidden = rows.length === 0;
    fill(cover, rows.length > 0 ? null : emptyState({ title: panel.alerts().length > 0 ? 'No open alert' : 'No alert yet', detail: 'An alert opens when a check fails in as many windows in a row as its monitor says, holds while it fails, and ends by itself once it passes again. It is acknowledged, snoozed or resolved here, with who and why.', ...(panel.alerts().length > 0 ? { action: { label: 'Show resolved ones', run: () => panel.update({ allAlerts: true }) } } : {}) }));
    const focused = list.contains(document.activeElement);
    fill(list, ...rows.map((row) => item(row, row.id === chosen?.id)));
    if (focused) list.querySelector<HTMLElement>('[aria-pressed=true]')?.focus();
    if (!chosen) return fill(detail);
    if (detail.childElementCount === 0) fill(detail, skeleton(4));
    panel.alert(chosen.id).then((found) => { if (mine === asked) drawDetail(found); }, (error: unknown) => { if (mine === asked) fill(detail, errorState('The alert can\u2019t be read', error, draw)); });
  }
  const again = (): void => { if (visible) draw(); };
  panel.onData(again);
  panel.onState((changed) => { if (changed.has('alert') || changed.has('allAlerts')) again(); });
  return { node, shown() { visible = true; draw(); }, hidden: () => { visible = false; } };
}
