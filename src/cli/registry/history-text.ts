/** The ledger as people read it in a terminal. */
import type { HistoryRow, RegistryResults, Verification } from '../../protocol/registry';
import { ago } from '../format';
import { visible, type Terminal } from '../terminal';
import { conflictsText } from './models-text';
import { shownMoment } from './time';
import { plural } from './words';

/** A line an entry, oldest first; the sentence names who. Forced ones stand out. */
export const historyText = (rows: readonly HistoryRow[], out: Terminal): string =>
  rows.map(({ t, text, forced }) => `${out.paint('dim', shownMoment(t))}  ${forced ? out.paint('red', visible(text.includes('FORCED') ? text : `FORCED: ${text}`)) : visible(text)}\n`).join('');

/** What was live at a moment. */
export function atText({ version, since, by, reason }: RegistryResults['registry.at'], { model, environment, time }: { model: string; environment: string; time: number }): string {
  const where = `${visible(model)} in ${visible(environment)} at ${shownMoment(time)}`;
  if (version === null) return `${where}: nothing was live\n`;
  const from = since === null ? '' : `, live since ${shownMoment(since)} (${ago((time - since) / 1000).replace(/ ago$/, ' before')})`;
  return `${where}: version ${version}${from}${by ? `, by ${visible(by.name)}` : ''}${reason === '' ? '' : `: ${visible(reason)}`}\n`;
}

export function verifyText({ ok, entries, chains, faults, conflicts }: Verification, out: Terminal): string {
  const counted = `${plural(entries, 'entry', 'entries')} in ${plural(chains.length, 'chain')}`;
  const named = faults.map(({ clone, line, message }) => `${out.paint('red', 'fault')}: ${visible(clone)}${line === null ? '' : `, line ${line}`}: ${visible(message)}\n`).join('');
  return `${named}${conflictsText(conflicts, out)}${ok ? `${out.paint('green', 'whole')}: ${counted}` : `${out.paint('red', 'not whole')}: ${plural(faults.length, 'fault')} in ${counted}`}\n`;
}
