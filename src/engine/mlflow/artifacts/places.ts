/**
 * Where artifacts lie: those of a run in its folder, whatever path leads to `<run id>/artifacts`; all else (logged models, traces, what a
 * client puts beside them) below .runyard/artifacts by its own path; those of registered versions below .runyard/weights, to be read only; runs of an experiment with a folder of its own in that folder.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { weightsBelow, weightsDir } from '../../../core/registry/versions/weights';
import { isRunId, paths } from '../../../core/tracking/run-folder';
import type { MlflowContext } from '../context';
import { invalid, MlflowError } from '../errors';
import { artifactLocation, artifactUri } from '../wire';
import { partsOf, safePath } from './paths';

export interface Place {
  /** the folder that nothing of this place leaves; it need not be there yet */
  root: string;
  /** below the root, '/' between its parts; '' for the root itself */
  path: string;
  /** the run whose artifacts these are; null for files of no run */
  run: string | null;
  /** as the client named it, for what is said of it */
  name: string;
  /** files of a registered version: they can be read, and never change */
  fixed?: boolean;
}

/** Throws PERMISSION_DENIED where nothing may be written or deleted. */
export function checkMayChange({ fixed, name }: Place): void {
  if (fixed) throw new MlflowError('PERMISSION_DENIED', `The artifact '${name}' is a file of a registered version: those never change. Register another version`);
}

/** Files of no run. */
export const commonRoot = ({ store }: MlflowContext): string => path.join(store.dir, 'artifacts');

/** The place of a path below the artifact service; it went through safePath. */
export function placeOf(context: MlflowContext, name: string): Place {
  const parts = partsOf(name);
  const version = weightsBelow(parts.join('/'));
  if (version) return { root: path.join(weightsDir(context.workspace), version.digest), path: version.below, run: null, name, fixed: true };
  const at = parts.findIndex((part, i) => parts[i + 1] === 'artifacts' && isRunId(part) && isRun(context, part));
  const run = parts[at];
  if (run === undefined) return { root: commonRoot(context), path: parts.join('/'), run: null, name };
  return { root: paths.artifacts(context.tracker.folder(run)), path: parts.slice(at + 2).join('/'), run, name };
}

/** A run that came while the engine was away may not be in the store yet. */
const isRun = ({ store, tracker }: MlflowContext, id: string): boolean => store.hasRun(id) || existsSync(paths.spec(tracker.folder(id)));

const SERVICE = '/api/2.0/mlflow-artifacts/artifacts';

/**
 * The place of a path (through safePath) below an artifact address such as a run's or a model's. Throws INVALID_PARAMETER_VALUE for an
 * address that is kept elsewhere, as in a bucket: only clients can read there.
 */
export function placeIn(context: MlflowContext, uri: string, name: string): Place {
  const served = servedPath(uri);
  if (served !== null) return placeOf(context, safePath(name === '' ? served : `${served}/${name}`));
  const root = localFolder(context, uri);
  if (root === null) throw invalid(`The artifacts at ${uri} are not kept by this server: read and write them with MLflow's client, which goes there itself`);
  return { root, path: partsOf(name).join('/'), run: null, name };
}

/** The path below our own service that an address names, or null. */
export function servedPath(uri: string): string | null {
  const own = /^mlflow-artifacts:(?:\/\/[^/]*)?(.*)$/.exec(uri)?.[1];
  const web = /^https?:\/\/[^/]+(.*)$/.exec(uri)?.[1]?.split(`${SERVICE}/`)[1];
  const found = own ?? web;
  return found === undefined ? null : partsOf(found).join('/');
}

/** A folder outside is read only where it is a run's or a model's own, as its path says: no other of the machine can be asked for. */
const OWN = /[\\/](?:m-)?[0-9a-f]{32}[\\/]artifacts(?:[\\/]|$)/;

function localFolder({ workspace }: MlflowContext, uri: string): string | null {
  const folder = /^file:/i.test(uri) ? pathOfUrl(uri) : /^[a-z][a-z0-9+.-]+:/i.test(uri) ? null : path.resolve(workspace, uri);
  return folder !== null && OWN.test(folder) ? folder : null;
}

function pathOfUrl(uri: string): string | null {
  try {
    return path.resolve(fileURLToPath(uri.replace(/^file:(?!\/\/)/i, 'file://')));
  } catch {
    return null; // a file of another machine, or no URL
  }
}

/** The scheme of an address that the client can't get a signed URL for, because we hand the files out ourselves; null for others. */
export const proxiedScheme = (uri: string): string | null => /^(mlflow-artifacts|https?):/.exec(uri)?.[1] ?? null;

/** Where a run's artifacts are, as its clients are told. Throws RESOURCE_DOES_NOT_EXIST. */
export function rootUriOf({ store }: MlflowContext, row: { id: string; experiment: string }): string {
  const experiment = store.experimentNamed(row.experiment);
  if (!experiment) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment named ${row.experiment} exists`);
  return artifactUri(experiment, row.id);
}

export interface RunBelow { run: string; /** from the path to the run's artifacts */ way: string[] }

/**
 * Runs with artifacts whose folder a client looks for below this path (an experiment's, or all there is): their files lie elsewhere, but
 * a listing leads there.
 */
export function runsBelow(context: MlflowContext, parts: readonly string[]): RunBelow[] {
  const { store, tracker } = context;
  const roots = new Map(store.experimentRecords().flatMap((one): [string, string[]][] => {
    const served = servedPath(artifactLocation(one));
    return served !== null && leadTo(parts, partsOf(served)) ? [[one.name, partsOf(served)]] : [];
  }));
  if (roots.size === 0) return [];
  const { rows } = store.search({ experiments: [...roots.keys()], filter: '', orderBy: [], limit: Number.MAX_SAFE_INTEGER, offset: 0, view: 'all', columns: [] });
  return rows.flatMap((row) => {
    const whole = [...roots.get(row.experiment) ?? [], row.id, 'artifacts'];
    return startsWith(whole, parts) && existsSync(paths.artifacts(tracker.folder(row.id))) ? [{ run: row.id, way: whole.slice(parts.length) }] : [];
  });
}

const startsWith = (whole: readonly string[], start: readonly string[]): boolean => start.length < whole.length && start.every((part, i) => whole[i] === part);
/** Whether the path leads to what lies in an experiment's folder: it is on the way to it, or names a run in it. */
const leadTo = (parts: readonly string[], root: readonly string[]): boolean =>
  startsWith([...root, ''], parts) || (parts.length === root.length + 1 && startsWith(parts, root) && isRunId(parts.at(-1) ?? ''));
