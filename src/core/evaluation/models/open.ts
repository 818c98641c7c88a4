/** Opens what makes predictions, whatever it is. */
import { RunyardError } from '../../base/errors';
import type { ModelSpec, Task } from '../../../protocol/evaluation/request';
import type { ModelFacts } from '../../../protocol/evaluation/result';
import { openCommand } from './command';
import { digestOfCommand, digestOfPath } from './digest';
import { placeOf } from './folder';
import { digestOfPlace, openOnnx, readModel } from './open-onnx';
import { openPredictions } from './predictions';
import { openPyfunc } from './pyfunc';
import type { OpenModelOptions, Predictor } from './types';

/** Throws bad_input, naming input and column, where the data don't fit the model; not_found where there is no such file. A registered model is found in the registry before. */
export async function openModel(spec: ModelSpec, options: OpenModelOptions): Promise<Predictor> {
  if (spec.file !== undefined) {
    const place = await placeOf(spec.file, options.workspace);
    return place.kind === 'onnx' ? openOnnx(spec, place, options) : openPyfunc(spec, place.path, options);
  }
  if (spec.command !== undefined) return openCommand(spec, options);
  if (spec.predictions !== undefined) return openPredictions(spec, options);
  throw unresolved(spec);
}

export interface LookedAt { facts: ModelFacts; task: Task | null; classes: string[] | null; /** inputs that no column fits and columns that no input can take: nothing is thrown for them */ problems: { code: string; message: string; hint: string }[] }

/** What can be said of a model before anything is scored; an ONNX file isn't loaded and no program is started. */
export async function lookAtModel(spec: ModelSpec, options: OpenModelOptions): Promise<LookedAt> {
  const place = spec.file === undefined ? null : await placeOf(spec.file, options.workspace);
  if (place?.kind === 'onnx') {
    const { facts, roles, mapped } = await readModel(spec, place, options);
    return { facts, task: roles.task, classes: roles.classes, problems: mapped.problems.map(({ code, message, hint }) => ({ code, message, hint })) };
  }
  await using predictor = await openModel(spec, options);
  return { facts: predictor.facts, task: predictor.task, classes: predictor.classes === null ? null : [...predictor.classes], problems: [] };
}

/** A model's digest without reading data or loading anything: of its bytes; of a command's words and files. Predictions are what their columns are: `facts.digest` says it. */
export async function digestOfModel(spec: ModelSpec, options: OpenModelOptions): Promise<string> {
  if (spec.file !== undefined) return digestOfModelFile(spec.file, options.workspace);
  if (spec.command !== undefined) return digestOfCommand(spec.command, options.workspace);
  if (spec.predictions === undefined) throw unresolved(spec);
  await using predictor = await openPredictions(spec, options);
  return predictor.facts.digest;
}

/** Of a model's file with the weights beside it, or of a model's whole folder. */
export async function digestOfModelFile(file: string, workspace: string): Promise<string> {
  const place = await placeOf(file, workspace);
  return place.kind === 'onnx' ? digestOfPlace(place) : digestOfPath(place.path);
}

const unresolved = (spec: ModelSpec): RunyardError => new RunyardError('bad_input', `${spec.registered ?? 'this model'} was not found in the registry before it was opened`, 'name a version or an alias that is there');
