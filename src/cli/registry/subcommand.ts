/** Commands below a command: `models register ...`. */
import { RunyardError } from '../../core/base/errors';
import { nearest } from '../../core/base/nearest';
import type { Invocation, Options } from '../command';

export interface Subcommand {
  name: string;
  /** after the name in the usage line */
  usage: string;
  summary: string;
  options?: Options;
  words: { least: number; most: number; what: string };
  /** `words`: what stands after the subcommand's name */
  run(call: Invocation, words: readonly string[]): Promise<number>;
}

/** The options of all of them, each saying to which it belongs. One that several have says what the first says of it. */
export function optionsOf(all: readonly Subcommand[]): Options {
  const owners = new Map<string, string[]>();
  for (const { name, options = {} } of all) for (const option of Object.keys(options)) owners.set(option, [...(owners.get(option) ?? []), name]);
  const specs = Object.assign({}, ...[...all].reverse().map(({ options }) => options ?? {})) as Options;
  return Object.fromEntries([...owners].map(([option, names]) => {
    const spec = specs[option];
    return [option, { ...spec, help: `${names.join(', ')}: ${spec?.help ?? ''}` }];
  }));
}

/** The lines that help has of them. */
export function usageLines(command: string, all: readonly Subcommand[]): string {
  const left = all.map(({ name, usage }) => `  ${command} ${name} ${usage}`.trimEnd());
  const widest = Math.max(...left.map((text) => (text.length > WIDE ? 0 : text.length)));
  return all.map(({ summary }, at) => ((left[at] ?? '').length > WIDE ? `${left[at] ?? ''}\n${' '.repeat(widest)}  ${summary}` : `${(left[at] ?? '').padEnd(widest)}  ${summary}`)).join('\n');
}
const WIDE = 60;

/** Runs the one that the first word names. Throws bad_input for another word, for words too few or too many, for an option of another one. */
export function runSubcommand(call: Invocation, command: string, all: readonly Subcommand[]): Promise<number> {
  const [name = '', ...words] = call.positionals;
  const found = all.find((one) => one.name === name);
  if (!found) {
    const near = nearest(name, all.map((one) => one.name));
    throw new RunyardError('bad_input', `${command} has no ${name}`, near ? `did you mean ${command} ${near}?` : `${all.some((one) => one.name === 'show') ? `write ${command} show ${name}, or ` : ''}see runyard ${command} --help`);
  }
  const right = `write: runyard ${command} ${found.name} ${found.usage}`.trimEnd();
  checkOptions(call, { command, found, all });
  if (words.length < found.words.least) throw new RunyardError('bad_input', `${command} ${name} needs ${found.words.what}`, right);
  if (words.length > found.words.most) throw new RunyardError('bad_input', `${command} ${name} doesn't take ${words.slice(found.words.most).join(' ')}`, right);
  return found.run(call, words);
}

/** `found` null: none of them was named. */
export function checkOptions(call: Invocation, { command, found, all }: { command: string; found: Subcommand | null; all: readonly Subcommand[] }): void {
  for (const option of Object.keys(optionsOf(all))) {
    if (!call.flag(option) || Object.hasOwn(found?.options ?? {}, option)) continue;
    const owners = all.filter(({ options = {} }) => Object.hasOwn(options, option)).map(({ name }) => `${command} ${name}`);
    throw new RunyardError('bad_input', `${[command, found?.name].filter(Boolean).join(' ')} takes no --${option}`, `it belongs to ${owners.join(' and ')}`);
  }
}
