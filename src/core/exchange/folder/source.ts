/** An `mlruns` folder: MLflow's file store, read as it lies there. Nothing in it is written. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import type { Experiment, Fault, Owner, Run, Source } from '../model';
import { placeOf, type Roots } from '../roots';
import { attempt, filesBelow, foldersWith, META } from './files';
import { readModels, readRegistered } from './models';
import { readExperiment, readPoints, readRun, runFolders } from './runs';
import { readTraces } from './traces';

export interface FolderOptions { root: string; artifacts?: readonly string[]; fault: Fault }

/** Throws not_found where the folder holds no experiment. A folder that holds an `mlruns` stands for that. */
export function folderSource({ root: asked, artifacts = [], fault }: FolderOptions): Source {
  const root = rootOf(path.resolve(asked));
  const roots: Roots = { allowed: [root, ...artifacts], proxied: [...artifacts, path.join(path.dirname(root), 'mlartifacts'), root], base: path.dirname(root) };
  const folders = new Map<string, string>();
  const folderOf = ({ id }: Experiment): string => folders.get(id) ?? path.join(root, id);
  const runFolder = (run: Run): string => path.join(folders.get(run.experiment) ?? path.join(root, run.experiment), run.id);
  return {
    title: root,
    async *experiments() {
      for (const folder of [...foldersWith(root, META), ...foldersWith(path.join(root, '.trash'), META)].filter((one) => path.basename(one) !== 'models')) {
        const experiment = attempt(path.join(folder, META), fault, () => readExperiment(folder));
        if (!experiment) continue;
        folders.set(experiment.id, folder);
        yield Promise.resolve(experiment);
      }
    },
    async *runs(experiment) {
      for (const folder of runFolders(folderOf(experiment))) {
        const run = attempt(path.join(folder, META), fault, () => readRun(folder, experiment.id, fault));
        if (run) yield Promise.resolve(run);
      }
    },
    points: (run) => readPoints(runFolder(run), fault),
    models: (experiment) => readModels(folderOf(experiment), experiment.id, fault),
    async *traces(experiment) { for (const trace of readTraces(folderOf(experiment), experiment.id, fault)) yield Promise.resolve(trace); },
    async *registered() { for (const model of readRegistered(root, fault)) yield Promise.resolve(model); },
    async *evaluationDatasets() { /* a folder can't hold them */ },
    async *artifacts(owner) {
      const place = placeOf(owner.of.artifacts, roots, standard(owner));
      if ('missing' in place) return fault(`${owner.kind} ${owner.of.id}`, place.missing);
      for await (const file of filesBelow(place.folder, fault)) if (owner.kind !== 'trace' || file.path !== 'traces.json') yield file;
    },
    leftOut: () => Promise.resolve([]),
    dispose() { folders.clear(); },
  };

  function standard(owner: Owner): string {
    const experiment = folders.get(owner.of.experiment) ?? path.join(root, owner.of.experiment);
    if (owner.kind === 'run') return path.join(experiment, owner.of.id, 'artifacts');
    return path.join(experiment, owner.kind === 'model' ? 'models' : 'traces', owner.of.id, 'artifacts');
  }
}

function rootOf(asked: string): string {
  if (!existsSync(asked)) throw new RunyardError('not_found', `there is no folder ${asked}`, 'look at its path');
  const inner = path.join(asked, 'mlruns');
  const holds = (folder: string): boolean => foldersWith(folder, META).length > 0 || foldersWith(path.join(folder, '.trash'), META).length > 0;
  if (holds(asked)) return asked;
  if (holds(inner)) return inner;
  throw new RunyardError('not_found', `${asked} holds no MLflow experiments`, 'name an mlruns folder (its folders hold a meta.yaml each), an mlflow.db, or the address of a server');
}
