/** A run's traces as a tree: what stands in each row, and what pointing at it tells. Pure. */
import type { SpanFacts, SpanRow, TraceDetail, TraceRow, TraceState } from '../../protocol/trace';
import { formatAgo, formatDuration, formatTime, shorten } from '../base/format';
import { escapeMarkdown, markdownTable } from '../base/markdown';

export interface TracesNode { kind: 'traces'; run: string; total: number }
export interface TraceNode { kind: 'trace'; row: TraceRow }
export interface SpanNode { kind: 'span'; trace: string; row: SpanRow; children: SpanNode[] }
/** The line below a page; `of` is the run or the span whose children it goes on with. */
export interface MoreOfNode { kind: 'more'; of: string; shown: number; total: number }
export type TraceTreeNode = TracesNode | TraceNode | SpanNode | MoreOfNode;

export interface Look { icon: string; color?: string; word: string }

/** The shape differs as well as the colour. */
export const traceLooks: Readonly<Record<TraceState, Look>> = {
  OK: { icon: 'pass-filled', color: 'charts.green', word: 'finished' },
  ERROR: { icon: 'error', color: 'charts.red', word: 'failed' },
  IN_PROGRESS: { icon: 'loading~spin', color: 'charts.blue', word: 'running' },
  STATE_UNSPECIFIED: { icon: 'circle-outline', word: 'not ended' },
};

const TYPE_ICONS: Readonly<Record<string, string>> = {
  LLM: 'sparkle', CHAT_MODEL: 'comment-discussion', CHAIN: 'link', AGENT: 'hubot', TOOL: 'tools', RETRIEVER: 'search', PARSER: 'json', EMBEDDING: 'symbol-array',
  RERANKER: 'list-ordered', MEMORY: 'history', WORKFLOW: 'type-hierarchy', TASK: 'tasklist', GUARDRAIL: 'shield', EVALUATOR: 'checklist',
};

/** A span that failed looks so, whatever it is. */
export const spanLook = ({ state, type }: SpanRow): Look =>
  (state === 'ERROR' ? { icon: 'error', color: 'charts.red', word: 'failed' } : { icon: TYPE_ICONS[type] ?? 'symbol-method', word: '' });

/** "850 µs", "2.4 ms", "106 ms", then as runs have it. */
export function formatSpan(seconds: number | null): string {
  if (seconds === null) return 'not ended';
  if (seconds < 1e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${seconds < 9.95e-3 ? (seconds * 1e3).toFixed(1) : Math.round(seconds * 1e3)} ms`;
  return formatDuration(seconds);
}

export const traceDescription = ({ state, took, started }: TraceRow, now: number): string =>
  [state === 'ERROR' ? '✗ failed' : state === 'OK' ? '' : traceLooks[state].word, took === null ? '' : formatSpan(took), formatAgo(started, now)].filter(Boolean).join(' · ');

export const spanDescription = ({ state, message, took, type }: SpanRow): string =>
  [state === 'ERROR' ? `✗ ${shorten(oneLine(message) || 'failed', 80)}` : '', formatSpan(took), type === 'UNKNOWN' ? '' : typeWord(type)].filter(Boolean).join(' · ');

const typeWord = (type: string): string => type.toLowerCase().replaceAll('_', ' ');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Spans under their parents, in the order that they come. One whose parent isn't there, or that is its own ancestor, is a root. */
export function spanTree(trace: string, rows: readonly SpanRow[]): SpanNode[] {
  const nodes = new Map(rows.map((row) => [row.id, { kind: 'span' as const, trace, row, children: [] as SpanNode[] }]));
  const roots: SpanNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.row.parent === null ? undefined : nodes.get(node.row.parent);
    if (parent === undefined || isWithin(nodes, node.row.id, node.row.parent)) roots.push(node);
    else parent.children.push(node);
  }
  return roots;
}

/** Whether going up from `at` leads to `id`; far up is taken as no. */
function isWithin(nodes: ReadonlyMap<string, SpanNode>, id: string, at: string | null): boolean {
  for (let steps = 0; at !== null && steps < 100; steps += 1) {
    if (at === id) return true;
    at = nodes.get(at)?.row.parent ?? null;
  }
  return false;
}

/** As many of a list as are wanted, and the line that brings more. */
export function page<T extends TraceTreeNode>(of: string, all: readonly T[], wanted: number): (T | MoreOfNode)[] {
  return all.length <= wanted ? [...all] : [...all.slice(0, wanted), { kind: 'more', of, shown: wanted, total: all.length }];
}

const LONGEST = 600;
const MOST = 12;

/** A block of code that no text in it can end. */
function block(title: string, text: string): string {
  const shown = shorten(pretty(text), LONGEST);
  const fence = '`'.repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${escapeMarkdown(title)}\n\n${fence}json\n${shown}\n${fence}`;
}

function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  } catch {
    return text; // not JSON: shown as it is
  }
}

