/** How to search for slices, from the words of `slices`. */
import { RunyardError } from '../../core/base/errors';
import type { MethodParams } from '../../protocol/engine';
import { DISCOVER_MODES, discoverSettings, LOSSES } from '../../protocol/evaluation/request';
import type { Invocation } from '../command';
import { given as those, numberOf, oneOf, partsOf, unquoted } from './words';

type Words = Pick<Invocation, 'text' | 'texts' | 'flag' | 'whole'>;
export type Settings = NonNullable<MethodParams<'evaluations.discover'>['settings']>;

/** Throws bad_input that names the option and the range. */
export function settingsOf(words: Words): Settings {
  const whole = (option: string): number | undefined => (words.text(option) === undefined ? undefined : words.whole(option, { least: 0, otherwise: 1 }));
  const number = (option: string, example: string): number | undefined => {
    const text = words.text(option);
    return text === undefined ? undefined : numberOf(text, option, example);
  };
  const settings = those({
    mode: oneOf(words.text('mode'), 'mode', DISCOVER_MODES), loss: oneOf(words.text('loss'), 'loss', LOSSES),
    topK: whole('top'), depth: whole('depth'), minSupport: whole('min-support'), alpha: number('alpha', '0.95'), bins: whole('bins'), level: number('level', '0.05'), seed: whole('seed'),
    columns: columnsOf(words.texts('columns')), check: words.flag('no-check') ? false : undefined,
  });
  const checked = discoverSettings.safeParse(settings);
  if (checked.success) return settings;
  const [issue] = checked.error.issues;
  const option = OPTIONS[String(issue?.path[0])] ?? String(issue?.path[0]);
  throw new RunyardError('bad_input', `--${option} is out of range: ${issue?.message ?? ''}`, `see runyard slices --help`);
}

const OPTIONS: Readonly<Record<string, string>> = { topK: 'top', minSupport: 'min-support' };

/** `age=30;60,region`: columns with the edges of their bins, or without; a name with a comma or an equals sign goes in double quotes. */
function columnsOf(texts: readonly string[]): { column: string; edges?: number[] }[] | undefined {
  const parts = texts.flatMap(partsOf).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  return parts.map((part) => {
    const found = /^("(?:[^"]|"")*"|[^=]*)(?:=(.*))?$/s.exec(part);
    const column = unquoted(found?.[1] ?? '');
    if (column === '') throw new RunyardError('bad_input', `--columns ${part} names no column`, "write --columns 'age=30;60'");
    if (found?.[2] === undefined) return { column };
    const edges = found[2].split(';').map((edge) => numberOf(edge, 'columns', "'age=30;60'"));
    if (edges.some((edge, at) => at > 0 && edge <= (edges[at - 1] ?? Infinity))) throw new RunyardError('bad_input', `the edges of ${column} don't ascend`, 'write them from low to high');
    return { column, edges };
  });
}
