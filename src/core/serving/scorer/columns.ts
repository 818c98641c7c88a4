/** What a model's columns are called, where no data set is known that it was registered with: by its inputs, by the names that it carries, by MLflow's signature of it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { RunyardError, describeError } from '../../base/errors';
import type { ColumnType, Mapping } from '../../../protocol/evaluation/request';
import type { Graph, GraphValue } from '../../evaluation/models/graph';
import { described, width } from '../../evaluation/models/mapping';
import { listIn } from '../../evaluation/models/outputs';

export interface FoundColumns { columns: string[]; types: Record<string, ColumnType>; mapping: Mapping; /** the names are made up */ positional: boolean }
interface Signed { name: string; type: string }

const FEATURES = ['feature_names', 'feature_names_in_', 'features', 'columns', 'input_features', 'feature_columns'];
const SIGNED: Readonly<Record<string, ColumnType>> = { boolean: 'bool', integer: 'int', long: 'int', float: 'float', double: 'float', string: 'string' };

/** `folder` of an MLflow model, where it is one. Throws unsupported for an input that is no row of columns. */
export async function columnsOfGraph(graph: Graph, folder: string | null): Promise<FoundColumns> {
  const signed = folder === null ? [] : await signatureIn(folder);
  const found: FoundColumns = { columns: [], types: {}, mapping: { inputs: {} }, positional: false };
  const several = graph.inputs.length > 1;
  for (const input of graph.inputs) {
    const names = namesOf(input, { graph, signed, several });
    if (names.made) found.positional = true;
    const type = typeOf(input);
    for (const name of names.names) found.types[name] = fitting(type, SIGNED[signed.find((one) => one.name === name)?.type ?? '']);
    found.columns.push(...names.names.filter((name) => !found.columns.includes(name)));
    found.mapping.inputs[input.name] = { columns: names.names };
  }
  return found;
}

function namesOf(input: GraphValue, { graph, signed, several }: { graph: Graph; signed: readonly Signed[]; several: boolean }): { names: string[]; made: boolean } {
  const features = listIn(graph.metadata, FEATURES) ?? [];
  const model = { name: input.name, type: input.type, shape: input.shape ?? [null, null] };
  const wide = width(model) ?? (!several && features.length > 0 ? features.length : !several && signed.length > 0 ? signed.length : null);
  if (wide === null || !(wide > 0)) throw new RunyardError('unsupported', `input '${input.name}' (${described(model)}) is no row of columns, or nobody can tell how many`, 'export the model with the number of its columns, or with a list feature_names in its metadata');
  if (several && wide === 1) return { names: [input.name], made: false };
  if (!several && features.length === wide) return { names: features, made: false };
  if (!several && signed.length === wide) return { names: signed.map(({ name }) => name), made: false };
  return wide === 1 ? { names: [input.name], made: false } : { names: Array.from({ length: wide }, (_, at) => `${input.name}_${at}`), made: true };
}

function typeOf({ name, type }: GraphValue): ColumnType {
  if (/^float(16|32|64)$/.test(type)) return 'float';
  if (/^u?int(8|16|32|64)$/.test(type)) return 'int';
  if (type === 'bool' || type === 'string') return type;
  throw new RunyardError('unsupported', `input '${name}' is of type ${type}, which no column of a request can feed`, 'export the model with inputs of numbers, texts or booleans');
}

/** A signature's own type where the input takes it: texts of booleans and whole numbers are fed as texts. */
const fitting = (type: ColumnType, signed: ColumnType | undefined): ColumnType =>
  (signed === undefined || (type === 'string' ? signed === 'float' : signed === 'string') ? type : type === 'int' && signed === 'float' ? type : signed);

const mlmodel = z.looseObject({ signature: z.looseObject({ inputs: z.string().optional() }).optional() });
const inputs = z.array(z.looseObject({ name: z.string(), type: z.string() }));

/** Columns of MLflow's signature; none where it has tensors or isn't there. */
async function signatureIn(folder: string): Promise<Signed[]> {
  const file = path.join(folder, 'MLmodel');
  if (!existsSync(file)) return [];
  try {
    const text = mlmodel.parse(parse(await readFile(file, 'utf8'))).signature?.inputs;
    const read = text === undefined ? null : inputs.safeParse(JSON.parse(text));
    return read?.success && read.data.every(({ type }) => type !== 'tensor') ? read.data : [];
  } catch (error) {
    throw new RunyardError('bad_input', `${file} can't be read: ${describeError(error)}`, 'log the model again with MLflow', { cause: error });
  }
}
