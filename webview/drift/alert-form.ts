/** What a person says to an alert: a reason, until when it sleeps, and the incident note that is kept. */
import type { AlertRow, Incident } from '../../src/protocol/monitoring';
import { announce, el, fill } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button, dropdown, setDisabled } from '../shared/toolkit';
import { SNOOZES, wantsReason, type Action } from './model/alerts';
import { draftArea } from './parts';
import type { Panel } from './panel';

const TITLES: Record<Action, string> = { acknowledge: 'Acknowledge', snooze: 'Snooze', resolve: 'Resolve', reopen: 'Open again' };
const ASKS: Record<Action, string> = { acknowledge: 'What you know so far (may be empty)', snooze: 'Why it can wait (needed)', resolve: 'What settled it (needed)', reopen: 'Why it isn\u2019t settled (may be empty)' };

interface FormParts { label: string; send: HTMLElement; rows: HTMLElement[]; failed: HTMLElement; close(): void; go(): void }
/** Ctrl+Enter sends, Escape closes. */
const form = ({ label, send, rows, failed, close, go }: FormParts): HTMLElement => el('form', { class: 'write-form', attrs: { 'aria-label': label }, on: {
  submit: (event) => event.preventDefault(),
  keydown(event) {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) go();
    else return;
    event.stopPropagation();
  },
} }, ...rows, el('div', { class: 'inline' }, send, button({ label: 'Cancel', onClick: close })), failed);

/** `done`: after the engine took it; `close`: the person turned away. */
export function actionForm(panel: Panel, row: AlertRow, action: Action, { done, close }: { done(): void; close(): void }): HTMLElement {
  let length = '1d';
  const failed = el('div', {});
  const text = draftArea(panel, { label: ASKS[action], placeholder: ASKS[action], draft: `${action} ${row.id}` });
  const send = button({ label: TITLES[action], appearance: 'primary', onClick: () => go() });
  const until = dropdown({ label: 'For how long', value: length, choices: SNOOZES.map(({ value, label }) => ({ value, label })), onChange: (value) => { length = value; } });
  const enable = (): void => setDisabled(send, wantsReason(action) && text.get() === '');
  function go(): void {
    if (wantsReason(action) && text.get() === '') return text.node.focus();
    fill(failed);
    setDisabled(send, true);
    const snooze = action === 'snooze' ? { until: Date.now() + (SNOOZES.find(({ value }) => value === length)?.ms ?? 0) } : {};
    panel.host.ask('alerts.act', { alert: row.id, action, reason: text.get(), ...snooze }).then(() => {
      announce(`${TITLES[action]}: done`);
      text.clear();
      done();
    }, (error: unknown) => {
      enable();
      fill(failed, errorState('It isn\u2019t kept', error, go));
    });
  }
  text.node.addEventListener('input', enable);
  enable();
  queueMicrotask(() => text.node.focus());
  return form({ label: TITLES[action], send, rows: [...(action === 'snooze' ? [el('label', { class: 'inline' }, 'for ', until.node)] : []), text.node], failed, close, go });
}

const NOTE: readonly { key: keyof Pick<Incident, 'when' | 'what' | 'cause' | 'action'>; label: string; placeholder: string }[] = [
  { key: 'when', label: 'When', placeholder: 'Since when, until when' }, { key: 'what', label: 'What', placeholder: 'What happened, to whom' },
  { key: 'cause', label: 'Cause', placeholder: 'Why, as far as it is known' }, { key: 'action', label: 'Action', placeholder: 'What was done, what is to be done' },
];
export const incidentParts = (note: Incident): { label: string; text: string }[] => NOTE.map(({ key, label }) => ({ label, text: note[key] })).filter(({ text }) => text !== '');

export function incidentForm(panel: Panel, row: AlertRow, { done, close }: { done(): void; close(): void }): HTMLElement {
  const failed = el('div', {});
  const fields = NOTE.map(({ key, label, placeholder }) => {
    const area = draftArea(panel, { label, placeholder, draft: `incident ${key} ${row.id}` });
    const before = row.incident?.[key] ?? '';
    if (area.node.value === '') area.node.value = before;
    return { key, label, area };
  });
  const send = button({ label: 'Keep the note', appearance: 'primary', onClick: () => go() });
  function go(): void {
    fill(failed);
    setDisabled(send, true);
    panel.host.ask('alerts.incident', { alert: row.id, ...Object.fromEntries(fields.map(({ key, area }) => [key, area.get()])) }).then(() => {
      announce('the note is kept');
      for (const { area } of fields) area.clear();
      done();
    }, (error: unknown) => {
      setDisabled(send, false);
      fill(failed, errorState('The note isn\u2019t kept', error, go));
    });
  }
  queueMicrotask(() => fields[0]?.area.node.focus());
  return form({ label: 'Incident note', send, rows: fields.map(({ label, area }) => el('label', { class: 'note-field' }, el('span', {}, label), area.node)), failed, close, go });
}
