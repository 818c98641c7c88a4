/** Help texts, made from what the commands say of themselves. */
import { GLOBAL_OPTIONS, type Command, type Options } from './command';

export function overview(commands: readonly Command[], version: string): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  return [
    `runyard ${version}: run experiments, keep every fact about them, compare them.`,
    '',
    'Usage: runyard COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`),
    '',
    'A RUN is an id, the start of one, a name, @last, or @best:metrics.KEY.',
    'runyard COMMAND --help says more of one. Exit status: 0 done, 1 the answer is no, 2 wrong use or bad input, 3 cannot tell, 130 interrupted.',
    '',
    'Example: runyard run -- python train.py --lr 0.1',
    '',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const own = Object.keys(command.options ?? {}).length > 0 ? ['', 'Options:', ...optionLines(command.options ?? {})] : [];
  return [
    `Usage: runyard ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`,
    ...(command.more ? ['', command.more] : []),
    ...own,
    '', 'Everywhere:', ...optionLines(GLOBAL_OPTIONS),
    '',
    `Example: ${command.example}`,
    '',
  ].join('\n');
}

function optionLines(options: Options): string[] {
  const left = Object.entries(options).map(([name, { value, short }]) => `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`);
  const widest = Math.max(...left.map((text) => text.length));
  return Object.values(options).map(({ help, many }, at) => `  ${(left[at] ?? '').padEnd(widest)}  ${help}${many ? ' (may be given again)' : ''}`);
}
