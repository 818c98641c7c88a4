/** What the engine says in the words of runyard.yaml, said in those of the command line. */
import { RunyardError } from '../../core/base/errors';

const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
const WORDS: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [new RegExp(String.raw`mapping: \{inputs: \{${quoted}: \{columns: \[\.\.\.\]\}\}\}`, 'g'), (_, name = '') => `--input ${name}=COLUMN,...`],
  [new RegExp(String.raw`types: \{(?:${quoted}|([^:}"]+)): (\w+)\}`, 'g'), (_, name, plain, type) => `--types ${name ?? plain ?? ''}=${type ?? ''}`],
  [/predictions: \{column: \.\.\.\}/g, () => '--predictions COLUMN'],
  [/\{probabilities: \.\.\.\}/g, () => '--probabilities COLUMN'],
  [/mapping: \{label, scores\}/g, () => '--label-output or --scores-output'],
  [/\((classes|collected)\)/g, (_, option) => `(--${option ?? ''})`],
  [/\(maxAgeDays\)/g, () => '(--max-age)'],
  [/\(mapping\)/g, () => '(--label-output)'],
  [/\bmaxAgeDays:/g, () => '--max-age:'],
];

export const inOptions = (text: string): string => WORDS.reduce((said, [words, option]) => said.replace(words, option), text);

/** The same error with its way out in options; anything else as it is. */
export function saidInOptions(error: unknown): unknown {
  if (!(error instanceof RunyardError)) return error;
  const [message, hint] = [inOptions(error.message), inOptions(error.hint)];
  return message === error.message && hint === error.hint ? error : new RunyardError(error.code, message, hint, { cause: error });
}
