/** Where the files of an address lie: of a run's artifacts, of the artifact service, of the registry itself. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunyardError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { Store } from '../store/store';
import { artifactPathProblem } from '../tracking/artifacts';
import { isRunId, paths, runsDir } from '../tracking/run-folder';
import { createLoggedModels } from './logged-models';
import { createRegistry } from './registry';
import { parseModelAddress } from './rules';
import { weightsBelow, weightsDir } from './versions/weights';

export interface ModelPlaces { workspace: string; store: Store; clock: Clock }

/** Absolute, whether or not there is something; null where only a client can read it, as in a bucket. Throws not_found for a run that there is not, refused for a path that leaves its folder. */
export const locateAddress = (places: ModelPlaces, address: string): string | null => locate(places, address, 0);

const SERVICE = '/api/2.0/mlflow-artifacts/artifacts/';

function locate(places: ModelPlaces, address: string, depth: number): string | null {
  const { workspace, store, clock } = places;
  const [, run, below = ''] = /^runs:\/+([0-9a-f]{32})(?:\/(.*))?$/.exec(address) ?? [];
  if (run !== undefined) return inRun(places, run, below);
  const served = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(address)?.[1] ?? /^https?:\/\/[^/]+(.*)$/.exec(address)?.[1]?.split(SERVICE)[1];
  if (served !== undefined) return servedFile(places, served);
  const model = parseModelAddress(address);
  // An address that leads to an address that leads to itself ends somewhere.
  if (model && depth < 5) {
    const next = 'model' in model ? createLoggedModels(store.records, clock).get(model.model).artifacts : createRegistry(store.records, clock).resolve(model).location;
    return locate(places, next, depth + 1);
  }
  if (/^file:/i.test(address)) return fileURLToPath(address.replace(/^file:(?!\/\/)/i, 'file://'));
  return /^[a-z][a-z0-9+.-]+:/i.test(address) ? null : path.resolve(workspace, address);
}

/** Runs keep their files in their folder; those of an experiment with a place of its own, there. */
function inRun(places: ModelPlaces, run: string, below: string): string | null {
  const { workspace, store } = places;
  const safe = safely(below);
  const facts = store.runFacts(run);
  if (!facts) throw new RunyardError('not_found', `there is no run ${run}`, 'see `runyard runs`');
  const own = store.experimentNamed(facts.experiment)?.location ?? null;
  const kept = path.join(paths.artifacts(path.join(runsDir(workspace), run)), ...safe);
  if (own === null || /^mlflow-artifacts:/.test(own) || existsSync(kept)) return kept;
  const root = locate(places, own, 4);
  return root && path.join(root, run, 'artifacts', ...safe);
}

/** As the artifact service lays them out: a run's in its folder, versions' below .runyard/weights, all else below .runyard/artifacts. */
function servedFile({ workspace, store }: ModelPlaces, served: string): string {
  const parts = safely(served);
  const kept = weightsBelow(parts.join('/'));
  if (kept) return path.join(weightsDir(workspace), kept.digest, ...kept.below.split('/'));
  const at = parts.findIndex((part, i) => parts[i + 1] === 'artifacts' && isRunId(part) && store.hasRun(part));
  const run = parts[at];
  return run === undefined ? path.join(store.dir, 'artifacts', ...parts) : path.join(paths.artifacts(path.join(runsDir(workspace), run)), ...parts.slice(at + 2));
}

function safely(below: string): string[] {
  const plain = decodeURIComponent(below);
  const problem = artifactPathProblem(plain);
  if (problem) throw new RunyardError('refused', problem);
  return plain.split('/').filter((part) => part !== '' && part !== '.');
}
