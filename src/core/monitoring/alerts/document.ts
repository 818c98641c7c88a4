/** An alert as it is kept, and what may be done to it. Pure. */
import * as z from 'zod';
import type { AlertEvent, AlertRow } from '../../../protocol/monitoring';
import type { Standing } from './machine';

/** `first`, `counted`, `since`: windows, as the machine has them; `settled`: the newest window when a person resolved it, null otherwise. */
export interface AlertDoc { format: 1; row: AlertRow; first: number; counted: number; since: number; settled: number | null; events: AlertEvent[] }

const SHAPE = z.looseObject({ format: z.literal(1), row: z.looseObject({ id: z.string(), monitor: z.string(), key: z.string(), state: z.enum(['open', 'acknowledged', 'snoozed', 'resolved']), opened: z.number() }), first: z.number(), counted: z.number(), since: z.number(), events: z.array(z.unknown()) });
/** Null where it is none. */
export const alertOf = (doc: unknown): AlertDoc | null => (SHAPE.safeParse(doc).success ? (doc as AlertDoc) : null);

/** Events that are kept of one alert. */
const MOST_EVENTS = 500;

export const standingOf = ({ row, first, counted, since }: AlertDoc): Standing => ({ state: row.state, snoozedUntil: row.snoozedUntil, windows: row.windows, first, counted, since });

/** The alert as the machine says it stands now. */
export function withStanding(doc: AlertDoc, { state, snoozedUntil, windows, first, counted, since }: Standing, more: Partial<AlertRow>): AlertDoc {
  return { ...doc, first, counted, since, row: { ...doc.row, state, snoozedUntil, windows, ...more } };
}

/** Windows in which it goes on are one event, with how many they are. */
export function withEvent(doc: AlertDoc, event: AlertEvent): AlertDoc {
  const before = event.what === 'held' && doc.events.at(-1)?.what === 'held' ? doc.events.slice(0, -1) : doc.events;
  return { ...doc, events: [...before, event].slice(-MOST_EVENTS) };
}

export const isOpen = ({ row }: Pick<AlertDoc, 'row'>): boolean => row.state !== 'resolved';
