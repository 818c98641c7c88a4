/** Where logged models and model versions keep their files. */
import { createLoggedModels } from '../../../core/registry/logged-models';
import { createRegistry } from '../../../core/registry/registry';
import { toVersion } from '../../../core/registry/rules';
import type { MlflowContext } from '../context';
import { readRun } from '../runs';
import { rootUriOf } from './places';

/** A logged model's address. Throws RESOURCE_DOES_NOT_EXIST. */
export const modelLocation = ({ store, clock }: MlflowContext, id: string): string => createLoggedModels(store.records, clock).get(id).artifacts;

/** A model version's address, through the run that it was registered from. Throws RESOURCE_DOES_NOT_EXIST. */
export async function versionLocation(context: MlflowContext, name: string, version: string): Promise<string> {
  const { location } = createRegistry(context.store.records, context.clock).version(name, toVersion(version));
  const [, run, path = ''] = /^runs:\/+([0-9a-f]{32})(\/.*)?$/.exec(location) ?? [];
  return run === undefined ? location : `${rootUriOf(context, await readRun(context, run))}${path}`;
}
