/** Words of options to numbers, lists and pairs. All of them throw bad_input that names the option. */
import { RunyardError } from '../../core/base/errors';
import type { Invocation } from '../command';

/** What of a command line an evaluation is made from. */
export type Given = Pick<Invocation, 'text' | 'texts' | 'flag' | 'whole' | 'positionals' | 'rest' | 'workspace'> & { cwd: string; exists(file: string): boolean };

export function numberOf(text: string, option: string, example: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new RunyardError('bad_input', `--${option} ${text} isn't a number`, `write --${option} ${example}`);
  return value;
}

export const optionalNumber = (given: Given, option: string, example: string): number | undefined => {
  const text = given.text(option);
  return text === undefined ? undefined : numberOf(text, option, example);
};

/** `a, b` to its parts; `"a, b"` in double quotes is one (a quote in it is doubled). An empty one is refused. */
export function listOf(text: string, option: string): string[] {
  const parts = partsOf(text);
  if (parts.some((part) => part === '')) throw new RunyardError('bad_input', `--${option} ${text} has an empty part`, `write --${option} a,b`);
  return parts.map(unquoted);
}

/** Parted at the commas that stand outside double quotes. */
export const partsOf = (text: string): string[] => atCommas(text).map((part) => part.trim());
const atCommas = (text: string): string[] => text.match(PART)?.map((part) => part.replace(/^,/, '')) ?? [];
/** A quote opens only at a part's start: in `c"d` it is a letter; an open one is a letter too. */
const PART = /(?:^|,)\s*(?:"(?:[^"]|"")*"(?=\s*(?:[,=]|$))[^,]*|[^,]*)/g;
export const unquoted = (part: string): string => (/^".*"$/s.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part);

/**
 * `k=v,k2=v2` to pairs. A comma without an `=` after it belongs to the name that follows: `a, b=int` is the column 'a, b'; a name in double quotes may hold anything.
 * `at`: which `=` parts a name that isn't quoted from its value.
 */
export function pairsOf(text: string, option: string, at: 'first' | 'last' = 'first'): [string, string][] {
  const parts: string[] = [];
  let held = '';
  for (const part of atCommas(text)) {
    held += held === '' ? part : `,${part}`;
    if (!part.trim().replace(QUOTED, '').includes('=')) continue;
    parts.push(held);
    held = '';
  }
  if (held !== '' || parts.length === 0) throw new RunyardError('bad_input', `--${option} ${text} is no list of NAME=VALUE`, `write --${option} name=value,name=value`);
  return parts.map((untrimmed) => {
    const part = untrimmed.trim();
    const quoted = QUOTED.exec(part)?.[0] ?? '';
    const equals = quoted !== '' ? quoted.length : at === 'first' ? part.indexOf('=') : part.lastIndexOf('=');
    const pair: [string, string] = [unquoted(part.slice(0, equals).trim()), part.slice(equals + 1).trim()];
    if (pair[0] === '') throw new RunyardError('bad_input', `--${option} ${text} has no name before an =`, `write --${option} name=value`);
    return pair;
  });
}
/** A whole name in double quotes, up to its `=`. */
const QUOTED = /^"(?:[^"]|"")*"(?==)/;

/** An option's text that has to be one of these words. */
export function oneOf<T extends string>(text: string | undefined, option: string, words: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found === undefined) throw new RunyardError('bad_input', `--${option} ${text} is none of ${words.join(', ')}`, `write --${option} ${words[0] ?? ''}`);
  return found;
}

/** A record without what was not given. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
