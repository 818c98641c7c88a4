/** What a person does with an alert: acknowledge, snooze, resolve, open again, and the incident note. */
import * as vscode from 'vscode';
import type { MethodParams } from '../../protocol/engine';
import type { AlertRow } from '../../protocol/monitoring';
import { count, formatTime } from '../base/format';
import { BACK, pickStep, textStep } from '../base/steps';
import type { Host } from '../host';
import { readMoment } from '../registry/moment';
import { titleWords } from './words';

type Act = Omit<MethodParams<'alerts.act'>, 'alert'>;

/** One after another; all that shows alerts asks anew. */
async function act(host: Host, rows: readonly AlertRow[], how: Act): Promise<void> {
  try {
    for (const { id } of rows) await host.engine.request('alerts.act', { alert: id, ...how });
  } finally {
    host.monitoring.refresh();
  }
}

export const acknowledge = (host: Host, rows: readonly AlertRow[]): Promise<void> => act(host, rows, { action: 'acknowledge' });

/** "income drifted", "3 alerts". */
const named = (rows: readonly AlertRow[]): string => (rows.length === 1 && rows[0] ? titleWords(rows[0]) : count(rows.length, 'alert'));

const reasonFault = (value: string): { wrong?: string } => (value.trim() === '' ? { wrong: 'say why: it stays with the alert' } : {});
const HOUR_MS = 3_600_000;
const SPANS = [['1 hour', HOUR_MS], ['1 day', 24 * HOUR_MS], ['1 week', 168 * HOUR_MS]] as const;

/** For a time, or until a moment that is typed; then why. */
export async function snooze(host: Host, rows: readonly AlertRow[]): Promise<void> {
  const title = `Snooze: ${named(rows)}`;
  const now = Date.now();
  const items = [...SPANS.map(([label, span]) => ({ label: `$(bell-slash) ${label}`, description: `until ${formatTime((now + span) / 1000).slice(0, 16)}`, value: now + span })), { label: '$(calendar) Until\u2026', value: 0 }];
  const chosen = await pickStep<number>({ title, placeholder: 'It is quiet for', items, back: false });
  if (typeof chosen !== 'number') return;
  const until = chosen === 0 ? await askMoment(title, now) : chosen;
  if (until === undefined) return;
  const reason = await textStep({ title, value: '', prompt: 'Why it can wait', check: reasonFault });
  if (typeof reason === 'string') await act(host, rows, { action: 'snooze', until, reason: reason.trim() });
}

async function askMoment(title: string, now: number): Promise<number | undefined> {
  const typed = await textStep({
    title, value: formatTime(now / 1000 + 86_400).slice(0, 16), prompt: 'Until when: a date and time here (2026-05-03 14:00)',
    check(value) {
      const time = readMoment(value);
      return time === undefined ? { wrong: 'write it as 2026-05-03 14:00' } : time <= now ? { wrong: 'this is over already' } : {};
    },
  });
  return typeof typed === 'string' ? readMoment(typed) : undefined;
}

/** With a reason. Answers false where the person turned away. */
export async function settle(host: Host, rows: readonly AlertRow[], action: 'resolve' | 'reopen'): Promise<boolean> {
  const title = `${action === 'resolve' ? 'Resolve' : 'Open Again'}: ${named(rows)}`;
  const reason = await textStep({ title, value: '', prompt: action === 'resolve' ? 'What was it, and why is it over' : 'Why it is open again', check: reasonFault });
  if (typeof reason !== 'string') return false;
  await act(host, rows, { action, reason: reason.trim() });
  return true;
}

const STEPS = [
  ['when', 'When did it begin, when was it over'], ['what', 'What happened, and who felt it'], ['cause', 'What was the cause; empty where nobody knows yet'], ['action', 'What was done, what is still to be done'],
] as const;

/** Four questions with a way back, filled in with what was said or is known. */
export async function writeIncident(host: Host, row: AlertRow): Promise<void> {
  const { incident } = row;
  const said: Record<(typeof STEPS)[number][0], string> = {
    when: incident?.when ?? `since ${formatTime(row.opened / 1000).slice(0, 16)}`, what: incident?.what ?? row.text, cause: incident?.cause ?? '', action: incident?.action ?? '',
  };
  for (let at = 0; at < STEPS.length;) {
    const [key, prompt] = STEPS[at] ?? STEPS[0];
    const answer = await textStep({ title: `Incident Note (${at + 1} of ${STEPS.length}): ${titleWords(row)}`, prompt, value: said[key], back: at > 0 });
    if (answer === undefined) return;
    if (answer === BACK) at -= 1;
    else {
      said[key] = answer.trim();
      at += 1;
    }
  }
  await host.engine.request('alerts.incident', { alert: row.id, ...said });
  host.monitoring.refresh();
  const choice = await vscode.window.showInformationMessage('Runyard: the incident note is kept with the alert.', 'Show Alert');
  if (choice !== undefined) await vscode.commands.executeCommand('runyard.showAlert', { alert: row.id });
}
