/** Opens an ONNX file: reads its graph, finds what feeds it, and starts a session for it. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { RunyardError } from '../../base/errors';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { ModelFacts } from '../../../protocol/evaluation/result';
import { digestOfOnnx, digestOfPath } from './digest';
import { knownTexts, readGraph, type Graph } from './graph';
import { inferMapping, shownShape, type InferredMapping } from './mapping';
import { scoreBatch } from './onnx';
import { loadRuntime, nativeSession, type SessionSource } from './onnx-session';
import { chooseOutputs, listIn, type Roles } from './outputs';
import { pythonSession } from './python-session';
import type { Session } from './session';
import type { ModelInput, OpenModelOptions, Predictor } from './types';

/** With fewer the calls into the library weigh; with more it is no faster, and takes memory. */
const BATCH = 16_384;

/** A model that was looked at and not loaded. */
export interface ReadModel { file: string; facts: ModelFacts; graph: Graph; mapped: InferredMapping; roles: Roles; /** rows that it takes at once, and no others */ fixed: number | null }
/** `load`: this process's own ONNX Runtime; throws unsupported where it has none. */
export interface OnnxPlace { file: string; /** what its digest is of: the file, or the folder of an MLflow model */ path: string; load?: typeof loadRuntime }

export async function openOnnx(spec: ModelSpec, place: OnnxPlace, options: OpenModelOptions): Promise<Predictor> {
  const model = await readModel(spec, place, options);
  const { file, facts, graph, mapped, roles, fixed } = model;
  const [first, ...more] = mapped.problems;
  if (first) throw new RunyardError('bad_input', [first, ...more].map(({ message }) => message).join('; '), first.hint);
  const source: SessionSource = { name: basename(file), path: file, bytes: graph.changed, folder: dirname(file), threads: options.threads };
  const known = knownTexts(graph);
  const { session, note } = await sessionOf(source, place.load ?? loadRuntime, options);
  return {
    facts: note === null ? facts : { ...facts, notes: [...facts.notes, note] },
    task: roles.task, classes: roles.classes, columns: [...new Set(mapped.feeds.flatMap(({ columns }) => columns.map((column) => column.name)))], batch: BATCH,
    score: (batch, signal) => scoreBatch({ session, feeds: mapped.feeds, roles, fixed, most: BATCH, known }, batch, signal),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** In this process; where there is no binary for it, in the person's Python. */
async function sessionOf(source: SessionSource, load: typeof loadRuntime, { python, workspace, temp }: OpenModelOptions): Promise<{ session: Session; note: string | null }> {
  try {
    return { session: await nativeSession(await load(), source), note: null };
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'unsupported') throw error;
    if (python === null) throw new RunyardError('unsupported', `${error.message}, and there is no Python to run the model with`, error.hint, { cause: error });
    return { session: await pythonSession(source, { python, workspace, temp }), note: `run by ONNX Runtime of ${python}: ${error.message}` };
  }
}

/** All that can be said of a model without loading it: what it takes and gives, and what of the data feeds it, problems among it. */
export async function readModel(spec: ModelSpec, { file, path }: OnnxPlace, options: OpenModelOptions): Promise<ReadModel> {
  const name = basename(file);
  const graph = readGraph(name, await readFile(file));
  const said = spec.mapping ?? options.mapping ?? { inputs: {} };
  const inputs = graph.inputs.map((input): ModelInput => ({ name: input.name, type: input.type, shape: input.shape ?? [null, null] }));
  const features = listIn(graph.metadata, ['feature_names', 'feature_names_in_', 'features', 'columns', 'input_features', 'feature_columns']) ?? undefined;
  const mapped = inferMapping(inputs, options.data.columns, { label: options.label, id: options.id, exclude: options.exclude, given: said.inputs, features });
  const fixed = inputs.map(({ shape }) => shape[0] ?? null).find((size) => size !== null) ?? null;
  const roles = chooseOutputs(name, graph, { label: said.label, scores: said.scores, task: options.task });
  const columnsOf = (input: ModelInput): string[] => mapped.feeds.find((feed) => feed.input === input)?.columns.map((column) => column.name) ?? [];
  const facts: ModelFacts = {
    name: spec.name ?? (path === file ? name : basename(path)), kind: 'onnx', digest: await digestOfPlace({ file, path }, graph), source: path, producer: graph.producer,
    inputs: inputs.map((input) => ({ name: input.name, type: input.type, shape: shownShape(input.shape), columns: columnsOf(input) })),
    mapping: {
      inputs: Object.fromEntries(mapped.feeds.map(({ input, missing }) => [input.name, { columns: columnsOf(input), ...(missing === undefined ? {} : { missing }) }])),
      ...(roles.label === null ? {} : { label: roles.label }), ...(roles.scores[0] === undefined ? {} : { scores: roles.scores[0] }),
    },
    notes: [...(graph.zipMaps.length > 0 ? ['ZipMap was taken out: the probabilities are read as a tensor'] : []), ...mapped.notes, ...roles.notes],
  };
  return { file, facts, graph, mapped, roles, fixed };
}

/** Of the file and what it needs beside it; of an MLflow model's whole folder. */
export async function digestOfPlace({ file, path }: OnnxPlace, graph?: Graph): Promise<string> {
  if (path !== file) return digestOfPath(path);
  return digestOfOnnx(file, (graph ?? readGraph(basename(file), await readFile(file))).external);
}
