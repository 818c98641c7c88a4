/**
 * Which columns feed which inputs of a model. Told by names where an input takes one column; where it takes a row of them, by the names that the model
 * carries, else by the order of the data where exactly so many columns are left. What can't be told is a problem that names input and column; never a guess.
 */
import { nearest } from '../../base/nearest';
import type { ColumnType, Mapping } from '../../../protocol/evaluation/request';
import type { Column } from '../data/types';
import type { ModelInput } from './types';

export interface InputFeed { input: ModelInput; columns: Column[]; /** what stands for a missing value; undefined: NaN for floats, '' for strings, else the row fails */ missing: string | number | undefined }
export interface MappingProblem { code: 'input_not_fed' | 'column_not_found' | 'wrong_type' | 'wrong_count' | 'input_not_found' | 'not_supported'; input: string; message: string; hint: string }
export interface MappingOptions {
  label: string; id?: string | undefined;
  /** columns that are no features unless the model itself calls for them by their names: splits */
  exclude?: readonly string[];
  /** what a person said; checked as what was inferred is */
  given?: Mapping['inputs'] | undefined;
  /** names of the features in the order in which the model takes them, from its own metadata */
  features?: readonly string[] | undefined;
}
export interface InferredMapping { feeds: InputFeed[]; problems: MappingProblem[]; notes: string[] }

const FLOATS = new Set(['float32', 'float64', 'float16']);
const INTS = new Set(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64']);

/** Whether values of a column can be fed to an input of this type at all. A float column feeds an integer input where its values are whole: each row is looked at. */
export function fits(type: string, column: ColumnType): boolean {
  if (FLOATS.has(type) || INTS.has(type)) return column === 'float' || column === 'int' || column === 'bool';
  if (type === 'bool') return column === 'bool' || column === 'int';
  return type === 'string' && column !== 'float' && column !== 'other';
}

/** How many columns an input takes for each row; null: as many as there are; NaN where nothing can be told. A first dimension is the batch. */
export function width({ shape }: ModelInput): number | null {
  if (shape.length === 0) return NaN;
  const rest = shape.slice(1);
  if (rest.length === 1) return rest[0] ?? null;
  return rest.reduce<number>((product, size) => product * (size ?? NaN), 1);
}

/** 'float32 [N,10]': as messages and tables show an input. */
export const described = ({ type, shape }: ModelInput): string => `${type} ${shownShape(shape)}`;
export const shownShape = (shape: readonly (number | null)[]): string => `[${shape.map((size, at) => size ?? (at === 0 ? 'N' : '?')).join(',')}]`;

/** Pure. `inputs` and `columns` in their own order; a column may feed more than one input only where a person says so. */
export function inferMapping(inputs: readonly ModelInput[], columns: readonly Column[], options: MappingOptions): InferredMapping {
  const state: State = { columns, feeds: new Map(), problems: [], notes: [], used: new Set(), options };
  for (const name of Object.keys(options.given ?? {})) {
    if (!inputs.some((input) => input.name === name)) state.problems.push(unknownInput(name, inputs));
  }
  for (const input of inputs) given(state, input);
  const open = (): ModelInput[] => inputs.filter(({ name }) => !state.feeds.has(name) && !state.problems.some((problem) => problem.input === name));
  for (const input of open()) if (Number.isNaN(width(input))) state.problems.push(notSupported(input));
  for (const same of [exact, alike]) for (const input of open()) if (width(input) === 1) byName(state, input, same);
  for (const input of open()) if (width(input) !== 1 || inputs.length === 1) byFeatures(state, input);
  const several = open().filter((input) => width(input) !== 1 || inputs.length === 1);
  for (const input of several) byOrder(state, input, several);
  for (const input of open()) state.problems.push(notFed(state, input));
  return { feeds: inputs.flatMap(({ name }) => state.feeds.get(name) ?? []), problems: state.problems, notes: state.notes };
}

interface State { columns: readonly Column[]; feeds: Map<string, InputFeed>; problems: MappingProblem[]; notes: string[]; used: Set<string>; options: MappingOptions }

const exact = (a: string, b: string): boolean => a === b;
const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const alike = (a: string, b: string): boolean => plain(a) === plain(b) && plain(a) !== '';

/** Columns that may be taken without anybody saying so; with `named` those that are left out too, where the model itself calls for them by their very name. */
function free({ columns, used, options: { label, id, exclude = [] } }: State, named: (name: string) => boolean = () => false): Column[] {
  return columns.filter(({ name }) => name !== label && name !== id && (!exclude.includes(name) || named(name)) && !used.has(name));
}

function feed(state: State, input: ModelInput, columns: Column[], missing?: string | number): void {
  const wrong = columns.find(({ type }) => !fits(input.type, type));
  if (wrong) { state.problems.push(wrongType(input, wrong)); return; }
  state.feeds.set(input.name, { input, columns, missing });
  for (const { name } of columns) state.used.add(name);
}

function given(state: State, input: ModelInput): void {
  const said = state.options.given?.[input.name];
  if (!said) return;
  const found = said.columns.map((name) => state.columns.find((column) => column.name === name));
  const lost = said.columns.find((_, at) => !found[at]);
  if (lost !== undefined) { state.problems.push(lostColumn(input, lost, state.columns)); return; }
  const wanted = width(input);
  if (wanted !== null && wanted !== said.columns.length) { state.problems.push(wrongCount(input, said.columns)); return; }
  feed(state, input, found.flatMap((column) => column ?? []), said.missing);
}

function byName(state: State, input: ModelInput, same: (a: string, b: string) => boolean): void {
  const found = free(state, (name) => name === input.name).filter(({ name }) => same(name, input.name));
  const [column] = found;
  if (found.length > 1) state.problems.push(ambiguous(input, found));
  else if (column) feed(state, input, [column]);
}

/** By the names that the model itself carries, where it takes so many. */
function byFeatures(state: State, input: ModelInput): void {
  const { features } = state.options;
  const wanted = width(input);
  if (!features || features.length === 0 || (wanted !== null && wanted !== features.length)) return;
  const among = free(state, (name) => features.includes(name));
  const found = features.map((feature) => among.find(({ name }) => name === feature) ?? among.find(({ name }) => alike(name, feature)));
  if (found.every((column) => column !== undefined)) {
    feed(state, input, found);
    return;
  }
  const lost = features.filter((_, at) => !found[at]);
  state.problems.push({ code: 'column_not_found', input: input.name, message: `input '${input.name}' (${described(input)}) takes ${listed(lost)}, by the model's own metadata, and the data has no such ${lost.length === 1 ? 'column' : 'columns'}`, hint: `${hintFor(input)}` });
}

/** In the order of the data, where exactly as many columns of a type that fits are left as the input takes, and no other input could want them. */
function byOrder(state: State, input: ModelInput, several: readonly ModelInput[]): void {
  const wanted = width(input);
  const left = free(state).filter(({ type }) => natural(input.type, type));
  const rivals = several.filter((other) => other !== input && !state.feeds.has(other.name) && left.some(({ type }) => natural(other.type, type)));
  if (rivals.length > 0) {
    state.problems.push({ code: 'input_not_fed', input: input.name, message: `inputs '${input.name}' (${described(input)}) and '${rivals[0]?.name ?? ''}' could both take ${listed(left.map(({ name }) => name))}`, hint: hintFor(input) });
    return;
  }
  if (left.length === 0 || (wanted !== null && left.length !== wanted)) return;
  feed(state, input, left);
  const which = left.length === 1 ? `column ${left[0]?.name ?? ''}` : `the ${left.length} columns that are left, in the order of the data`;
  state.notes.push(`input '${input.name}' is fed ${which}: the model doesn't name its features`);
}

/** What a tensor takes without being told: numbers and booleans for numbers, texts for texts. */
const natural = (input: string, column: ColumnType): boolean => (input === 'string' ? column === 'string' : input === 'bool' ? column === 'bool' : column === 'float' || column === 'int' || column === 'bool');

const hintFor = ({ name }: ModelInput): string => `say which with mapping: {inputs: {${JSON.stringify(name)}: {columns: [...]}}}`;
const listed = (names: readonly string[]): string => (names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', '));

