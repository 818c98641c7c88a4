/** The data's columns as slice search needs them: a small code a row. */
import { RunyardError } from '../../base/errors';
import type { ColumnType, DiscoverSettings } from '../../../protocol/evaluation/request';
import type { DiscoveryDoc, EvaluationDoc } from '../../../protocol/evaluation/result';
import type { Data, Values } from '../data/types';
import { binByEdges, quantileEdges } from '../slices/binning';
import { categoryText, codeCategories } from '../slices/coding';
import { isConstant, type CodedColumn } from '../slices/column';
import { valueAt } from './custom/wire';

export interface Coded { columns: CodedColumn[]; types: Record<string, ColumnType>; leftOut: DiscoveryDoc['leftOut'] }
type LeftOut = { why: string };

/** Numbers of so few different values are categories ('2.0'); of more they are binned. */
const FEW = 12;
/** Of texts; more are no groups but names. Only where the column wasn't asked for by name. */
const MOST_CATEGORIES = 50;
/** Bytes of columns that are read side by side. */
const AT_ONCE = 256 * 2 ** 20;

export interface Coding { data: Data; doc: EvaluationDoc; rows: Int32Array; settings: DiscoverSettings; signal: AbortSignal; progress(done: number, total: number): void }

/**
 * Columns asked for, in that order; else all that can make groups, in the data's order, what can't being listed with why. Numbers with edges are `b0`, `b1` ... (right-closed), those of few values
 * are texts, others have edges at quantiles, rounded as far as no row changes its bin. Throws not_found for a column that isn't there, bad_input for edges on texts.
 */
export async function codedColumns({ data, doc, rows, settings, signal, progress }: Coding): Promise<Coded> {
  const asked = settings.columns?.map(({ column }) => column);
  const strange = asked?.find((name) => !data.columns.some((column) => column.name === name));
  if (strange !== undefined) throw new RunyardError('not_found', `the data have no column ${strange}`, `they have ${data.columns.map(({ name }) => name).join(', ')}`);
  const roles = new Map(doc.data.columns.map(({ name, role }) => [name, role]));
  const names = asked ?? data.columns.map(({ name }) => name).filter((name) => name !== doc.label && !['label', 'id', 'prediction'].includes(roles.get(name) ?? ''));
  const types = Object.fromEntries(data.columns.map(({ name, type }) => [name, type]));
  const found: Coded = { columns: [], types, leftOut: [] };
  progress(0, names.length);
  for (const group of groupsOf(names, types, data.rows)) {
    const values = await readAll(data, group, signal);
    for (const name of group) {
      const own = values[name];
      if (!own) continue;
      const edges = settings.columns?.find(({ column }) => column === name)?.edges;
      const coded = codeColumn(name, takenValues(own, rows), { edges, bins: settings.bins, named: asked !== undefined });
      if ('why' in coded) found.leftOut.push({ column: name, why: coded.why });
      else found.columns.push(coded);
      Reflect.deleteProperty(values, name);
    }
    progress(found.columns.length + found.leftOut.length, names.length);
  }
  return found;
}

function groupsOf(names: readonly string[], types: Readonly<Record<string, ColumnType>>, rows: number): string[][] {
  const groups: string[][] = [];
  let left = 0;
  for (const name of names) {
    const bytes = rows * (types[name] === 'string' || types[name] === 'other' ? 64 : 9);
    if (left < bytes || groups.length === 0) {
      groups.push([]);
      left = AT_ONCE;
    }
    groups.at(-1)?.push(name);
    left -= bytes;
  }
  return groups;
}

async function readAll(data: Data, columns: readonly string[], signal: AbortSignal): Promise<Record<string, Values>> {
  for await (const batch of data.read({ columns, batch: data.rows, signal })) return { ...batch.columns };
  return {};
}

