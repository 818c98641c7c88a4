/** What is registered: the files that a person means, and where they come from. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { goalOf } from '../../config/goals';
import { toRelative } from '../../tracking/places';
import { isRunId, runsDir } from '../../tracking/run-folder';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import type { VersionFacts } from '../../../protocol/registry';
import { locateAddress } from '../places';
import type { ModelVersion } from '../documents';
import type { Evaluating, RegisterArgs, RegistryContext } from '../types';

export interface Origin {
  /** absolute: the file or the folder */
  root: string;
  source: VersionFacts['source'];
  /** the one that made it, where that is known */
  run: string | null;
  evaluation: EvaluationDoc | null;
}

/** Throws bad_input where not exactly one place is named, not_found where it isn't there, unsupported for a model without files. */
export async function originOf(context: RegistryContext, args: RegisterArgs, evaluating: Pick<Evaluating, 'get'>): Promise<Origin> {
  const { file, run, artifact, evaluation } = args;
  const given = [file, run, evaluation].filter((one) => one !== undefined).length;
  if (given !== 1 || (artifact !== undefined && run === undefined)) {
    throw new RunyardError('bad_input', given > 1 ? 'more than one source is given' : artifact === undefined ? 'no source is given' : `the artifact ${artifact} is of no run`, 'give a file (or a folder), a run with an artifact, or an evaluation');
  }
  if (file !== undefined) return ofFile(context, file);
  if (run !== undefined) return ofRun(context, run, artifact);
  return ofEvaluation(context, evaluating, evaluation ?? '');
}

/** A path, or an address such as runs:/ID/PATH. */
function ofFile(context: RegistryContext, file: string): Origin {
  const root = at(context, file);
  return { root, source: { kind: 'file', text: toRelative(context.workspace, root) }, run: runOfPath(context, root), evaluation: null };
}

function ofRun(context: RegistryContext, ref: string, artifact: string | undefined): Origin {
  const { store, loaded } = context;
  const run = store.resolveRun(ref, (metric) => goalOf(metric, loaded().config));
  if (artifact === undefined) {
    const there = store.artifacts(run).map((one) => one.path);
    throw new RunyardError('bad_input', `which artifact of the run ${store.getRun(run).name}?`, there.length > 0 ? `it has ${there.slice(0, 10).join(', ')}${there.length > 10 ? ' ...' : ''}: give one, or the folder of some` : 'it has none that is known: give the file itself');
  }
  const address = `runs:/${run}/${artifact.split('/').map(encodeURIComponent).join('/')}`;
  return { root: at(context, address), source: { kind: 'run', text: `runs:/${run}/${artifact}` }, run, evaluation: null };
}

async function ofEvaluation(context: RegistryContext, evaluating: Pick<Evaluating, 'get'>, ref: string): Promise<Origin> {
  const { workspace, store } = context;
  const doc = await evaluating.get(ref);
  const { file } = doc.request.model;
  if (doc.model.kind !== 'onnx' && file === undefined) throw new RunyardError('unsupported', `the evaluation ${doc.id.slice(0, 8)} is of ${doc.model.kind === 'command' ? 'a command' : 'predictions'}: there is no file of a model`, 'register the file or the folder of the model itself');
  const root = path.resolve(workspace, file ?? doc.model.source);
  return { root, source: { kind: 'evaluation', text: doc.id }, run: store.evaluations.get(doc.id)?.run ?? doc.request.run ?? runOfPath(context, root), evaluation: doc };
}

/** Of a version that an MLflow client made, by its address. */
export function originOfRecord(context: RegistryContext, { name, version, location, run }: ModelVersion): Origin {
  const root = locateAddress(context, location);
  if (root === null) throw new RunyardError('unsupported', `the files of ${name} version ${version} are kept at ${location}, where only its own client can read`, `download them and register them: runyard models register ${name} --file FOLDER`);
  return { root, source: { kind: 'mlflow', text: location }, run: run || runOfPath(context, root), evaluation: null };
}

function at(context: RegistryContext, file: string): string {
  const found = locateAddress(context, file);
  if (found === null) throw new RunyardError('unsupported', `${file} lies where only its own client can read`, 'download it and give the file');
  return found;
}

/** The run whose artifacts a path lies in. */
function runOfPath({ workspace, store }: RegistryContext, file: string): string | null {
  const [run = '', artifacts] = path.relative(runsDir(workspace), file).split(path.sep);
  return isRunId(run) && artifacts === 'artifacts' && store.hasRun(run) ? run : null;
}
