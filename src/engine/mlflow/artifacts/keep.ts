/** Files of no run, kept once by what is in them as runs' are: the same model logged a hundred times takes its room once. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describeError, RunyardError } from '../../../core/base/errors';
import { storeArtifact } from '../../../core/tracking/artifacts';
import type { MlflowContext } from '../context';

export interface Keeper {
  /** where uploads lie while they come */
  readonly uploads: string;
  /** Puts a file below .runyard/artifacts among the objects, soon. It stays where it is whatever comes of that. */
  keep(file: string): void;
  /** Resolves when all that was said so far is done. */
  settled(): Promise<void>;
}

/** What an earlier engine was receiving when it ended is taken away. */
export function createKeeper({ store, log }: Pick<MlflowContext, 'store' | 'log'>): Keeper {
  const uploads = path.join(store.dir, 'uploads');
  rmSync(uploads, { recursive: true, force: true });
  let chain = Promise.resolve();
  const keepOne = async (file: string): Promise<void> => {
    try {
      await storeArtifact(store.dir, file, path.join(store.dir, 'objects'));
    } catch (error) {
      // Deleted or written over since: what it is by then is kept by whoever wrote it.
      if (!(error instanceof RunyardError)) log.warn(`artifacts/${file} was not put among the objects: ${describeError(error)}`);
    }
  };
  return {
    uploads,
    keep(file) { chain = chain.then(() => keepOne(file)); },
    settled: () => chain,
  };
}
