/** Artifacts put and deleted: the files, and what a run says of them. */
import type { SpoolEvent } from '../../../protocol/spool';
import { artifactPathProblem } from '../../../core/tracking/artifacts';
import type { MlflowContext } from '../context';
import { invalid } from '../errors';
import type { Call } from '../router';
import { say } from '../runs';
import { kindOf } from './content-types';
import { filesBelow, remove } from './files';
import type { Keeper } from './keep';
import { partsOf } from './paths';
import { checkMayChange, commonRoot, placeOf, runsBelow, type Place } from './places';
import { receive } from './receive';

export interface Upload { keeper: Keeper; place: Place; body: AsyncIterable<Buffer> }

/** Takes the file in; of a run it is also said. */
export async function upload(context: MlflowContext, call: Call, { keeper, place, body }: Upload): Promise<Record<string, never>> {
  const { run, path } = place;
  checkMayChange(place);
  // A long upload is a sign of life too.
  if (run !== null) context.spoke(run, call.request.socket);
  await receive(place, body, { uploads: keeper.uploads });
  if (run === null && place.root === commonRoot(context)) keeper.keep(path);
  if (run !== null) sayArtifacts(context, call, { run, files: [path], deleted: false });
  return {};
}

interface SaidFiles { run: string; files: readonly string[]; deleted: boolean }

/** Names that a run can't keep (a drive's, with backslashes) are files for MLflow's clients alone. */
function sayArtifacts(context: MlflowContext, call: Call, { run, files, deleted }: SaidFiles): void {
  const t = context.clock();
  const events = files.filter((path) => artifactPathProblem(path) === null).map((path): SpoolEvent => ({ e: 'artifact', t, path, kind: kindOf(path), ...(deleted ? { deleted } : {}) }));
  if (events.length > 0) say(context, call, { run, events });
}

/** Deletes what lies at a path (through safePath), runs' artifacts below it too. */
export async function removeAt(context: MlflowContext, call: Call, path: string): Promise<Record<string, never>> {
  const place = placeOf(context, path);
  checkMayChange(place);
  if (place.run === null && place.path === '') throw invalid('Invalid path');
  if (place.run === null) {
    for (const { run, way } of runsBelow(context, partsOf(path))) await removeFrom(context, call, placeOf(context, [path, ...way].join('/')), run);
    await remove(place);
  } else await removeFrom(context, call, place, place.run);
  return {};
}

/** The run forgets first: whoever reads it never finds a file named that is gone. */
async function removeFrom(context: MlflowContext, call: Call, place: Place, run: string): Promise<void> {
  const { store, tracker } = context;
  const known = store.hasRun(run) ? store.artifacts(run).map((one) => one.path).filter((one) => place.path === '' || one === place.path || one.startsWith(`${place.path}/`)) : [];
  const files = [...new Set([...await filesBelow(place), ...known])];
  sayArtifacts(context, call, { run, files, deleted: true });
  if (files.length > 0) await tracker.clients.flush(run);
  await remove(place);
}
