/** Opens what makes predictions, whatever it is. */
import { RunyardError } from '../../base/errors';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import { openOnnx } from './open-onnx';
import type { OpenModelOptions, Predictor } from './types';

/** Throws bad_input, naming input and column, where the data don't fit the model; not_found where there is no such file. */
export async function openModel(spec: ModelSpec, options: OpenModelOptions): Promise<Predictor> {
  if (spec.file !== undefined) return openOnnx(spec, options);
  throw new RunyardError('unsupported', 'a command and predictions that are there can\'t be evaluated yet', 'give an .onnx file');
}
