/** A command in one text to its arguments, as a shell would part them; nothing is looked up or replaced. */
import { RunyardError } from '../../core/base/errors';

/** Single and double quotes and backslashes as in POSIX shells (in double quotes a backslash counts before `"`, `\`, `$` and a backquote only). Throws bad_input on an open quote. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1];
    if (quote === "'" ? char === "'" : quote === '"' && char === '"') quote = null;
    else if (quote === "'") word += char;
    else if (char === '\\' && next !== undefined && (quote === null || /["\\$`]/.test(next))) {
      word = (word ?? '') + next;
      at++;
    } else if (quote === null && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === null && /\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (quote !== null) throw new RunyardError('bad_input', `the command ${text} has an open ${quote}`, 'close it, or put the command after --');
  if (word !== null) words.push(word);
  return words;
}
