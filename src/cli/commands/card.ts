import { RunyardError } from '../../core/base/errors';
import type { CardProblem, CardReport } from '../../protocol/registry';
import { EXIT, type Command } from '../command';
import { placeOf, plural, versionOf } from '../registry/words';
import { visible, type Terminal } from '../terminal';

export const card: Command = {
  name: 'card',
  usage: 'NAME VERSION [-o FILE] [--check]',
  summary: "write a version's model card, its figures bound to their evidence; what people wrote in it is kept",
  more: 'What only a person can write is asked for in the file, and never invented.\nWith --check nothing is written. Exit status then: 0 the card is whole and fresh, 1 something is stale, missing or broken, or there is no card.',
  example: 'runyard card loan 3 --check',
  options: {
    output: { value: 'FILE', short: 'o', help: 'where the card is (default: cards/NAME-VERSION.md, or the folder that runyard.yaml names); - prints what it should say' },
    check: { help: 'only say what is stale or missing' },
  },
  words: { least: 2, most: 2, what: "a model's name and a version" },
  async run(call) {
    const [model = '', word = ''] = call.positionals;
    const [output, check] = [call.text('output'), call.flag('check')];
    if (output === '-' && (check || call.json)) throw new RunyardError('bad_input', `-o - and ${check ? '--check' : '--json'} don't go together`, 'name a file, or leave -o out');
    const client = await call.engine();
    const file = output === undefined || output === '-' ? {} : { file: placeOf(call, output) };
    const report = await client.request('registry.card', { model, version: versionOf(word), ...file, write: !check && output !== '-' });
    call.answer(report, () => {
      if (output === '-') call.io.out.write(report.text);
      else if (check) call.io.out.write(checkText(report, call.io.out));
      else call.io.err.write(writtenText(report));
    });
    return check && report.problems.length > 0 ? EXIT.no : EXIT.done;
  },
};

/** One line a problem, as compilers write them, so that editors find the place. */
export function checkText({ file, problems, stale }: CardReport, out: Terminal): string {
  if (problems.length === 0) return `${visible(file)} is whole, and every figure in it is fresh\n`;
  const colours: Record<CardProblem['kind'], 'yellow' | 'red' | 'dim'> = { stale: 'yellow', broken: 'red', missing: 'dim' };
  const lines = problems.map(({ line, column, kind, message }) => `${visible(file)}:${line}:${column}: ${out.paint(colours[kind], kind)}: ${visible(message)}`);
  const of = (kind: CardProblem['kind']): number => problems.filter((one) => one.kind === kind).length;
  const counts = [[stale, 'stale'], [of('missing'), 'missing'], [of('broken'), 'broken']].filter(([n]) => n !== 0).map(([n, word]) => `${n} ${word}`);
  return [...lines, counts.join(', '), ''].join('\n');
}

/** What became of the file, and what a person has to do. */
export function writtenText({ file, written, problems, missing }: CardReport): string {
  const left = problems.filter(({ kind, section }) => kind !== 'missing' || !missing.includes(section));
  return [
    `runyard: ${file} ${written ? 'is written' : 'is as it should be: nothing was written'}`,
    ...(missing.length === 0 ? [] : [`runyard: only a person can write ${plural(missing.length, 'section')} of it: ${missing.map((one) => one.replaceAll('-', ' ')).join(', ')}`]),
    ...left.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`), '',
  ].map(visible).join('\n');
}