function notFed(state: State, input: ModelInput): MappingProblem {
  const wanted = width(input);
  const left = free(state);
  const about = `input '${input.name}' (${described(input)})`;
  if (wanted === 1) {
    const near = nearest(input.name, left.map(({ name }) => name));
    return { code: 'input_not_fed', input: input.name, message: `${about} is fed by no column: the data has none of that name`, hint: near === null ? hintFor(input) : `if it is ${near} that feeds it, ${hintFor(input)}` };
  }
  const fitting = left.filter(({ type }) => natural(input.type, type)).map(({ name }) => name);
  const kind = input.type === 'string' ? 'text' : 'numbers';
  return { code: 'wrong_count', input: input.name, message: `${about} takes ${wanted ?? 'some'} columns of ${kind}, and the data has ${fitting.length} besides label and id: ${listed(fitting) || 'none'}`, hint: hintFor(input) };
}

const unknownInput = (name: string, inputs: readonly ModelInput[]): MappingProblem => ({
  code: 'input_not_found', input: name, message: `the model has no input '${name}': it has ${listed(inputs.map((input) => `${input.name} (${described(input)})`))}`, hint: 'name an input that it has',
});
const lostColumn = (input: ModelInput, name: string, columns: readonly Column[]): MappingProblem => {
  const near = nearest(name, columns.map((column) => column.name));
  return { code: 'column_not_found', input: input.name, message: `input '${input.name}' (${described(input)}) is to be fed column ${name}, which the data doesn't have`, hint: near === null ? `it has ${listed(columns.map((column) => column.name))}` : `did you mean ${near}?` };
};
const wrongCount = (input: ModelInput, columns: readonly string[]): MappingProblem => ({
  code: 'wrong_count', input: input.name, message: `input '${input.name}' (${described(input)}) takes ${width(input) ?? 'some'} ${width(input) === 1 ? 'column' : 'columns'} and is given ${columns.length}: ${listed(columns)}`, hint: 'name as many columns as it takes, in its order',
});
const wrongType = (input: ModelInput, column: Column): MappingProblem => ({
  code: 'wrong_type', input: input.name, message: `input '${input.name}' (${described(input)}) can't take column ${column.name}, which is ${column.type}${column.stored ? ` (${column.stored})` : ''}`,
  hint: column.type === 'float' && input.type === 'string' ? `declare how it is read with types: {${JSON.stringify(column.name)}: string}` : hintFor(input),
});
const ambiguous = (input: ModelInput, found: readonly Column[]): MappingProblem => ({
  code: 'input_not_fed', input: input.name, message: `input '${input.name}' (${described(input)}) could be fed by ${listed(found.map(({ name }) => name))}`, hint: hintFor(input),
});
const notSupported = (input: ModelInput): MappingProblem => ({
  code: 'not_supported', input: input.name, message: `input '${input.name}' (${described(input)}) is no row of columns`, hint: 'evaluate the model by a command that makes its input',
});
