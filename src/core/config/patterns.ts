/** Regular expressions that a person wrote, compiled so that a bad one is a sentence and a slow one can't be written by accident. */
const LONGEST = 500;

export type Compiled = { ok: true; pattern: RegExp } | { ok: false; problem: string };

/**
 * Compiles a pattern of `output.patterns`. It needs the named groups `key` and `value`, and may have `step`.
 * A repeated group that holds a repetition, as in `(a+)+`, is refused: such patterns can take exponential time on one line.
 */
export function compilePattern(text: string): Compiled {
  if (text.length > LONGEST) return { ok: false, problem: `the pattern is longer than ${LONGEST} characters` };
  let pattern: RegExp;
  try {
    pattern = new RegExp(text, 'g');
  } catch (error) {
    return { ok: false, problem: `not a regular expression: ${error instanceof Error ? error.message : String(error)}` };
  }
  for (const group of ['key', 'value']) {
    if (!text.includes(`(?<${group}>`)) return { ok: false, problem: `the pattern has no group (?<${group}>...)` };
  }
  if (repeatsARepetition(text)) return { ok: false, problem: 'the pattern repeats a group that holds a repetition, as in (a+)+, which can take for ever' };
  return { ok: true, pattern };
}

/** Whether an unbounded quantifier follows a group in which another one stands. Escapes and character classes are passed over. */
function repeatsARepetition(text: string): boolean {
  const open: boolean[] = [];
  let inClass = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') { i++; continue; }
    if (inClass) { inClass = c !== ']'; continue; }
    if (c === '[') inClass = true;
    else if (c === '(') open.push(false);
    else if (c === ')') {
      const repeats = open.pop() ?? false;
      const quantified = unbounded(text.slice(i + 1));
      if (repeats && quantified) return true;
      if ((repeats || quantified) && open.length > 0) open[open.length - 1] = true;
    } else if (unbounded(text.slice(i)) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

const unbounded = (rest: string): boolean => /^(?:[*+]|\{\d+,\})/.test(rest);
