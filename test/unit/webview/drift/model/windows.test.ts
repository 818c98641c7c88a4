import { describe, expect, test } from 'vitest';
import type { ResultSummary } from '../../../../../src/protocol/monitoring';
import type { HistoryRow } from '../../../../../src/protocol/registry';
import { lengthText, longLabel, marksIn, marksOf, markText, shortLabel, windowScale, windowsOf, windowsToAsk } from '../../../../../webview/drift/model/windows';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 16);
const day = (n: number): { from: number; to: number } => ({ from: START + n * DAY, to: START + (n + 1) * DAY });
const result = (id: string, n: number, created: number): ResultSummary => ({ id, monitor: 'm', created, window: { ...day(n), rows: 5 }, outcome: 'pass', reasons: [], columns: {}, figures: {}, alerts: [], checks: [], versions: [] });

test('windows are in the order of time, each once with its newest result', () => {
  expect(windowsOf([result('c', 2, 9), result('a', 1, 1), result('b', 1, 2)]).map(({ id }) => id)).toEqual(['b', 'c']);
});

test('as many windows are asked for as an answer can carry', () => {
  expect([0, 30, 1000, 10_000, 1e6].map(windowsToAsk)).toEqual([60, 60, 40, 6, 6]);
});

describe('labels', () => {
  test('are short where neighbours tell the rest', () => {
    expect(shortLabel(day(0))).toBe('16 Nov');
    const hour = (n: number): { from: number; to: number } => ({ from: START + n * HOUR, to: START + (n + 1) * HOUR });
    expect(shortLabel(hour(3), hour(2))).toBe('03:00');
    expect(shortLabel(hour(24), hour(23))).toBe('17 Nov');
    expect(shortLabel({ from: null, to: null })).toBe('current');
  });
  test('say it all where there is room', () => {
    expect(longLabel(day(0))).toBe('Mon 16 Nov 2026 (UTC)');
    expect(longLabel({ from: START, to: START + 7 * DAY })).toBe('16 Nov to 22 Nov 2026 (UTC)');
    expect(longLabel({ from: START + 22 * HOUR, to: START + 23 * HOUR })).toBe('16 Nov 2026 22:00 to 23:00 (UTC)');
    expect(longLabel({ from: START + 22 * HOUR, to: START + 26 * HOUR })).toBe('16 Nov 2026 22:00 to 17 Nov 02:00 (UTC)');
  });
  test('of lengths are whole where they can be', () => {
    expect([604_800, 86_400, 21_600, 1800, 90].map(lengthText)).toEqual(['1 week', '1 day', '6 h', '30 min', '90 s']);
  });
});

test('what went live is told with its direction, in the window in which it did', () => {
  const row = (kind: string, t: number, version: number, environment = 'production'): HistoryRow => ({ hash: `${t}`, clone: '', n: 0, t, by: { name: '', email: '' }, kind, model: 'm', version, environment, text: kind, forced: false, facts: {} });
  const marks = marksOf([row('rolledBack', START + DAY + 5, 2), row('promoted', START + 5, 3), row('approved', START + 6, 3), row('promoted', START + 7, 4, 'staging')], 'production');
  expect(marks.map(markText)).toEqual(['\u25b6 v3', '\u25c0 v2']);
  expect(marksIn(marks, day(1)).map(markText)).toEqual(['\u25c0 v2']);
  expect(marksIn(marks, { from: null, to: null })).toEqual([]);
});

describe('the axis', () => {
  test('counts windows from the first one, and keeps a gap as wide as it lasted', () => {
    const scale = windowScale([day(0), day(1), day(4)]);
    expect(scale && [day(0), day(1), day(4)].map(scale.of)).toEqual([0.5, 1.5, 4.5]);
    expect(scale && [scale.low, scale.high, scale.step]).toEqual([0, 5, 1]);
    expect(scale && [0, 2, 4, 5].map(scale.format)).toEqual(['16 Nov', '18 Nov', '20 Nov', '']);
    expect(scale?.inside(START - 1)).toBe(false);
  });
  test('has fewer labels than windows where there are many', () => {
    const scale = windowScale(Array.from({ length: 60 }, (_, n) => day(n)), 6);
    expect(scale?.step).toBe(10);
  });
  test('isn\u2019t there without times', () => expect(windowScale([{ from: null, to: null }])).toBeNull());
});
