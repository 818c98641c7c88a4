/** What was live when, and everything that happened, as a timeline draws it. Times in ms since the epoch. Pure. */
import type { HistoryRow } from '../../../src/protocol/registry';
import { toCsv } from '../../compare/model/export';
import { isMove } from './pipeline';

/** A stretch of time in which one version was live. */
export interface Span { hash: string; environment: string; version: number; from: number; to: number; /** it is live still */ open: boolean; forced: boolean; row: HistoryRow }

export const eventWords = {
  registered: 'registered', evaluated: 'evaluated', gates: 'gates asked', approved: 'approved', rejected: 'rejected', promoted: 'promoted', forced: 'forced', rolledBack: 'rolled back',
  hook: 'hook ran', hookFailed: 'hook failed', alias: 'alias', described: 'described', deleted: 'deleted', comment: 'comment',
} as const;
export type EventKind = keyof typeof eventWords;

export interface LedgerEvent { hash: string; t: number; kind: EventKind; word: string; /** '' where it is of the model alone */ environment: string; version: number | null; row: HistoryRow }

const isKind = (kind: string): kind is EventKind => Object.hasOwn(eventWords, kind);
const outcomeOf = (row: HistoryRow): string => (typeof row.facts['outcome'] === 'string' ? row.facts['outcome'] : '');

/** A kind that isn't known (of a newer version of ours) is shown as what it calls itself, among the descriptions. */
function eventOf(row: HistoryRow): LedgerEvent {
  const failed = row.kind === 'hook' && outcomeOf(row) !== 'done';
  const kind: EventKind = failed ? 'hookFailed' : isKind(row.kind) ? row.kind : 'described';
  const cause = row.facts['cause'];
  const said = row.kind === 'gates' || row.kind === 'evaluated' ? outcomeOf(row) : row.kind === 'rolledBack' && typeof cause === 'string' && cause !== 'person' ? cause : '';
  const word = isKind(row.kind) ? `${row.kind === 'gates' && said ? 'gates' : eventWords[kind]}${said ? `: ${said}` : ''}` : row.kind;
  const to = typeof row.facts['to'] === 'string' ? row.facts['to'] : '';
  return { hash: row.hash, t: row.t, kind, word, environment: row.environment ?? to, version: row.version, row };
}

/** A point an entry, in the order of the ledger. */
export const eventsOf = (rows: readonly HistoryRow[]): LedgerEvent[] => rows.map(eventOf);

/**
 * The stretches of each environment, oldest first. A move whose clock is before the one that it follows (another machine's) begins where that began:
 * the ledger's order counts.
 */
export function spansOf(rows: readonly HistoryRow[], now: number): Span[] {
  const spans: Span[] = [];
  const last = new Map<string, { t: number; span: Span | null }>();
  for (const row of rows) {
    if (!isMove(row) || row.environment === null) continue;
    const before = last.get(row.environment);
    const from = Math.max(row.t, before?.t ?? -Infinity);
    if (before?.span) Object.assign(before.span, { to: from, open: false });
    // A first promotion that was taken back leaves nothing live.
    const span = row.version === null ? null : { hash: row.hash, environment: row.environment, version: row.version, from, to: Math.max(now, from), open: true, forced: row.forced || row.kind === 'forced', row };
    last.set(row.environment, { t: from, span });
    if (span) spans.push(span);
  }
  return spans;
}

/** Lanes from top to bottom: the model's own events (''), the environments of runyard.yaml, those that only the ledger knows. */
export function lanesOf(environments: readonly string[], events: readonly LedgerEvent[]): string[] {
  return [...new Set(['', ...environments, ...events.map((event) => event.environment)])];
}

export interface EventFilter { text: string; /** '': all */ kind: string; /** null: all; '': the model's own */ environment: string | null; from: number }

/** Those that pass all of it; every word has to be somewhere in what is known of an event. */
export function filterEvents(events: readonly LedgerEvent[], { text, kind, environment, from }: EventFilter): LedgerEvent[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter((event) => {
    if (event.t < from || (kind !== '' && event.kind !== kind) || (environment !== null && event.environment !== environment)) return false;
    if (words.length === 0) return true;
    const said = [event.word, event.environment, event.version === null ? '' : `v${event.version}`, event.row.by.name, event.row.by.email, event.row.text, event.hash].join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

/** RFC 4180, in the order given; times as ISO 8601 in UTC. */
export function eventsCsv(events: readonly LedgerEvent[]): string {
  return toCsv(['time', 'what', 'version', 'environment', 'by', 'email', 'forced', 'text', 'hash', 'clone', 'n'],
    events.map(({ t, word, version, environment, row }) => [new Date(t).toISOString(), word, version, environment, row.by.name, row.by.email, row.forced ? 'yes' : 'no', row.text, row.hash, row.clone, row.n]));
}

/** One sentence for who doesn't see the picture. */
export function timelineSummary(spans: readonly Span[], events: readonly LedgerEvent[], time: (t: number) => string): string {
  const open = spans.filter((span) => span.open).map((span) => `${span.environment}: v${span.version} since ${time(span.from)}`);
  return [`${events.length} events`, `${spans.length} stretches of time with a live version`, ...open].join('; ');
}