export function traceTooltip({ id, name, state, started, took, request, response }: TraceRow, now: number): string {
  const look = traceLooks[state];
  return [
    `**${escapeMarkdown(name)}**`, `$(${look.icon}) ${[look.word, took === null ? '' : formatSpan(took), `${formatAgo(started, now)}, ${formatTime(started)}`].filter(Boolean).join(' · ')}`,
    request === '' ? '' : block('request', request), response === '' ? '' : block('response', response), escapeMarkdown(id),
  ].filter(Boolean).join('\n\n');
}

export function spanTooltip(row: SpanRow, facts: SpanFacts | undefined): string {
  const { name, type, state, message, started, took } = row;
  const blocks = [`**${escapeMarkdown(name)}**`, [type === 'UNKNOWN' ? '' : escapeMarkdown(typeWord(type)), formatSpan(took), formatTime(started)].filter(Boolean).join(' · ')];
  if (state === 'ERROR') blocks.push(`$(error) ${escapeMarkdown(shorten(message || 'failed', LONGEST))}`);
  if (!facts) return blocks.join('\n\n');
  if (facts.inputs !== null) blocks.push(block('inputs', facts.inputs));
  if (facts.outputs !== null) blocks.push(block('outputs', facts.outputs));
  const attributes = Object.entries(facts.attributes);
  if (attributes.length > 0) blocks.push(markdownTable(['attribute', 'value'], attributes.slice(0, MOST).map(([key, value]) => [key, shorten(oneLine(value), 80)])));
  if (attributes.length > MOST) blocks.push(`and ${attributes.length - MOST} more`);
  if (facts.events.length > 0) blocks.push(markdownTable(['event', 'after', 'what'], facts.events.slice(0, MOST).map((event) => [event.name, formatSpan(Math.max(0, event.t - started)), shorten(oneLine(event.attributes), 80)]), [1]));
  if (facts.events.length > MOST) blocks.push(`and ${facts.events.length - MOST} more`);
  return blocks.join('\n\n');
}

/** The whole trace as a document to read: spans within spans, values as what they are. */
export function traceDocument(trace: TraceDetail, rows: readonly (SpanRow & { facts?: SpanFacts })[]): string {
  const facts = new Map(rows.map((row) => [row.id, row.facts]));
  const span = ({ row, children }: SpanNode): object => {
    const said = facts.get(row.id);
    return {
      name: row.name, id: row.id, type: row.type, state: row.state, ...(row.message === '' ? {} : { message: row.message }), started: time(row.started), ms: row.took === null ? null : ms(row.took),
      ...(said?.inputs ? { inputs: value(said.inputs) } : {}), ...(said?.outputs ? { outputs: value(said.outputs) } : {}),
      ...(said && Object.keys(said.attributes).length > 0 ? { attributes: Object.fromEntries(Object.entries(said.attributes).map(([key, text]) => [key, value(text)])) } : {}),
      ...(said && said.events.length > 0 ? { events: said.events.map((event) => ({ name: event.name, t: time(event.t), attributes: value(event.attributes) })) } : {}),
      ...(children.length > 0 ? { spans: children.map(span) } : {}),
    };
  };
  const { id, name, state, started, took, request, response, tags, metadata, assessments } = trace;
  return `${JSON.stringify({
    name, id, state, started: time(started), ms: took === null ? null : ms(took), request: value(request), response: value(response), tags, metadata,
    ...(assessments.length > 0 ? { assessments: assessments.map((one) => ({ ...one, value: value(one.value) })) } : {}), spans: spanTree(id, rows).map(span),
  }, null, 2)}\n`;
}

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
const ms = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;
function value(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // not JSON: the text itself
  }
}
