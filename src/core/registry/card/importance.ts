/** The permutation importance that is kept with an evaluation. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { describeError, systemCode } from '../../base/errors';
import type { Importance } from '../../../protocol/evaluation/result';
import type { RegistryContext } from '../types';

/** In the evaluation's folder: it goes with it. */
export const IMPORTANCE_FILE = 'importance.json';

const drop = z.object({ mean: z.number(), std: z.number() });
const importance = z.object({
  metric: z.string(), baseline: z.number().nullable(), repeats: z.number(), seed: z.number(), rows: z.number(),
  columns: z.array(drop.extend({ column: z.string() })), figures: z.record(z.string(), z.record(z.string(), drop)).default({}),
});

/** Null where none is kept, or what is kept can't be read: a card then says that there is none. */
export function keptImportance({ workspace, log }: Pick<RegistryContext, 'workspace' | 'log'>): (evaluation: string) => Promise<Importance | null> {
  return async (evaluation) => {
    const file = path.join(workspace, '.runyard', 'evaluations', evaluation, IMPORTANCE_FILE);
    try {
      return importance.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') log.warn(`${file} can't be read: ${describeError(error)}`);
      return null;
    }
  };
}