/** The values at these places. */
export function takenValues(column: Values, rows: Int32Array): Values {
  // All rows as they are; as many in another order are others.
  if (rows.length === column.values.length && rows.every((row, at) => row === at)) return column;
  const missing = column.missing && Uint8Array.from(rows, (row) => column.missing?.[row] ?? 0);
  switch (column.type) {
    case 'float': return { type: 'float', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), missing };
    case 'int': return { type: 'int', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), ...(column.big && { big: BigInt64Array.from(rows, (row) => column.big?.[row] ?? 0n) }), missing };
    case 'bool': return { type: 'bool', values: Uint8Array.from(rows, (row) => column.values[row] ?? 0), missing };
    default: return { type: column.type, values: Array.from(rows, (row) => column.values[row] ?? ''), missing };
  }
}

interface How { edges: readonly number[] | undefined; bins: number; named: boolean }

/** `named`: it was asked for, so it is in whatever its values are. */
export function codeColumn(name: string, values: Values, { edges, bins, named }: How): CodedColumn | LeftOut {
  const numeric = values.type === 'float' || values.type === 'int';
  if (edges) {
    if (!numeric) throw new RunyardError('bad_input', `column ${name} holds no numbers, so it can't be cut at edges`, 'leave the edges out: each of its values is a group');
    return binByEdges(name, numbersOf(values), edges);
  }
  if (values.type === 'other') return { why: 'its values are lists or structures' };
  const coded = numeric ? codeNumbers(name, values, bins) : codeTexts(name, values);
  if (named) return coded;
  if (isConstant(coded)) return { why: 'it has one value in all rows' };
  if (numeric) return idLike(name, values) ? { why: 'it is different in every row, as an id is' } : coded;
  const distinct = coded.labels.length - 1;
  return distinct > MOST_CATEGORIES ? { why: `it has ${distinct} different values` } : coded;
}

/** NaN where missing: an array of its own only where a place that is missing holds something else. */
function numbersOf(values: Extract<Values, { type: 'float' | 'int' }>): Float64Array {
  const { missing } = values;
  return missing ? values.values.map((value, row) => (missing[row] ? NaN : value)) : values.values;
}

function codeNumbers(name: string, values: Extract<Values, { type: 'float' | 'int' }>, bins: number): CodedColumn {
  const numbers = numbersOf(values);
  const seen = new Set<number>();
  for (const value of numbers) {
    if (!Number.isNaN(value)) seen.add(value);
    if (seen.size > FEW) break;
  }
  if (seen.size <= FEW) return codeTexts(name, values);
  return binByEdges(name, numbers, roundedEdges(numbers, quantileEdges(numbers, bins)));
}

function codeTexts(name: string, values: Values): CodedColumn {
  const type = values.type === 'float' || values.type === 'int' || values.type === 'bool' ? values.type : 'string';
  return codeCategories(name, Array.from({ length: values.values.length }, (_, row) => categoryText(valueAt(values, row), type)));
}

/** Whole numbers without a gap, or called an id, that are all different. */
function idLike(name: string, values: Values): boolean {
  if (values.type !== 'int' || values.missing?.includes(1) || new Set(values.values).size < values.values.length) return false;
  let [low, high] = [Infinity, -Infinity];
  for (const value of values.values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low === values.values.length - 1 || /(^|[^a-z])(id|key|index|nr|no|number)$/i.test(name);
}

/** Each edge with as few digits as leave every value on its side: what a person reads in a predicate. One with no value between it and the edge before is left out. */
export function roundedEdges(values: Float64Array, edges: readonly number[]): number[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  let last = -1;
  return edges.flatMap((edge) => {
    const below = upTo(sorted, edge);
    if (below === last) return [];
    last = below;
    for (let digits = 1; digits < 17; digits++) {
      const rounded = Number(edge.toPrecision(digits));
      if (upTo(sorted, rounded) === below) return [rounded];
    }
    return [edge];
  });
}

/** How many of the rising values are at most this. */
function upTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
