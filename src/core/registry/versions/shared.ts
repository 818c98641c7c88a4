/** The folder for weights that runyard.yaml names: what is registered here is left there, for whoever asks for it elsewhere. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describeError, RunyardError } from '../../base/errors';
import type { FileFacts, VersionFacts } from '../../../protocol/registry';
import type { RegistryContext, Watching } from '../types';
import { unwatched } from './parts';
import { takeIn } from './take';
import { fileIn, hasAll, weightsDir } from './weights';
import type { FoundFile } from './walk';

const found = (folder: string, files: readonly FileFacts[]): FoundFile[] => files.map(({ path: name, size }) => ({ path: name, file: fileIn(folder, name), size }));

/** What hindered it, for a person to read: the version is registered whatever comes of this. */
export async function shareWeights({ workspace, loaded, log }: RegistryContext, { digest, files }: VersionFacts): Promise<string[]> {
  const { weights } = loaded().config.registry;
  if (weights === undefined) return [];
  const root = path.resolve(workspace, weights);
  if (hasAll(path.join(root, digest), files)) return [];
  try {
    await takeIn(found(path.join(weightsDir(workspace), digest), files), { root, watching: unwatched() }, (taken) => taken.keep());
    return [];
  } catch (error) {
    const note = `the files could not be left in ${weights}: ${describeError(error)}`;
    log.warn(note);
    return [note];
  }
}

/**
 * Brings a version's files here from the first place that has them: a folder that keeps them under their digest, another workspace, a folder with the files as they are, or
 * the file itself. Returns whether there was one. Throws conflict where all that is there are other files.
 */
export async function bringWeights(workspace: string, { digest, files }: VersionFacts, places: readonly string[], watching: Watching): Promise<boolean> {
  let other: string | undefined;
  for (const from of places.flatMap((one) => candidates(one, digest, files))) {
    if (!from.every(({ file }) => existsSync(file))) continue;
    const same = await takeIn(from, { root: weightsDir(workspace), watching }, async (taken) => {
      if (taken.digest !== digest) return false;
      await taken.keep();
      return true;
    });
    if (same) return true;
    other ??= from[0]?.file;
  }
  if (other !== undefined) throw new RunyardError('conflict', `the files there are others than those that were registered: ${other}`, 'look for an untouched copy');
  return false;
}

function candidates(from: string, digest: string, files: readonly FileFacts[]): FoundFile[][] {
  const [only] = files;
  if (only && files.length === 1 && statSync(from, { throwIfNoEntry: false })?.isFile()) return [[{ path: only.path, file: from, size: only.size }]];
  return [path.join(from, digest), path.join(weightsDir(from), digest), from].map((folder) => found(folder, files));
}
