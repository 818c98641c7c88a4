/** How far the columns of one data set are from those of another, for the evaluator's process: population stability index. */
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { Column, Data, Values } from '../../evaluation/data/types';
import { openData } from '../../evaluation/data/open';
import type { JobTable } from '../../evaluation/process/jobs';
import { openTwo } from '../drift/open-two';
import { countIn, decileEdges } from '../measures/bins';
import { countCategories } from '../measures/categories';
import { psi } from '../measures/psi';
import { sampleOf } from '../measures/sample';

/** With more values on the reference's side a text is a name, not a group. */
const MOST_CATEGORIES = 1000;
const NUMBERS = new Set(['float', 'int']);
const GROUPS = new Set(['string', 'bool']);

/**
 * Numbers in bins by the reference's deciles, texts and booleans by their values; missing ones are left out. In the order of the reference's columns.
 * Throws not_found for a column that was asked for and one side hasn't.
 */
export const drift: JobTable['drift'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory } = params;
  const options = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  progress('reading data', 0, 0);
  await using opened = await openTwo(openData(params.reference, options), openData(params.current, options));
  const { one: reference, other: current } = opened;
  const names = params.columns ?? reference.columns.map(({ name }) => name).filter((name) => columnOf(current, name));
  const found: { column: string; psi: number | null; why: string }[] = [];
  for (const [at, name] of names.entries()) {
    refuseStopped(signal);
    found.push({ column: name, ...(await columnDrift({ reference, current }, name, signal)) });
    progress('comparing columns', at + 1, names.length);
  }
  return found;
};

const columnOf = ({ columns }: Data, name: string): Column | undefined => columns.find((column) => column.name === name);

function sideOf(data: Data, name: string): Column {
  const column = columnOf(data, name);
  if (!column) throw new RunyardError('not_found', `${data.spec.files.join(', ')} has no column ${name}`, `it has ${data.columns.map((one) => one.name).slice(0, 30).join(', ')}`);
  return column;
}

async function columnDrift({ reference, current }: { reference: Data; current: Data }, name: string, signal: AbortSignal): Promise<{ psi: number | null; why: string }> {
  const [was, is] = [sideOf(reference, name).type, sideOf(current, name).type];
  const numbers = NUMBERS.has(was) && NUMBERS.has(is);
  if (!numbers && !(GROUPS.has(was) && GROUPS.has(is))) return { psi: null, why: was === is ? `a column of type ${was} has no groups` : `it is ${was} in one and ${is} in the other` };
  if (!numbers && (await reference.frequent(name, MOST_CATEGORIES + 1)).length > MOST_CATEGORIES) return { psi: null, why: `it has more than ${MOST_CATEGORIES} different values: names, no groups` };
  const [before, after] = [await reference.column(name, signal), await current.column(name, signal)];
  const value = numbers ? ofNumbers(before, after) : ofGroups(before, after);
  return { psi: value, why: value === null ? 'one side has no values' : '' };
}

function ofNumbers(reference: Values, current: Values): number | null {
  const [before, after] = [sampleOf(numbersOf(reference)), sampleOf(numbersOf(current))];
  const edges = decileEdges(before);
  return psi(countIn(before, edges), countIn(after, edges));
}

const numbersOf = (column: Values): Float64Array => (column.type === 'float' || column.type === 'int' ? column.values.map((value, row) => (column.missing?.[row] ? NaN : value)) : new Float64Array());

function ofGroups(reference: Values, current: Values): number | null {
  const counts = countCategories(textsOf(reference), textsOf(current));
  return psi(counts.reference, counts.current);
}

function* textsOf(column: Values): Generator<string | null> {
  for (let row = 0; row < column.values.length; row++) {
    yield column.missing?.[row] ? null : column.type === 'bool' ? (column.values[row] ? 'True' : 'False') : String(column.values[row]);
  }
}
