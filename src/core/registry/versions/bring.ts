/** Files of a version that somebody is about to ask for by its name. */
import { modelNamer, type ModelPlaces } from '../find-model';
import type { Ledger } from '../types';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { VersionsService } from './versions';
import { isAddress } from './weights';

export interface BringParts { ledger: Pick<Ledger, 'refresh'>; versions: Pick<VersionsService, 'folder'> }

/**
 * What is called `NAME/VERSION` or `NAME@ALIAS` has its files on this disk afterwards: those of a version that came with the ledger of somebody else are fetched from the folder
 * for weights. Nothing to do for a model that is given otherwise. Throws not_found that says who has the files and how to bring them; what `findModel` throws of a wrong name.
 */
export function bringing(places: ModelPlaces, { ledger, versions }: BringParts): (spec: Pick<ModelSpec, 'registered'>) => Promise<void> {
  return async ({ registered }) => {
    if (registered === undefined) return;
    // What was pulled a moment ago is known too.
    ledger.refresh();
    const { name, version, location } = modelNamer(places)(registered);
    if (isAddress(location)) await versions.folder(name, version);
  };
}
