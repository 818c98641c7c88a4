/** From words to a command that ran: finds it, parses, runs it, and says what went wrong. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describeError, RunyardError } from '../core/base/errors';
import type { EngineClient } from '../engine/client/client';
import { EXIT, GLOBAL_OPTIONS, type Command, type Invocation, type Io } from './command';
import { commands } from './commands/all';
import { commandHelp, overview } from './help';
import { nearest } from '../core/base/nearest';
import { parseWords, type Parsed } from './parse';

/** Runs one command line and gives its exit status. Never throws: what goes wrong is said on standard error (or as JSON). */
export async function runProgram(words: readonly string[], io: Io): Promise<number> {
  const before = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
  try {
    return await dispatch(words, io);
  } catch (error) {
    tell(error, io, before.includes('--json'));
    return EXIT.wrongUse;
  }
}

async function dispatch(words: readonly string[], io: Io): Promise<number> {
  const [name, ...others] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const about = others.find((word) => !word.startsWith('-'));
    io.out.write(about === undefined ? overview(commands, io.version) : commandHelp(commandNamed(about)));
    return EXIT.done;
  }
  if (name === '--version') {
    io.out.line(io.version);
    return EXIT.done;
  }
  const command = commandNamed(name);
  const parsed = parseWords(others, { ...command.options, ...GLOBAL_OPTIONS });
  if (parsed.values.has('help')) {
    io.out.write(commandHelp(command));
    return EXIT.done;
  }
  checkWords(command, parsed);
  let client: Promise<EngineClient> | undefined;
  const call = invocation(parsed, io, (workspace) => (client ??= io.connect(workspace)));
  if (!call.found && !(typeof command.anywhere === 'function' ? command.anywhere(call) : command.anywhere)) {
    throw new RunyardError('not_found', `there is no Runyard store in ${call.workspace} or above it`, 'go to your workspace, or make one with `runyard init`');
  }
  try {
    return await command.run(call);
  } finally {
    if (client) (await client.catch(() => null))?.dispose();
  }
}

function commandNamed(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  if (name.startsWith('-')) throw new RunyardError('bad_input', `the command comes first, before ${name}`, 'see runyard --help');
  const near = nearest(name, commands.map((command) => command.name));
  throw new RunyardError('bad_input', `there is no command ${name}`, near ? `did you mean ${near}?` : 'see runyard --help');
}

function checkWords({ name, words, usage, takesRest }: Command, { positionals, rest }: Parsed): void {
  const right = `write: runyard ${name} ${usage}`;
  if (positionals.length < words.least) throw new RunyardError('bad_input', `${name} needs ${words.what}`, right);
  if (positionals.length > words.most && takesRest) {
    throw new RunyardError('bad_input', `a command to run comes after --, not as ${positionals.join(' ')}`, `write: runyard ${name} -- ${positionals.join(' ')}`);
  }
  const over = positionals.slice(words.most);
  if (over.length > 0) throw new RunyardError('bad_input', `${name} doesn't take ${over.join(' ')}`, right);
  if (rest !== null && !takesRest) throw new RunyardError('bad_input', `${name} takes nothing after --`, right);
}

function invocation(parsed: Parsed, io: Io, connect: (workspace: string) => Promise<EngineClient>): Invocation {
  const { values, positionals, rest } = parsed;
  const json = values.has('json');
  const place = findStore(path.resolve(io.cwd, values.get('workspace')?.[0] ?? '.'));
  return {
    io, json, positionals, rest, ...place,
    text: (name) => values.get(name)?.at(-1),
    texts: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
    whole(name, { least, otherwise }) {
      const given = values.get(name)?.at(-1);
      if (given === undefined) return otherwise;
      const number = Number(given);
      if (!/^\d+$/.test(given) || number < least) throw new RunyardError('bad_input', `--${name} ${given} isn't a whole number of at least ${least}`, `write --${name} ${Math.max(least, otherwise)}`);
      return number;
    },
    engine: () => connect(place.workspace),
    answer(document, plain) {
      if (json) io.out.line(JSON.stringify(document, null, 2));
      else plain();
    },
  };
}

/** Walks up to the nearest folder with a store or a runyard.yaml. */
function findStore(from: string): { workspace: string; found: boolean } {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (['.runyard', 'runyard.yaml', 'runyard.yml'].some((name) => existsSync(path.join(folder, name)))) return { workspace: folder, found: true };
    if (path.dirname(folder) === folder) return { workspace: from, found: false };
  }
}

function tell(error: unknown, io: Io, json: boolean): void {
  const { code, message, hint } = error instanceof RunyardError ? error : { code: 'internal', message: describeError(error), hint: 'look into .runyard/logs/engine.log' };
  if (json) io.out.line(JSON.stringify({ error: { code, message, hint } }, null, 2));
  else io.err.line(`runyard: ${message}${hint ? `: ${hint}` : ''}`);
}
