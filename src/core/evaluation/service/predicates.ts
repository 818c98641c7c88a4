/** Slices held against data sets: asked of the evaluator, and remembered as long as the files are the same, also by the next engine. */
import { mkdirSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { systemCode } from '../../base/errors';
import type { DataSpec, SliceSpec } from '../../../protocol/evaluation/request';
import type { JobResult } from '../process/jobs';
import { replaceText } from './text-files';

export type PredicateProblem = JobResult<'checkSlices'>['problems'][number];
export interface Predicates {
  /** What is wrong with each slice over these data, by the slice's name; without data only its grammar counts. Throws what opening the data throws. */
  check(data: DataSpec | null, slices: readonly SliceSpec[], signal?: AbortSignal): Promise<Map<string, PredicateProblem>>;
}
export interface PredicatesOptions {
  workspace: string;
  /** of the program that answers: another one may answer otherwise */
  program: string;
  /** where answers are kept */
  file: string;
  ask(data: DataSpec | null, slices: SliceSpec[], signal: AbortSignal | undefined): Promise<JobResult<'checkSlices'>>;
}

const answer = z.object({ message: z.string(), from: z.number(), to: z.number() }).nullable();
type Answer = z.output<typeof answer>;
const kept = z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), answer]))]));

/** Data sets whose answers are kept. */
const MOST = 50;

export function createPredicates({ workspace, program, file, ask }: PredicatesOptions): Predicates {
  const known = readKept(file);
  return {
    async check(data, slices, signal) {
      const key = JSON.stringify([await stampOf(program), data, data && await stampsOf(workspace, data)]);
      const answers = known.get(key) ?? new Map<string, Answer>();
      // A tagger's file may be another one at any time.
      const asked = slices.filter(({ where }) => where === undefined || !answers.has(where));
      const { problems } = asked.length > 0 ? await ask(data, asked, signal) : { problems: [] };
      const fresh = asked.filter(({ where }) => where !== undefined);
      for (const { name, where = '' } of fresh) answers.set(where, problems.find((one) => one.name === name) ?? null);
      known.delete(key);
      known.set(key, answers);
      for (const old of [...known.keys()].slice(0, -MOST)) known.delete(old);
      if (fresh.length > 0) keep(file, known);
      return new Map(slices.flatMap(({ name, where }): [string, PredicateProblem][] => {
        const problem = where === undefined ? problems.find((one) => one.name === name) : answers.get(where);
        return problem ? [[name, { ...problem, name }]] : [];
      }));
    },
  };
}

/** What can't be read is asked again. */
function readKept(file: string): Map<string, Map<string, Answer>> {
  try {
    const parsed = kept.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return new Map((parsed.data ?? []).map(([key, answers]) => [key, new Map(answers)]));
  } catch {
    return new Map(); // not there yet, or cut short
  }
}

function keep(file: string, known: ReadonlyMap<string, ReadonlyMap<string, Answer>>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  replaceText(file, JSON.stringify([...known].map(([key, answers]) => [key, [...answers]])));
}

/** When each file was changed last, and its size; of a glob those of the folder from which it looks. */
const stampsOf = (workspace: string, { files }: DataSpec): Promise<string[]> => Promise.all(files.map(async (file) => {
  const parts = path.resolve(workspace, file).split(path.sep);
  const glob = parts.findIndex((part) => /[*?[\]{}]/.test(part));
  if (glob < 0) return stampOf(parts.join(path.sep));
  const folder = parts.slice(0, glob).join(path.sep) || path.sep;
  const names = await namesIn(folder);
  return (await Promise.all(names.map(async (name) => `${name} ${await stampOf(path.join(folder, name))}`))).join('\n');
}));

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    return [systemCode(error)];
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return systemCode(error);
  }
}
