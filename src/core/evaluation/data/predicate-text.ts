/** A predicate as text: places in it, and what is refused before it is parsed. */

/** What is wrong with a predicate, and where in its text: `from` to `to`, counted from 0 in UTF-16 units. */
export class PredicateFault extends Error {
  override readonly name = 'PredicateFault';
  constructor(message: string, readonly from: number, readonly to: number) {
    super(message);
  }
}

export const LONGEST = 10_000;
const PREFIX = 'SELECT ';
export const asStatement = (where: string): string => `${PREFIX}${where}`;

/** From DuckDB's byte offset in the statement to a place in the predicate; null where it names none. */
export function placeOf(where: string, offset: unknown): number | null {
  const at = Number(offset) - PREFIX.length;
  const bytes = Buffer.from(where);
  return Number.isInteger(at) && at >= 0 && at <= bytes.length ? bytes.subarray(0, at).toString().length : null;
}

/** The same for a syntax error, whose place DuckDB counts in code points. */
export function placeOfSign(where: string, position: unknown): number {
  const at = Number(position) - PREFIX.length;
  return Number.isInteger(at) && at >= 0 ? [...where].slice(0, at).join('').length : where.length;
}

/** Where the word, name, text, number or sign that begins here ends. */
export function tokenEnd(where: string, from: number): number {
  const rest = where.slice(from);
  const token = /^("(?:[^"]|"")*"|[eE]?'(?:[^']|'')*'|[\p{L}\p{N}_$][\p{L}\p{N}_$.]*|[^\s\p{L}\p{N}_'"()]+|.)/u.exec(rest)?.[0] ?? '';
  return from + token.length;
}

/** A literal number as it is written here, with its sign; null where something else stands. */
export function numberAt(where: string, from: number): string | null {
  return /^[-+]?\s*(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_.])/u.exec(where.slice(from))?.[0].replaceAll(/[\s_]/g, '') ?? null;
}

/** Refuses what has no place in a single expression: comments, a second statement, signs that nobody sees. */
export function checkText(where: string): void {
  if (where.trim() === '') throw new PredicateFault('it is empty', 0, where.length);
  if (where.length > LONGEST) throw new PredicateFault(`it is longer than ${LONGEST} signs`, LONGEST, where.length);
  const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u.exec(where);
  if (hidden) throw new PredicateFault('it holds a sign that nobody can see', hidden.index, hidden.index + 1);
  const parts = /"(?:[^"]|"")*"|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|--|\/\*|;|[^]/gs;
  for (const { 0: part, index } of where.matchAll(parts)) {
    if (part === '--' || part === '/*') throw new PredicateFault('a comment has no place in a predicate', index, index + 2);
    if (part === ';') throw new PredicateFault('a predicate is one expression: no semicolon', index, index + 1);
  }
}
