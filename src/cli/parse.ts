/** Words of a command line to options and positionals, with the nearest name where one is misspelt. */
import { RunyardError } from '../core/base/errors';
import type { Options } from './command';
import { nearest } from '../core/base/nearest';

export interface Parsed { values: Map<string, string[]>; positionals: string[]; rest: string[] | null }

/**
 * `--name value`, `--name=value`, `-n value`, switches, `--` and then what isn't ours. A value may begin with `-` only as
 * `--name=-1`. Throws bad_input naming the option and the nearest one there is.
 */
export function parseWords(words: readonly string[], options: Options): Parsed {
  const parsed: Parsed = { values: new Map(), positionals: [], rest: null };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      parsed.rest = words.slice(at + 1);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      parsed.positionals.push(word);
      continue;
    }
    const { name, value } = named(word, options);
    const spec = options[name];
    if (spec?.value === undefined) {
      if (value !== undefined) throw new RunyardError('bad_input', `--${name} takes no value`, `leave out '=${value}'`);
      keep(parsed, name, '');
      continue;
    }
    const next = value ?? words[++at];
    if (next === undefined || (value === undefined && /^--?[A-Za-z]/.test(next)) || (value === undefined && next === '--')) {
      throw new RunyardError('bad_input', `--${name} needs a value`, `write --${name} ${spec.value}`);
    }
    if (!spec.many && parsed.values.has(name)) throw new RunyardError('bad_input', `--${name} is given twice`, 'keep one');
    keep(parsed, name, next);
  }
  return parsed;
}

function keep(parsed: Parsed, name: string, value: string): void {
  parsed.values.set(name, [...(parsed.values.get(name) ?? []), value]);
}

function named(word: string, options: Options): { name: string; value?: string } {
  if (!word.startsWith('--')) {
    const found = Object.entries(options).find(([, spec]) => spec.short === word.slice(1, 2));
    if (!found) throw unknown(word, options);
    const value = word.slice(2).replace(/^=/, '');
    return value === '' ? { name: found[0] } : { name: found[0], value };
  }
  const equals = word.indexOf('=');
  const name = word.slice(2, equals < 0 ? undefined : equals);
  if (!Object.hasOwn(options, name)) throw unknown(`--${name}`, options);
  return equals < 0 ? { name } : { name, value: word.slice(equals + 1) };
}

function unknown(word: string, options: Options): RunyardError {
  const near = nearest(word.replace(/^-+/, ''), Object.keys(options));
  return new RunyardError('bad_input', `there is no option ${word}`, near ? `did you mean --${near}?` : 'see --help');
}

/** `k=v` words to a record. Throws bad_input where a word has no `=` or no name. */
export function pairs(words: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(words.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 1) throw new RunyardError('bad_input', `--${option} ${word} is no NAME=VALUE`, `write --${option} name=value`);
    return [word.slice(0, equals), word.slice(equals + 1)];
  }));
}
