/** From a place in a scalar's value to the place in the YAML that was typed for it. Pure. Source: YAML 1.2.2, chapters 5.7 (escapes), 7.3 and 8.1 (folding). */

/** How many characters an escape of a double-quoted scalar takes, by the one after its backslash; 2 else. */
const LONG: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/**
 * For each character of `value` (UTF-16 units) the offset in `source` of what stands for it; one more entry for the end. `source` is the
 * scalar as typed, with its quotes, or the `|` and `>` line of a block. A line break that was folded into a space stands for that space.
 */
export function offsetsOf(source: string, value: string, type: string): number[] {
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const block = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  let at = quoted ? 1 : block ? source.indexOf('\n') + 1 : 0;
  const offsets: number[] = [];
  for (const [i, wanted] of units(value)) {
    if (isSpace(wanted)) {
      // Of a folded break the value has one space, or fewer line breaks than there were.
      offsets[i] = at;
      at = pastSpace(source, { at, exact: value[i + 1] !== undefined && isSpace(value[i + 1] ?? '') && source[at] === wanted });
      continue;
    }
    while (at < source.length && isSpace(source[at] ?? '')) at++;
    if (type === 'QUOTE_DOUBLE' && source[at] === '\\') {
      // A backslash at the end of a line only joins it with the next.
      while (source[at] === '\\' && /[\r\n]/.test(source[at + 1] ?? '')) at = pastSpace(source, { at: at + 1, exact: false });
      offsets[i] = at;
      // One escape gives both halves of a character beyond U+FFFF, unless it is a half itself.
      if (source[at + 1] === 'U' && /[\ud800-\udbff]/.test(wanted)) continue;
      at += source[at] === '\\' ? LONG[source[at + 1] ?? ''] ?? 2 : 1;
      continue;
    }
    offsets[i] = at;
    at += type === 'QUOTE_SINGLE' && source.startsWith("''", at) ? 2 : 1;
  }
  offsets.push(Math.min(at, source.length));
  return offsets;
}

const isSpace = (c: string): boolean => c === ' ' || c === '\t' || c === '\n' || c === '\r';

function pastSpace(source: string, { at, exact }: { at: number; exact: boolean }): number {
  if (exact) return at + 1;
  // Where the space was typed as an escape there is none to pass.
  if (source[at] === '\\') return at + (LONG[source[at + 1] ?? ''] ?? 2);
  while (at < source.length && isSpace(source[at] ?? '')) at++;
  return at;
}

function* units(text: string): Generator<[number, string]> {
  for (let i = 0; i < text.length; i++) yield [i, text[i] ?? ''];
}
