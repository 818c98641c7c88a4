import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryRow } from '../../../../../src/protocol/registry';
import { eventsCsv, eventsOf, filterEvents, lanesOf, spansOf } from '../../../../../webview/registry/model/timeline';

let count = 0;
const row = (kind: string, t: number, more: Partial<HistoryRow> = {}): HistoryRow => ({ hash: `h${(count += 1)}`, clone: 'c0ffee0123456789', n: count, t, by: { name: 'Ana', email: 'ana@example.org' }, kind, model: 'm', version: 1, environment: 'production', text: kind, forced: false, facts: {}, ...more });

describe('what was live when', () => {
  test('is a stretch from each move to the next, the last one up to now', () => {
    const spans = spansOf([row('registered', 1, { environment: null }), row('promoted', 10), row('forced', 20, { version: 2 }), row('hook', 21, { version: 2 }), row('rolledBack', 30, { version: 1 })], 100);
    expect(spans.map(({ version, from, to, open, forced }) => [version, from, to, open, forced])).toEqual([[1, 10, 20, false, false], [2, 20, 30, false, true], [1, 30, 100, true, false]]);
  });

  test('ends where a first promotion was taken back: nothing is live then', () => {
    const spans = spansOf([row('promoted', 10), row('rolledBack', 12, { version: null })], 100);
    expect(spans.map(({ from, to, open }) => [from, to, open])).toEqual([[10, 12, false]]);
  });

  test('holds the order of the ledger where a clock went back', () => {
    const spans = spansOf([row('promoted', 50), row('promoted', 40, { version: 2 })], 45);
    expect(spans.map(({ version, from, to }) => [version, from, to])).toEqual([[1, 50, 50], [2, 50, 50]]);
  });

  test('never overlaps within an environment, and at most one stretch of it is open', () => {
    const move = fc.record({ kind: fc.constantFrom('promoted', 'forced', 'rolledBack', 'approved'), t: fc.integer({ min: 0, max: 1000 }), version: fc.option(fc.integer({ min: 1, max: 5 })), environment: fc.constantFrom('a', 'b') });
    fc.assert(fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const spans = spansOf(moves.map(({ kind, t, ...more }) => row(kind, t, more)), 1000);
      for (const environment of ['a', 'b']) {
        const own = spans.filter((span) => span.environment === environment);
        expect(own.filter((span) => span.open).length).toBeLessThanOrEqual(1);
        own.forEach((span, at) => {
          expect(span.to).toBeGreaterThanOrEqual(span.from);
          const next = own[at + 1];
          if (next) expect(next.from).toBeGreaterThanOrEqual(span.to);
        });
        const last = moves.filter((one) => one.environment === environment && one.kind !== 'approved').at(-1);
        expect(own.find((span) => span.open)?.version ?? null).toBe(last?.version ?? null);
      }
    }));
  });
});

describe('events', () => {
  const events = eventsOf([
    row('registered', 1, { environment: null }), row('evaluated', 2, { environment: null, facts: { outcome: 'cannot tell' } }), row('gates', 3, { environment: null, facts: { to: 'staging', outcome: 'fail' } }),
    row('hook', 4, { facts: { outcome: 'done' } }), row('hook', 5, { facts: { outcome: 'timed out' } }), row('rolledBack', 6, { facts: { cause: 'health', automatic: true } }), row('teleported', 7),
  ]);

  test('say in a word what they came to; a failed hook is an event of its own', () => {
    expect(events.map((event) => [event.kind, event.word])).toEqual([
      ['registered', 'registered'], ['evaluated', 'evaluated: cannot tell'], ['gates', 'gates: fail'], ['hook', 'hook ran'], ['hookFailed', 'hook failed'], ['rolledBack', 'rolled back: health'], ['described', 'teleported'],
    ]);
  });

  test('have a lane of the environment that they are of, known to runyard.yaml or not', () => {
    expect(lanesOf(['production', 'canary'], events)).toEqual(['', 'production', 'canary', 'staging']);
  });

  test('are filtered by words, kind, place and time together', () => {
    const all = { text: '', kind: '', environment: null, from: -Infinity };
    expect(filterEvents(events, all)).toHaveLength(7);
    expect(filterEvents(events, { ...all, text: 'ana STAGING' }).map((event) => event.t)).toEqual([3]);
    expect(filterEvents(events, { ...all, kind: 'hookFailed' }).map((event) => event.t)).toEqual([5]);
    expect(filterEvents(events, { ...all, environment: '' }).map((event) => event.t)).toEqual([1, 2]);
    expect(filterEvents(events, { ...all, from: 6 }).map((event) => event.t)).toEqual([6, 7]);
  });

  test('are saved with their times in UTC and their hashes', () => {
    const [head, first] = eventsCsv(events).split('\r\n');
    expect(head).toBe('time,what,version,environment,by,email,forced,text,hash,clone,n');
    expect(first).toMatch(/^1970-01-01T00:00:00.001Z,registered,1,,Ana,ana@example.org,no,registered,h\d+,c0ffee0123456789,\d+$/);
  });
});
