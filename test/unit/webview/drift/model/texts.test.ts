import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../../../../../src/protocol/monitoring';
import { actionsFor, shownAlerts, wantsReason } from '../../../../../webview/drift/model/alerts';
import { parseMarkdown, parseSpans } from '../../../../../webview/drift/model/markdown';
import { heatCsv, reportMarkdown } from '../../../../../webview/drift/model/report';
import { heatRows } from '../../../../../webview/drift/model/heat';
import { readPanelState, stateFor } from '../../../../../webview/drift/model/state';
import type { ShownWindow } from '../../../../../webview/drift/model/windows';

const alert = (id: string, more: Partial<AlertRow>): AlertRow => ({ id, monitor: 'm', key: id, check: 'drift', subject: 'x', model: null, severity: 'warning', state: 'open', text: id, opened: 0, updated: 0, windows: 1, result: 'r', snoozedUntil: null, resolved: null, version: null, onCall: null, incident: null, ...more });

describe('alerts', () => {
  test('that wait for somebody come first, the gravest of them on top', () => {
    const all = [alert('resolved', { state: 'resolved', severity: 'critical' }), alert('snoozed', { state: 'snoozed' }), alert('open', {}), alert('critical', { severity: 'critical' }), alert('newer', { updated: 5 })];
    expect(shownAlerts(all, true).map(({ id }) => id)).toEqual(['critical', 'newer', 'open', 'snoozed', 'resolved']);
    expect(shownAlerts(all, false).map(({ id }) => id)).not.toContain('resolved');
  });
  test('can be answered as they are, with a reason where it quietens them', () => {
    expect([...new Set((['open', 'acknowledged', 'snoozed', 'resolved'] as const).flatMap((state) => actionsFor({ state })))]).toEqual(['acknowledge', 'snooze', 'resolve', 'reopen']);
    expect(actionsFor({ state: 'resolved' })).toEqual(['reopen']);
    expect((['acknowledge', 'snooze', 'resolve', 'reopen'] as const).filter(wantsReason)).toEqual(['snooze', 'resolve']);
  });
});

describe('a runbook', () => {
  test('is headings, lists, code and text', () => {
    expect(parseMarkdown('## Income\n\n1. Ask **them**\n   again\n2. Run `x`\n- one\n\n```\na  b\n```\nend').map(({ kind, lines }) => [kind, lines.map((line) => line.map(({ text }) => text).join(''))]))
      .toEqual([['heading', ['Income']], ['numbers', ['Ask them again', 'Run x']], ['list', ['one']], ['code', ['a  b']], ['paragraph', ['end']]]);
    expect(parseSpans('a **b** `c` *d* e_f_g').map(({ kind }) => kind)).toEqual(['text', 'strong', 'text', 'code', 'text', 'em', 'text']);
  });
  test('loses no word', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 20 }), (words) => {
      const text = parseMarkdown(words.join('\n')).flatMap(({ lines }) => lines.map((line) => line.map((span) => span.text).join(''))).join(' ');
      expect(text.split(/\s+/)).toEqual(words);
    }));
  });
});

describe('what leaves the panel', () => {
  const window: ShownWindow = { id: 'r1', from: Date.UTC(2026, 10, 16), to: Date.UTC(2026, 10, 17), rows: 10, outcome: 'fail', reasons: [], cells: { 'a,b|c': { ratio: 2, outcome: 'fail', harm: null, psi: 0.2, type: 'numeric', role: 'input' }, y: { ratio: 9, outcome: 'cannot tell', harm: 0.1, psi: null, type: 'numeric', role: 'input' } }, versions: [], figures: {}, summary: null };
  const rows = heatRows([window]);
  test('as CSV is a line for each column and window', () => {
    expect(heatCsv(rows, [window]).split('\r\n')).toEqual(['column,role,type,from,to,rows,outcome,effect_over_limit,psi,harm,result', '"a,b|c",input,numeric,2026-11-16T00:00:00.000Z,2026-11-17T00:00:00.000Z,10,fail,2,0.2,,r1', 'y,input,numeric,2026-11-16T00:00:00.000Z,2026-11-17T00:00:00.000Z,10,cannot tell,9,,0.1,r1', '']);
  });
  test('as Markdown says what drifted in bold, and keeps bars in their cells', () => {
    const text = reportMarkdown({ title: 'Drift: m', facts: ['model: a'], rows, windows: [window], doc: null, window, alerts: [alert('income drifted', {})] });
    expect(text).toContain('| a,b\\|c | \u2013 | **2** |');
    expect(text).toContain('| y | 0.1 | cannot tell |');
    expect(text).toContain('| income drifted | warning | open |');
  });
});

describe('the state', () => {
  test('is read whatever was kept', () => {
    fc.assert(fc.property(fc.anything(), (saved) => { expect(readPanelState(saved).part).toBeTypeOf('string'); }));
    expect(readPanelState({ source: { monitor: 'a' }, part: 'nothing', share: 7, drafts: { x: 'y' } })).toMatchObject({ source: { monitor: 'a' }, part: 'column', share: 0.44, drafts: { x: 'y' } });
  });
  test('of another monitor keeps only how things are looked at', () => {
    const before = readPanelState({ source: { monitor: 'a' }, column: 'x', result: 'r', filter: 'f', measure: 'ks', drafts: { x: 'y' } });
    expect(stateFor(before, { monitor: 'b' })).toMatchObject({ source: { monitor: 'b' }, column: null, result: null, filter: '', measure: 'ks', drafts: {} });
    expect(stateFor(before, { monitor: 'a' })).toBe(before);
  });
});
