/** What a command is, and what it is given. */
import type { Disposable } from '../core/base/disposable';
import type { EngineClient } from '../engine/client/client';
import type { Terminal } from './terminal';

export interface OptionSpec {
  /** what stands for the value in the help text; absent: a switch */
  value?: string;
  many?: boolean;
  short?: string;
  help: string;
}
export type Options = Readonly<Record<string, OptionSpec>>;

/** The process around a command, so that tests can be one. */
export interface Io {
  cwd: string;
  env: NodeJS.ProcessEnv;
  version: string;
  out: Terminal;
  err: Terminal;
  /** Calls back at each Ctrl-C (or SIGTERM) until disposed; then they end the process again. */
  onInterrupt(heard: () => void): Disposable;
  connect(workspace: string): Promise<EngineClient>;
}

export interface Invocation {
  io: Io;
  json: boolean;
  /** the folder of the nearest store or runyard.yaml upwards, else where it was looked from */
  workspace: string;
  /** whether there is a store or a runyard.yaml */
  found: boolean;
  positionals: string[];
  /** what came after `--`, or null where there was none */
  rest: string[] | null;
  text(name: string): string | undefined;
  texts(name: string): string[];
  flag(name: string): boolean;
  /** A whole number of an option. Throws bad_input. */
  whole(name: string, limits: { least: number; otherwise: number }): number;
  /** The workspace's engine, let go when the command is over. */
  engine(): Promise<EngineClient>;
  /** With --json the document on standard output; else what `plain` writes. */
  answer(document: object, plain: () => void): void;
}

export interface Command {
  name: string;
  /** after the name in the usage line */
  usage: string;
  summary: string;
  /** more lines for its own help, where the summary and the options don't say it all */
  more?: string;
  example: string;
  options?: Options;
  /** how many words it takes */
  words: { least: number; most: number; what: string };
  /** takes a command after `--` */
  takesRest?: boolean;
  /** works where there is no store yet */
  anywhere?: boolean | ((call: Pick<Invocation, 'positionals'>) => boolean);
  run(call: Invocation): Promise<number>;
}

/** Exit statuses, the same for every command. */
export const EXIT = { done: 0, no: 1, wrongUse: 2, cannotTell: 3, interrupted: 130 } as const;

export const GLOBAL_OPTIONS: Options = {
  workspace: { value: 'DIR', help: 'where to look for the store, upwards (default: the current folder)' },
  json: { help: 'one JSON document on standard output' },
  help: { short: 'h', help: 'this text' },
};
