/** Alerts as people read them in a terminal. */
import type { AlertDetail, AlertRow } from '../../protocol/monitoring';
import { ago, table, type Column } from '../format';
import { shownMoment } from '../registry/time';
import { plural } from '../registry/words';
import { visible, type Terminal } from '../terminal';
import { windowText } from './moments';

const right = true;
const COLOURS = { critical: 'red', warning: 'yellow', info: 'blue' } as const;
const shortId = ({ id }: Pick<AlertRow, 'id'>): string => id.slice(0, 8);
export const alertLine = (row: AlertRow): string => visible(`${shortId(row)} ${row.monitor}: ${row.text} (${row.severity})`);
/** Of one that is resolved, why: at most so many characters of it. */
function stateText({ state, snoozedUntil, resolution }: AlertRow, most = Infinity): string {
  if (state === 'snoozed' && snoozedUntil !== null) return `snoozed until ${shownMoment(snoozedUntil).slice(0, 16)}`;
  const why = state === 'resolved' ? resolution ?? '' : '';
  return why === '' ? state : `${state}: ${why.length > most ? `${why.slice(0, most)}\u2026` : why}`;
}
const MOST_WHY = 50;

/** `now` in ms. */
export function alertsText(alerts: readonly AlertRow[], now: number, out: Terminal): string {
  if (alerts.length === 0) return '';
  const columns: Column[] = [{ title: 'alert' }, { title: 'severity' }, { title: 'state' }, { title: 'monitor' }, { title: 'opened' }, { title: 'windows', right }, { title: 'on call' }, { title: 'what' }];
  return table(columns, alerts.map((row) => [shortId(row), out.paint(COLOURS[row.severity], row.severity), stateText(row, MOST_WHY), row.monitor, ago((now - row.opened) / 1000), String(row.windows), row.onCall ?? '', row.text]), out);
}

export function alertText({ row, runbook, events, results, line, slices }: AlertDetail, now: number, out: Terminal): string {
  const said = (name: string, text: string): string => `  ${out.paint('dim', name.padEnd(9))} ${visible(text)}\n`;
  const part = (title: string, lines: readonly string[]): string => (lines.length === 0 ? '' : `\n${out.paint('bold', title)}\n${lines.map((one) => `  ${one}\n`).join('')}`);
  const versions = row.version === null ? '' : ` (version ${row.version} was live)`;
  const { incident } = row;
  return [
    `${out.paint(COLOURS[row.severity], row.severity)} ${out.paint('bold', visible(row.text))}\n`,
    said('alert', row.id), said('state', stateText(row)), said('monitor', `${row.monitor}${line === null ? '' : `, line ${line} of runyard.yaml`}`), ...(row.model === null ? [] : [said('model', `${row.model}${versions}`)]),
    said('opened', `${shownMoment(row.opened)}, ${ago((now - row.opened) / 1000)}; failed in ${plural(row.windows, 'window')}`), ...(row.onCall === null ? [] : [said('on call', row.onCall)]),
    part('Slices that it hits', slices.map(({ name, text }) => `${visible(name)}: ${visible(text)}`)),
    part('Windows', results.slice(0, 10).map((one) => `${windowText(one.window)}  ${one.checks.find(({ key }) => key === row.key)?.outcome ?? ''}  ${visible(one.checks.find(({ key }) => key === row.key)?.reason ?? '')}`.trimEnd())),
    part('What happened', events.map(({ t, what, by, text }) => `${shownMoment(t)}  ${what}${by === null ? '' : ` by ${visible(by.name)}`}${text === '' ? '' : `: ${visible(text)}`}`)),
    ...(incident === null ? [] : [part('Incident', (['when', 'what', 'cause', 'action'] as const).flatMap((key) => (incident[key] === '' ? [] : [`${key}: ${visible(incident[key])}`])))]),
    part('What to do', runbook.trim() === '' ? [] : runbook.trim().split('\n').map(visible)),
  ].join('');
}
