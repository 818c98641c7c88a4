/** Opens an ONNX file: reads its graph, finds what feeds it, and starts a session for it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import { readGraph, type Graph } from './graph';
import { inferMapping, shownShape, type InferredMapping } from './mapping';
import { scoreBatch } from './onnx';
import { loadRuntime, nativeSession } from './onnx-session';
import { chooseOutputs, listIn, type Roles } from './outputs';
import type { ModelInput, OpenModelOptions, Predictor } from './types';

/** With fewer the calls into the library weigh; with more it is no faster, and takes memory. */
const BATCH = 16_384;

/** A model that was looked at and not loaded. */
export interface ReadModel { path: string; name: string; digest: string; graph: Graph; inputs: ModelInput[]; mapped: InferredMapping; roles: Roles; fixed: number | null }

export async function openOnnx(spec: ModelSpec, options: OpenModelOptions): Promise<Predictor> {
  const model = await readModel(spec, options);
  const { path, name, digest, graph, inputs, mapped, roles, fixed } = model;
  const [first, ...more] = mapped.problems;
  if (first) throw new RunyardError('bad_input', [first, ...more].map(({ message }) => message).join('; '), first.hint);
  const session = await nativeSession(await loadRuntime(), { name, path, bytes: graph.changed, folder: dirname(path) });
  return {
    facts: {
      name: spec.name ?? name, kind: 'onnx', digest, source: path, producer: graph.producer,
      inputs: inputs.map((input) => ({ name: input.name, type: input.type, shape: shownShape(input.shape), columns: mapped.feeds.find((feed) => feed.input === input)?.columns.map((column) => column.name) ?? [] })),
      mapping: { inputs: Object.fromEntries(mapped.feeds.map(({ input, columns, missing }) => [input.name, { columns: columns.map((column) => column.name), ...(missing === undefined ? {} : { missing }) }])), ...(roles.label === null ? {} : { label: roles.label }), ...(roles.scores[0] === undefined ? {} : { scores: roles.scores[0] }) },
      notes: [...(graph.zipMaps.length > 0 ? ['ZipMap was taken out: the probabilities are read as a tensor'] : []), ...mapped.notes, ...roles.notes],
    },
    task: roles.task, classes: roles.classes, columns: [...new Set(mapped.feeds.flatMap(({ columns }) => columns.map((column) => column.name)))], batch: BATCH,
    score: (batch, signal) => scoreBatch({ session, feeds: mapped.feeds, roles, fixed, most: BATCH }, batch, signal),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** All that can be said of a model without loading it: what it takes and gives, and what of the data feeds it, problems among it. */
export async function readModel(spec: ModelSpec, options: OpenModelOptions): Promise<ReadModel> {
  const path = resolve(options.workspace, spec.file ?? '');
  const name = basename(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `there is no model ${path}`, 'give the path of an .onnx file');
    throw error;
  });
  const graph = readGraph(name, bytes);
  const said = spec.mapping ?? options.mapping ?? { inputs: {} };
  const inputs = graph.inputs.map((input): ModelInput => ({ name: input.name, type: input.type, shape: input.shape ?? [null, null] }));
  const features = listIn(graph.metadata, ['feature_names', 'feature_names_in_', 'features', 'columns', 'input_features', 'feature_columns']) ?? undefined;
  const mapped = inferMapping(inputs, options.data.columns, { label: options.label, id: options.id, exclude: options.exclude, given: said.inputs, features });
  const batches = [...new Set(inputs.map(({ shape }) => shape[0] ?? null))];
  const fixed = batches.find((size) => size !== null) ?? null;
  return { path, name, digest: createHash('sha256').update(bytes).digest('hex'), graph, inputs, mapped, roles: chooseOutputs(name, graph, said), fixed };
}
