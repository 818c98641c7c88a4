/** Pinned examples: lines of JSON beside runyard.yaml, versioned with the code, so that everybody and CI have them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { pinnedExample, type PinnedExample } from '../../protocol/evaluation/request';
import type { FileProblem } from '../../protocol/model';
import { describeError, systemCode } from '../base/errors';

export const PINNED_FILE = 'pinned-examples.jsonl';

/** `evaluation` is the name under which it is checked. */
const line = pinnedExample.extend({ evaluation: z.string().min(1) });
export type PinnedLine = z.input<typeof line>;
/** `line` counts from 1. Of several for one example the last one counts. */
export interface Pinned { evaluation: string; example: PinnedExample; line: number }
export interface LoadedPinned { pinned: Pinned[]; problems: FileProblem[] }

/** Never throws: no file is no examples, an unreadable one a problem. */
export function loadPinned(workspace: string): LoadedPinned {
  try {
    return parsePinned(readFileSync(join(workspace, PINNED_FILE), 'utf8'));
  } catch (error) {
    return { pinned: [], problems: systemCode(error) === 'ENOENT' ? [] : [problemAt(1, `can't be read: ${describeError(error)}`)] };
  }
}

/** Each bad line is a problem with its number; the others work. */
export function parsePinned(text: string): LoadedPinned {
  const found = new Map<string, Pinned>();
  const problems: FileProblem[] = [];
  for (const [i, typed] of linesOf(text).entries()) {
    if (typed.trim() === '') continue;
    const parsed = parseLine(typed);
    if (typeof parsed === 'string') problems.push({ ...problemAt(i + 1, parsed), endColumn: typed.length + 1 });
    else {
      const { evaluation, ...example } = parsed;
      found.set(keyOf(parsed), { evaluation, example, line: i + 1 });
    }
  }
  return { pinned: [...found.values()], problems };
}

/** The text with the line of this example in place of the ones it had, or at the end; all other lines as they were. */
export function withPin(text: string, pin: PinnedLine): string {
  const { kept, at } = without(text, pin);
  kept.splice(at ?? kept.length, 0, JSON.stringify(pin));
  return ended(kept, text);
}

/** The text without the example's lines; null where it has none. */
export function withoutPin(text: string, pin: Pick<PinnedLine, 'evaluation' | 'id'>): string | null {
  const { kept, at } = without(text, pin);
  return at === null ? null : ended(kept, text);
}

const keyOf = ({ evaluation, id }: Pick<PinnedLine, 'evaluation' | 'id'>): string => JSON.stringify([evaluation, id]);
const linesOf = (text: string): string[] => text.replace(/^\uFEFF/, '').split(/\r?\n/);
const problemAt = (at: number, message: string): FileProblem => ({ file: PINNED_FILE, line: at, column: 1, endLine: at, endColumn: 2, severity: 'error', message });

/** The line, or what is wrong with it. */
function parseLine(typed: string): z.output<typeof line> | string {
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch (error) {
    return `not JSON: ${describeError(error)}`;
  }
  const parsed = line.safeParse(value);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) => [...issue.path.map(String), issue.message.replace(/^Invalid input: /, '')].join(': ')).join('; ');
}

/** The lines that aren't the example's, and where its first one stood. */
function without(text: string, pin: Pick<PinnedLine, 'evaluation' | 'id'>): { kept: string[]; at: number | null } {
  let at: number | null = null;
  const lines = linesOf(text);
  if (lines.at(-1) === '') lines.pop();
  const kept = lines.filter((typed, i) => {
    const parsed = typed.trim() === '' ? '' : parseLine(typed);
    const same = typeof parsed !== 'string' && keyOf(parsed) === keyOf(pin);
    if (same) at ??= i;
    return !same;
  });
  return { kept, at };
}

function ended(lines: readonly string[], before: string): string {
  const end = /\r\n/.test(before) ? '\r\n' : '\n';
  return lines.map((one) => one + end).join('');
}
