/** Whether what a serving process reads is what the ledger says. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import { movesOf } from '../ledger/history';
import type { LedgerEntry } from '../ledger/entry';
import { readPointer, type Manifest } from '../live/pointer';
import type { RegistryContext } from '../types';
import { folderOf, pointerOf, type Place } from './parts';

/** By the manifest's entry and the sizes of the files; bytes are not read. */
export async function isWhole(context: RegistryContext, entries: readonly LedgerEntry[], place: Place): Promise<boolean> {
  const last = movesOf(entries, place.model, place.environment).at(-1);
  const found = await pointed(context, place);
  if (!last || last.version === null) return found === null;
  return found !== null && found !== 'broken' && found.entry === last.hash && await sizesHold(folderOf(context, place), found);
}

export async function pointed(context: RegistryContext, place: Place): Promise<Manifest | 'broken' | null> {
  try {
    return await readPointer(pointerOf(context, place));
  } catch (error) {
    if (error instanceof RunyardError && error.code === 'store_corrupt') return 'broken';
    throw error;
  }
}

async function sizesHold(folder: string, { files }: Manifest): Promise<boolean> {
  for (const [name, { size }] of Object.entries(files)) {
    try {
      if ((await stat(path.join(folder, ...name.split('/')))).size !== size) return false;
    } catch (error) {
      if (systemCode(error) === '') throw error;
      return false;
    }
  }
  return true;
}
