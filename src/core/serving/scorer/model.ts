/** A version's model, opened in the scorer's process: what it takes, what it gives, and its predictions. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { RunyardError } from '../../base/errors';
import type { ColumnType, Mapping } from '../../../protocol/evaluation/request';
import { mapping as mappingShape } from '../../../protocol/evaluation/request';
import { columnsOnly, columnsOf, type Cell } from '../../evaluation/questions/probe-rows';
import { placeOf } from '../../evaluation/models/folder';
import { knownTexts, readGraph, type Graph } from '../../evaluation/models/graph';
import { openModel } from '../../evaluation/models/open';
import type { Predictor } from '../../evaluation/models/types';
import type { ColumnKind, Rows, Scored, ServedColumn, ServedSchema } from '../types';
import { columnsOfGraph } from './columns';
import type { OpenVersion } from './protocol';

export interface OpenedVersion { schema: ServedSchema; score(rows: Rows): Promise<Scored> }

/** Throws unsupported for anything but ONNX, bad_input where the model can't be loaded or nobody can tell what it takes. */
export async function openVersion({ workspace, folder, temp, known }: OpenVersion): Promise<OpenedVersion> {
  const place = await placeOf(folder, workspace);
  if (place.kind !== 'onnx') throw new RunyardError('unsupported', `the model in ${folder} is no ONNX model (${place.flavor})`, 'export it to ONNX and register that: the scoring server runs nothing else');
  const graph = readGraph(basename(place.file), await readFile(place.file));
  const found = known ? { columns: known.columns, types: known.types as Record<string, ColumnType>, mapping: mappingShape.parse(known.mapping), positional: false } : await columnsOfGraph(graph, place.path === place.file ? null : place.path);
  const predictor = await openModel({ file: folder, mapping: found.mapping }, {
    workspace, temp, python: null, data: columnsOnly(found), id: undefined, label: '', exclude: [], threads: Math.max(1, Math.min(4, availableParallelism() - 1)),
  });
  const columns = predictor.columns.map((name) => servedColumn(name, found.types[name] ?? 'other', { graph, mapping: found.mapping }));
  const first = await warm(predictor, columns, graph);
  return {
    schema: schemaOf(predictor, { columns, positional: found.positional, graph, first }),
    score: ({ count, columns: values }) => predictor.score({ from: 0, count, columns: values }),
  };
}

function servedColumn(name: string, type: ColumnType, { graph, mapping }: { graph: Graph; mapping: Mapping }): ServedColumn {
  const feeds = Object.entries(mapping.inputs).filter(([, { columns }]) => columns.includes(name));
  const nullable = feeds.every(([input, { missing }]) => missing !== undefined || /^(float|string)/.test(graph.inputs.find((one) => one.name === input)?.type ?? ''));
  return { name, type: kindOf(type), nullable };
}

/** Dates and moments are texts to a model. */
const kindOf = (type: ColumnType): ColumnKind => (type === 'float' || type === 'int' || type === 'bool' ? type : 'string');

/** One row is asked, so that the first request doesn't pay for what is done once; a model may fail on what is made up. */
async function warm(predictor: Predictor, columns: readonly ServedColumn[], graph: Graph): Promise<Scored | null> {
  const texts = knownTexts(graph);
  const cell = ({ name, type }: ServedColumn): Cell => (type === 'string' ? [...(texts.get(name) ?? ['a'])][0] ?? 'a' : type === 'bool' ? false : 1);
  const rows = { columns: columns.map(({ name }) => name), types: Object.fromEntries(columns.map(({ name, type }) => [name, type])), rows: [columns.map(cell)] };
  try {
    return await predictor.score({ from: 0, count: 1, columns: columnsOf(rows, 0, 1) });
  } catch (error) {
    if (error instanceof RunyardError && error.code === 'unsupported') throw error;
    return null;
  }
}

interface Told { columns: ServedColumn[]; positional: boolean; graph: Graph; first: Scored | null }

function schemaOf({ task, classes, facts }: Predictor, { columns, positional, graph, first }: Told): ServedSchema {
  const said = facts.mapping.label;
  const labelled = said !== undefined;
  const names = classes === null ? null : [...classes];
  const gives = task === 'ranking' ? 'score' : task === 'regression' || (!labelled && names === null) ? 'number' : 'label';
  const type = graph.outputs.find(({ name }) => name === said)?.type ?? 'string';
  const numbers = (names ?? []).every((name) => /^-?\d+$/.test(name));
  return {
    columns, inputs: Object.entries(facts.mapping.inputs).map(([name, input]) => ({ name, columns: input.columns })), positional, task, classes: names, gives, labels: type === 'bool' ? 'bool' : /^u?int/.test(type) && numbers ? 'int' : /^float/.test(type) && numbers ? 'float' : 'text',
    width: first && first.width > 0 ? first.width : gives === 'label' ? (names?.length ?? 0) : 1, notes: facts.notes,
  };
}
