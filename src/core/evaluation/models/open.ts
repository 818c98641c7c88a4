/** Opens what makes predictions, whatever it is. */
import { RunyardError } from '../../base/errors';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import { openCommand } from './command';
import { openOnnx } from './open-onnx';
import { openPredictions } from './predictions';
import type { OpenModelOptions, Predictor } from './types';

/** Throws bad_input, naming input and column, where the data don't fit the model; not_found where there is no such file. A registered model is found in the registry before. */
export async function openModel(spec: ModelSpec, options: OpenModelOptions): Promise<Predictor> {
  if (spec.file !== undefined) return openOnnx(spec, options);
  if (spec.command !== undefined) return openCommand(spec, options);
  if (spec.predictions !== undefined) return openPredictions(spec, options);
  throw new RunyardError('bad_input', `${spec.registered ?? 'this model'} was not found in the registry before it was opened`, 'name a version or an alias that is there');
}
