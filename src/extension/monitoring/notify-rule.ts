/** Which alerts a person is told of, and how loudly. Pure. */
import type { AlertRow } from '../../protocol/monitoring';

export const LEVELS = ['off', 'critical', 'warning', 'all'] as const;
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
