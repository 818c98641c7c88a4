/** Slices' predicates held against data sets: asked of the evaluator, and remembered as long as the files are the same. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../base/errors';
import type { DataSpec, SliceSpec } from '../../../protocol/evaluation/request';
import type { JobResult } from '../process/jobs';

export type PredicateProblem = JobResult<'checkSlices'>['problems'][number];
export interface Predicates {
  /** What is wrong with each slice's predicate over these data, by the slice's name; without data only its grammar counts. Throws what opening the data throws. */
  check(data: DataSpec | null, slices: readonly SliceSpec[], signal?: AbortSignal): Promise<Map<string, PredicateProblem>>;
}
type Ask = (data: DataSpec | null, slices: SliceSpec[], signal: AbortSignal | undefined) => Promise<JobResult<'checkSlices'>>;

/** Data sets whose answers are kept. */
const MOST = 50;

export function createPredicates(workspace: string, ask: Ask): Predicates {
  const known = new Map<string, Map<string, PredicateProblem | null>>();
  return {
    async check(data, slices, signal) {
      const key = JSON.stringify([data, data && await stampsOf(workspace, data)]);
      const answers = known.get(key) ?? new Map<string, PredicateProblem | null>();
      const asked = slices.filter(({ where }) => where !== undefined && !answers.has(where));
      if (asked.length > 0) {
        const { problems } = await ask(data, asked, signal);
        for (const { name, where = '' } of asked) answers.set(where, problems.find((one) => one.name === name) ?? null);
      }
      known.delete(key);
      known.set(key, answers);
      for (const old of [...known.keys()].slice(0, -MOST)) known.delete(old);
      return new Map(slices.flatMap(({ name, where }): [string, PredicateProblem][] => {
        const problem = where === undefined ? null : answers.get(where);
        return problem ? [[name, { ...problem, name }]] : [];
      }));
    },
  };
}

/** When each file was changed last, and its size; of a glob the folder from which it looks. */
async function stampsOf(workspace: string, { files }: DataSpec): Promise<string[]> {
  return Promise.all(files.map(async (file) => {
    const parts = path.resolve(workspace, file).split(path.sep);
    const glob = parts.findIndex((part) => /[*?[\]{}]/.test(part));
    try {
      const facts = await stat(glob < 0 ? parts.join(path.sep) : parts.slice(0, glob).join(path.sep) || path.sep);
      return `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
    } catch (error) {
      return systemCode(error);
    }
  }));
}
