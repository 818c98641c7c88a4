/** Words as `evaluate` and `slices` get them, without an engine. */
import { parseWords } from '../../../../src/cli/parse';
import { evaluate } from '../../../../src/cli/commands/evaluate';
import { slices } from '../../../../src/cli/commands/slices';
import type { Given } from '../../../../src/cli/evaluation/words';

/** What the command line `line` gives; a word with a space goes in single quotes. `files`: the paths that are there. */
export function givenOf(line: string, { files = [], command = 'evaluate' }: { files?: readonly string[]; command?: 'evaluate' | 'slices' } = {}): Given {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const { values, positionals, rest } = parseWords(words, (command === 'evaluate' ? evaluate : slices).options ?? {});
  return {
    cwd: '/home/ana/loans/sub', workspace: '/home/ana/loans', positionals, rest, exists: (file) => files.includes(file),
    text: (name) => values.get(name)?.at(-1), texts: (name) => values.get(name) ?? [], flag: (name) => values.has(name),
    whole: (name, { otherwise }) => Number(values.get(name)?.at(-1) ?? otherwise),
  };
}
