/** What a model takes and gives, read from its file. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RunyardError } from '../../base/errors';
import type { TensorFacts } from '../../../protocol/registry';
import { placeOf } from '../models/folder';
import { readGraph, type GraphValue } from '../models/graph';
import { shownShape } from '../models/mapping';
import type { JobTable } from '../process/jobs';

/** Inputs and outputs in the file's order; a ZipMap's output is the tensor that it was made of. A shape of which nothing is said is ''. */
export const signature: JobTable['signature'] = async ({ file, workspace }) => {
  try {
    const place = await placeOf(file, workspace);
    if (place.kind !== 'onnx') return null;
    const { inputs, outputs, producer, external } = readGraph(basename(place.file), await readFile(place.file));
    return { inputs: inputs.map(factsOf), outputs: outputs.map(factsOf), producer, external };
  } catch (error) {
    // Any file may be registered; one that calls itself ONNX and is none is a mistake.
    if (error instanceof RunyardError && error.code === 'bad_input' && !file.endsWith('.onnx')) return null;
    throw error;
  }
};

const factsOf = ({ name, type, shape }: GraphValue): TensorFacts => ({ name, type, shape: shape ? shownShape(shape) : '' });
