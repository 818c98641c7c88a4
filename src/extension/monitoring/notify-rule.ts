/** Which alerts a person is told of, and how loudly. Pure. */
import type { AlertRow } from '../../protocol/monitoring';
import { shorten } from '../base/format';
import { bySeverity } from './order';
import { titleWords } from './words';

const LEVELS = ['off', 'critical', 'warning', 'all'] as const;
export type Level = (typeof LEVELS)[number];
export type Loudness = 'error' | 'warning' | 'information' | 'none';

const LOUD: Readonly<Record<AlertRow['severity'], Loudness>> = { critical: 'error', warning: 'warning', info: 'information' };
const LEAST: Readonly<Record<Level, readonly AlertRow['severity'][]>> = { off: [], critical: ['critical'], warning: ['critical', 'warning'], all: ['critical', 'warning', 'info'] };

/** Anything else in the settings is the usual level. */
export const levelOf = (value: unknown): Level => LEVELS.find((one) => one === value) ?? 'warning';

export const loudness = (severity: AlertRow['severity'], level: Level): Loudness => (LEAST[level].includes(severity) ? LOUD[severity] : 'none');

/** What is told once: that it opened, each time that it did. */
export const openKey = ({ id, opened }: AlertRow): string => `${id} ${opened}`;

/** The keys that are kept: of alerts that are still there. */
export const stillOpen = (told: readonly string[], open: readonly AlertRow[]): string[] => {
  const keys = new Set(open.map(openKey));
  return told.filter((key) => keys.has(key));
};

export interface Told { row: AlertRow; /** it was snoozed, and still fails */ woke: boolean }

/** One for each monitor, as loud as the most severe in it; none of what isn't to be told. The most severe first. */
export function bundles(all: readonly Told[], loudOf: (row: AlertRow) => Loudness): { loud: Loudness; rows: Told[] }[] {
  const monitors = new Map<string, Told[]>();
  for (const one of all) if (loudOf(one.row) !== 'none') monitors.set(one.row.monitor, [...(monitors.get(one.row.monitor) ?? []), one]);
  return [...monitors.values()].map((rows) => {
    const ordered = [...rows].sort((a, b) => bySeverity(a.row, b.row));
    return { loud: ordered[0] ? loudOf(ordered[0].row) : 'none', rows: ordered };
  });
}

const NAMED = 3;

/** "daily: income drifted, age drifted and 3 more"; with its figures where it is one. */
export function toldWords(rows: readonly Told[]): string {
  const named = rows.slice(0, NAMED).map(({ row, woke }) => `${rows.length === 1 ? shorten(row.text, 200) : titleWords(row)}${woke ? ' (it was snoozed, and still fails)' : ''}`);
  const rest = rows.length - NAMED;
  return `${rows[0]?.row.monitor ?? ''}: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** "daily: income drifted: resolved, it passed 2 windows in a row": that it is over, and why. */
export const overWords = ({ monitor, text, resolution }: AlertRow): string => `${monitor}: ${shorten(text, 200)}: ${resolution ? `resolved, ${shorten(resolution, 200)}` : 'this is over'}`;
