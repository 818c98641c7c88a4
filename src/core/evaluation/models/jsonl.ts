/** Rows as lines of JSON to a program that stays, and its lines back. */
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { allProcesses } from '../../tracking/process';
import type { Batch, Values } from '../data/types';
import { parseAnswer, type Answer } from './answers';
import type { Attempt } from './attempts';
import { startChild, type Child, type ChildOptions, type Ending } from './child';

export interface JsonlOptions extends ChildOptions { name: string; /** ms without an answer, and without work where that can be seen, after which its input is ended: it may be that which it waits for */ quiet: number }
export interface JsonlProgram extends AsyncDisposable {
  /** Answers to these lines, in their order. `last`: no more will come, and it is waited for its end. */
  ask(lines: readonly string[], last: boolean, signal?: AbortSignal): Promise<Attempt>;
}

/** Started at the first question, kept as long as it lives, and started again after that. */
export function jsonlProgram(options: JsonlOptions): JsonlProgram {
  let living: Living | null = null;
  // one that answers only once its input has ended is told so at once the next time
  let holdsBack = false;
  const end = async (): Promise<void> => {
    const gone = living;
    living = null;
    gone?.child.kill();
    await gone?.child.ended.catch(() => undefined);
  };
  return {
    async ask(lines, last, signal) {
      refuseStopped(signal, 'the evaluation was cancelled');
      living ??= start(options);
      const now = living;
      if (now.lines.length > 0) throw tooMany(options.name, now.lines);
      const stop = (): void => now.child.kill();
      signal?.addEventListener('abort', stop, { once: true });
      try {
        const ending = await converse(now, lines, { last: last || holdsBack, quiet: options.quiet });
        holdsBack ||= now.inputEnded;
        refuseStopped(signal, 'the evaluation was cancelled');
        if (ending) living = null;
        const came = now.lines.splice(0, lines.length);
        if (ending && now.lines.length > 0) throw tooMany(options.name, now.lines);
        return understood(options.name, came.map(parseAnswer), { rows: lines.length, ending, first: now.answered === 0 });
      } catch (error) {
        await end();
        throw error;
      } finally {
        signal?.removeEventListener('abort', stop);
        now.answered += lines.length;
      }
    },
    [Symbol.asyncDispose]: end,
  };
}

interface Living { child: Child; lines: string[]; answered: number; /** called at each sign of life */ stir: () => void; inputEnded: boolean }

function start(options: ChildOptions): Living {
  const child = startChild(options);
  const living: Living = { child, lines: [], answered: 0, stir: () => undefined, inputEnded: false };
  createInterface({ input: child.process.stdout, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() === '') return;
    living.lines.push(line);
    living.stir();
  });
  return living;
}

/** Writes the lines as fast as they are read, and waits for as many back, or for the program's end: null where it lives on. */
async function converse(living: Living, lines: readonly string[], { last, quiet }: { last: boolean; quiet: number }): Promise<Ending | null> {
  const { stdin } = living.child.process;
  let timer: NodeJS.Timeout | undefined;
  let written = false;
  let worked = workOf(living.child);
  const closeInput = (): void => { living.inputEnded = true; stdin.end(); };
  const enough = new Promise<null>((resolve) => {
    const idle = (): void => {
      const work = workOf(living.child);
      if (work !== null && work === worked) closeInput();
      else { worked = work; living.stir(); }
    };
    living.stir = () => {
      clearTimeout(timer);
      if (!written || living.inputEnded) return;
      if (living.lines.length >= lines.length) resolve(null);
      else timer = setTimeout(idle, quiet);
    };
  });
  try {
    const gone = living.child.ended.then(() => undefined, () => undefined);
    for (let at = 0; at < lines.length && !stdin.destroyed; at += 256) {
      if (stdin.write(`${lines.slice(at, at + 256).join('\n')}\n`)) continue;
      await Promise.race([once(stdin, 'drain').catch(() => undefined), gone]);
    }
    written = true;
    if (last) closeInput();
    living.stir();
    return await Promise.race([enough, living.child.ended]);
  } finally {
    clearTimeout(timer);
    living.stir = () => undefined;
  }
}

/** Processor time of a program and what it started, in ticks (Linux), or null where one of them would go on at once if it were let; elsewhere nothing can be seen and it seems idle. */
function workOf({ process: { pid } }: Child): number | null {
  const group = allProcesses().filter((stat) => stat.pgid === pid);
  return group.some(({ state }) => state === 'R' || state === 'D') ? null : group.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0);
}

interface Came { rows: number; ending: Ending | null; /** whether these are the first lines of this process */ first: boolean }

function understood(name: string, answers: Answer[], { rows, ending, first }: Came): Attempt {
  const stray = answers[0]?.stray;
  if (first && stray !== undefined) throw new RunyardError('bad_input', `${name} wrote '${stray}' where its first prediction is expected, which is no JSON`, 'print messages to standard error: standard output is for predictions, one line of JSON a row');
  const crashed = ending !== null && (ending.code !== 0 || ending.signal !== null);
  if (answers.length === rows || (crashed && answers.length < rows)) return { answers, crash: answers.length === rows ? null : ending };
  if (answers.length > 0 && answers.every(({ id }) => id !== undefined)) return { answers, crash: null };
  throw new RunyardError('bad_input', `${name} gave ${answers.length} answers to ${rows} rows and ended`, 'write one line for each row, in their order, or {"id": ...} in each line');
}

function tooMany(name: string, lines: readonly string[]): RunyardError {
  return new RunyardError('bad_input', `${name} wrote more lines than it was given rows, the last of them '${(lines.at(-1) ?? '').slice(0, 200)}'`, 'write one line for each row and nothing else on standard output: messages belong on standard error');
}

/** Answers where they belong: by their ids where they give them and these are unique, else in the order they came. */
export function placed(attempt: Attempt, ids: readonly string[]): Attempt {
  const { answers, crash } = attempt;
  if (answers.length === 0 || answers.some((answer) => answer?.id === undefined) || new Set(ids).size !== ids.length) return attempt;
  const byId = new Map(answers.map((answer) => [answer?.id, answer]));
  // after a crash, rows behind the last that was answered are still to be given
  const reach = crash ? 1 + ids.reduce((most, id, at) => (byId.has(id) ? at : most), -1) : ids.length;
  return { answers: ids.slice(0, reach).map((id) => byId.get(id)), crash };
}

/** A line of JSON for each row: the id, then the columns in their order. A missing value is null. */
export function linesOf(batch: Batch, columns: readonly string[], ids: readonly string[]): string[] {
  const names = columns.map((name) => JSON.stringify(name));
  const values = columns.map((name) => batch.columns[name]);
  const withId = !columns.includes('id');
  return Array.from({ length: batch.count }, (_, row) => {
    const parts = values.map((one, at) => `${names[at] ?? ''}:${one ? cell(one, row) : 'null'}`);
    return `{${[...(withId ? [`"id":${JSON.stringify(ids[row] ?? '')}`] : []), ...parts].join(',')}}`;
  });
}

function cell(values: Values, row: number): string {
  if (values.missing?.[row]) return 'null';
  if (values.type === 'bool') return values.values[row] ? 'true' : 'false';
  if (values.type === 'int') return values.big ? String(values.big[row]) : String(values.values[row]);
  if (values.type === 'float') return Number.isFinite(values.values[row]) ? String(values.values[row]) : 'null';
  return JSON.stringify(values.values[row]);
}
