import { describe, expect, test } from 'vitest';
import type { SpanRow, TraceDetail, TraceRow } from '../../../../src/protocol/trace';
import { formatSpan, page, spanDescription, spanLook, spanTooltip, spanTree, traceDescription, traceDocument, traceTooltip, type SpanNode } from '../../../../src/extension/views/trace-nodes';

const span = (over: Partial<SpanRow> = {}): SpanRow => ({ id: 'a', parent: null, name: 'step', type: 'UNKNOWN', state: 'OK', message: '', started: 1000, took: 0.5, ...over });
const trace = (over: Partial<TraceRow> = {}): TraceRow => ({ id: 'tr-1', name: 'answer', state: 'OK', started: 1000, took: 1.25, request: '', response: '', ...over });
const names = (nodes: readonly SpanNode[]): unknown[] => nodes.map(({ row, children }) => (children.length > 0 ? [row.name, names(children)] : row.name));

describe('the tree', () => {
  test('puts spans under their parents, in the order that they come', () => {
    const rows = [span({ id: 'a', name: 'root' }), span({ id: 'c', parent: 'a', name: 'second' }), span({ id: 'b', parent: 'a', name: 'first' }), span({ id: 'd', parent: 'b', name: 'deep' })];
    expect(names(spanTree('tr-1', rows))).toEqual([['root', ['second', ['first', ['deep']]]]]);
  });

  test('shows a span whose parent is not there, and one that is its own ancestor', () => {
    expect(names(spanTree('t', [span({ id: 'a', parent: 'gone', name: 'lost' })]))).toEqual(['lost']);
    const ring = spanTree('t', [span({ id: 'a', parent: 'b', name: 'a' }), span({ id: 'b', parent: 'a', name: 'b' }), span({ id: 's', parent: 's', name: 'self' })]);
    expect(names(ring).flat(3).sort()).toEqual(['a', 'b', 'self']);
  });

  test('holds a trace that is ten thousand deep', () => {
    const deep = Array.from({ length: 10_000 }, (_, n) => span({ id: `s${n}`, parent: n === 0 ? null : `s${n - 1}` }));
    expect(spanTree('t', deep)).toHaveLength(1);
  });

  test('ends a page with the line that brings more, where there is more', () => {
    const nodes = spanTree('t', [span({ id: 'a' }), span({ id: 'b' }), span({ id: 'c' })]);
    expect(page('t', nodes, 3)).toHaveLength(3);
    expect(page('t', nodes, 2).at(-1)).toEqual({ kind: 'more', of: 't', shown: 2, total: 3 });
  });
});

describe('a row', () => {
  test.each([[0.00042, '420 µs'], [0.00246, '2.5 ms'], [0.01, '10 ms'], [0.0854, '85 ms'], [0.9996, '1.0 s'], [75, '1 min 15 s'], [null, 'not ended'], [0, '0 µs']])('%s s is %s', (seconds, text) => {
    expect(formatSpan(seconds)).toBe(text);
  });

  test('of a trace says how it ended, how long it took, and when', () => {
    expect(traceDescription(trace(), 1300)).toBe('1.3 s · 5 min ago');
    expect(traceDescription(trace({ state: 'ERROR', took: 0.01 }), 1300)).toBe('✗ failed · 10 ms · 5 min ago');
    expect(traceDescription(trace({ state: 'IN_PROGRESS', took: null }), 1001)).toBe('running · just now');
  });

  test('of a span that failed has a sign, its reason on one line, and its own icon', () => {
    const failed = span({ state: 'ERROR', message: 'KeyError:\n  no such key', took: 0.001, type: 'TOOL' });
    expect(spanDescription(failed)).toBe('✗ KeyError: no such key · 1.0 ms · tool');
    expect(spanLook(failed)).toMatchObject({ icon: 'error', color: 'charts.red' });
    expect(spanLook(span({ type: 'CHAT_MODEL' })).icon).toBe('comment-discussion');
    expect(spanLook(span({ type: 'of their own' })).icon).toBe('symbol-method');
  });
});

describe('a tooltip', () => {
  test('shows what strangers wrote as the text that it is', () => {
    const text = spanTooltip(span({ name: '[x](command:evil) <img>', state: 'ERROR', message: '**bold** $(zap)' }), {
      inputs: JSON.stringify('```\n[y](command:evil)'), outputs: null, attributes: { 'a|b': '<script>' }, events: [{ name: '*e*', t: 1000.001, attributes: '{}' }],
    });
    expect(text).not.toContain('[x](command');
    expect(text).not.toContain('<img>');
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('**bold**');
    expect(text).toContain('\\$\\(zap\\)');
    // The text's own fence doesn't end the block that it stands in.
    expect(text).toMatch(/````json\n```\n\[y\]\(command:evil\)\n````/);
  });

  test('is cut where values are long or many', () => {
    const attributes = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`key ${n}`, 'x'.repeat(1000)]));
    const text = spanTooltip(span(), { inputs: JSON.stringify('y'.repeat(100_000)), outputs: JSON.stringify('z'.repeat(100_000)), attributes, events: [] });
    expect(text.length).toBeLessThan(6000);
    expect(text).toContain('and 28 more');
  });

  test('of a trace has its request and response', () => {
    expect(traceTooltip(trace({ request: '{"q": 1}', response: '"yes"' }), 1300)).toMatch(/request[\s\S]*"q": 1[\s\S]*response[\s\S]*yes[\s\S]*tr\\-1/);
  });
});

test('the document has spans within spans, values as what they are, and no text is lost', () => {
  const detail: TraceDetail = { ...trace({ request: '{"q": 1}', response: 'not json' }), experiment: '0', metadata: {}, tags: { a: 'b' }, assessments: [{ name: 'good', kind: 'feedback', value: 'true', rationale: 'r', source: 'HUMAN' }] };
  const long = 'x'.repeat(50_000);
  const text = traceDocument(detail, [span({ id: 'a', name: 'root' }), { ...span({ id: 'b', parent: 'a', name: 'leaf', took: null }), facts: { inputs: JSON.stringify({ long }), outputs: '[1, 2]', attributes: { n: '5' }, events: [] } }]);
  expect(JSON.parse(text)).toMatchObject({
    name: 'answer', ms: 1250, request: { q: 1 }, response: 'not json', assessments: [{ name: 'good', value: true }],
    spans: [{ name: 'root', ms: 500, spans: [{ name: 'leaf', ms: null, inputs: { long }, outputs: [1, 2], attributes: { n: 5 } }] }],
  });
});
