/** Rows made up from what a model takes, where no data are known: seeded, so that they are the same each time. */
import { basename } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { ColumnType, Mapping } from '../../../protocol/evaluation/request';
import { random, unit, type Random } from '../intervals/random';
import { placeOf } from '../models/folder';
import { knownTexts, readGraph, type Graph, type GraphValue } from '../models/graph';
import { width } from '../models/mapping';
import { listIn } from '../models/outputs';
import type { Cell, Rows } from './probe-rows';

export interface MadeUp { rows: Rows; mapping: Mapping }
const FEATURES = ['feature_names', 'feature_names_in_', 'features', 'columns', 'input_features', 'feature_columns'];

/** Null where it can't be told what the model takes: no ONNX file, an input without a width. Texts are those that an encoder of the model knows. */
export async function madeUp(file: string, { workspace, count }: { workspace: string; count: number }): Promise<MadeUp | null> {
  const place = await placeOf(file, workspace);
  if (place.kind !== 'onnx') return null;
  const graph = readGraph(basename(place.file), await readFile(place.file));
  const known = knownTexts(graph);
  const columns: { name: string; type: ColumnType; texts: readonly string[] }[] = [];
  const mapping: Mapping = { inputs: {} };
  for (const input of graph.inputs) {
    const type = typeOf(input);
    const wide = widthOf(input, graph);
    if (type === null || wide === null) return null;
    const names = wide === 1 ? [input.name] : Array.from({ length: wide }, (_, at) => `${input.name}_${at}`);
    mapping.inputs[input.name] = { columns: names };
    columns.push(...names.map((name) => ({ name, type, texts: [...(known.get(input.name) ?? ['a', 'b'])] })));
  }
  const next = random(0);
  const rows = Array.from({ length: count }, () => columns.map(({ type, texts }) => cell(type, texts, next)));
  return { rows: { columns: columns.map(({ name }) => name), rows, types: Object.fromEntries(columns.map(({ name, type }) => [name, type])) }, mapping };
}

function widthOf({ name, type, shape }: GraphValue, { metadata }: Graph): number | null {
  const wide = width({ name, type, shape: shape ?? [null, null] }) ?? listIn(metadata, FEATURES)?.length ?? null;
  return wide !== null && wide > 0 ? wide : null;
}

function typeOf({ type }: GraphValue): ColumnType | null {
  if (/^float(16|32|64)$/.test(type)) return 'float';
  if (/^u?int(8|16|32|64)$/.test(type)) return 'int';
  return type === 'bool' || type === 'string' ? type : null;
}

function cell(type: ColumnType, texts: readonly string[], next: Random): Cell {
  const drawn = unit(next);
  if (type === 'float') return Math.round((drawn * 4 - 2) * 1000) / 1000;
  if (type === 'int') return Math.floor(drawn * 10);
  if (type === 'bool') return drawn < 0.5;
  return texts[Math.floor(drawn * texts.length)] ?? null;
}
