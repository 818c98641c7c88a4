import { RunyardError } from '../../core/base/errors';
import type { TextPair } from '../../protocol/engine';
import { EXIT, type Command, type Invocation } from '../command';
import { diffLines, excerpt } from '../line-diff';
import { visible } from '../terminal';

const PARTS = ['params', 'code', 'datasets', 'environment', 'command'] as const;

export const diff: Command = {
  name: 'diff',
  usage: 'RUN RUN [--only PART]',
  summary: 'show in what two runs differ: params, code, datasets, environment, command',
  example: 'runyard diff @best:metrics.val_auc @last --only code',
  options: { only: { value: 'PART', many: true, help: `one of ${PARTS.join(', ')}` } },
  words: { least: 2, most: 2, what: 'two runs' },
  async run(call) {
    const only = call.texts('only');
    const odd = only.find((part) => !(PARTS as readonly string[]).includes(part));
    if (odd !== undefined) throw new RunyardError('bad_input', `--only ${odd} is no part of a run`, `write one of ${PARTS.join(', ')}`);
    const client = await call.engine();
    const [left = '', right = ''] = call.positionals;
    const found = await client.request('runs.diff', { left, right });
    const parts = PARTS.filter((part) => only.length === 0 || only.includes(part));
    call.answer(Object.fromEntries(parts.map((part) => [part, found[part]])), () => {
      const different = parts.filter((part) => writePair(call, found[part]));
      if (different.length === 0) call.io.err.line('No difference.');
    });
    return EXIT.done;
  },
};

function writePair({ io: { out } }: Invocation, { title, leftName, rightName, left, right }: TextPair): boolean {
  if (left === right) return false;
  const lines = (text: string): string[] => text.split('\n');
  out.line(out.paint('bold', visible(title)));
  out.line(out.paint('red', `--- ${visible(leftName)}`));
  out.line(out.paint('green', `+++ ${visible(rightName)}`));
  for (const line of excerpt(diffLines(lines(left), lines(right)))) {
    const shown = visible(line);
    out.line(line.startsWith('+') ? out.paint('green', shown) : line.startsWith('-') ? out.paint('red', shown) : shown);
  }
  out.line();
  return true;
}
