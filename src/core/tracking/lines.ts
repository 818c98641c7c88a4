/** Lines of a spool to events. A line that isn't one becomes a problem with its place, and the next line goes on. */
import type { ProblemRow } from '../../protocol/model';
import { spoolEvent, type SpoolEvent } from '../../protocol/spool';
import { describeError } from '../base/errors';
import { artifactPathProblem } from './artifacts';

export interface ParsedLines {
  events: SpoolEvent[]; problems: ProblemRow[];
}

/** More problems in one batch are counted, not kept: a binary file by that name must not fill the store. */
const MOST_PROBLEMS = 50;

/** `text` holds whole lines; `first` is the number (1-based) of its first one. Empty lines say nothing. */
export function parseLines(text: string, file: string, first: number): ParsedLines & { lines: number } {
  const parsed: ParsedLines = { events: [], problems: [] };
  let lines = 0;
  let more = 0;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    lines++;
    if (line === '') continue;
    const problem = parseLine(line, parsed);
    if (problem === null) continue;
    if (parsed.problems.length < MOST_PROBLEMS) parsed.problems.push({ file, line: first + lines - 1, text: problem });
    else more++;
  }
  const last = parsed.problems.at(-1);
  if (more > 0 && last) last.text += ` (and ${more} more lines up to ${first + lines - 1})`;
  return { ...parsed, lines };
}

/** What is wrong with the line, or null. */
function parseLine(line: string, into: ParsedLines): string | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `not JSON: ${describeError(error).slice(0, 120)}`;
  }
  if (isPlainMetric(value)) {
    into.events.push(value);
    return null;
  }
  const event = spoolEvent.safeParse(value);
  if (!event.success) {
    const issue = event.error.issues[0];
    return `not an event: ${[...issue?.path ?? []].join('.') || 'the line'}: ${issue?.message ?? ''}`.slice(0, 300);
  }
  if (event.data.e === 'artifact') {
    const problem = artifactPathProblem(event.data.path);
    if (problem) return problem;
  }
  into.events.push(event.data);
  return null;
}

type Metric = Extract<SpoolEvent, { e: 'm' }>;
const WORDS = new Set<unknown>(['NaN', 'Infinity', '-Infinity']);

/** The schema of a metric's line by hand: a spool is nearly all such lines, and this is several times quicker. */
function isPlainMetric(value: unknown): value is Metric {
  if (typeof value !== 'object' || value === null) return false;
  const { e, t, s, m, model, dataset } = value as Record<string, unknown>;
  if (e !== 'm' || model !== undefined || dataset !== undefined || typeof t !== 'number' || !(s === undefined || Number.isSafeInteger(s)) || typeof m !== 'object' || m === null || Array.isArray(m)) return false;
  const values = m as Record<string, unknown>;
  for (const key in values) {
    const one = values[key];
    if (typeof one === 'number' ? !Number.isFinite(one) : !WORDS.has(one)) return false;
  }
  return true;
}
