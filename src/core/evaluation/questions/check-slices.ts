/** Which definitions of slices are wrong, and where in their text. */
import { RunyardError } from '../../base/errors';
import { openData } from '../data/open';
import { predicateProblem } from '../data/predicate';
import type { Data } from '../data/types';
import type { JobTable } from '../process/jobs';
import { findFunction } from './custom/place';

/** Predicates over the data's columns (without data they are only parsed), and taggers by whether their file is there. Nothing is run over the rows. */
export const checkSlices: JobTable['checkSlices'] = async ({ data: spec, slices, workspace, temp, memory }, { signal, progress }) => {
  await using data = spec && slices.some(({ where }) => where !== undefined) ? await openData(spec, { workspace, temp, signal, ...(memory !== undefined && { memory }) }) : undefined;
  const problems: { name: string; message: string; from: number; to: number }[] = [];
  for (const [at, { name, where, tagger }] of slices.entries()) {
    const problem = where === undefined ? await taggerProblem(tagger ?? '', workspace) : await predicateProblem((data as Data | undefined) ?? null, where);
    if (problem) problems.push({ name, ...problem });
    progress('looking at slices', at + 1, slices.length);
  }
  return { problems };
};

async function taggerProblem(tagger: string, workspace: string): Promise<{ message: string; from: number; to: number } | null> {
  try {
    await findFunction(tagger, workspace, 'python');
    return null;
  } catch (error) {
    if (!(error instanceof RunyardError)) throw error;
    return { message: error.message, from: 0, to: tagger.length };
  }
}
