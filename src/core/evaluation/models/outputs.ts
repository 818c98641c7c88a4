/** Which of a model's outputs is the label and which are scores: told by type and shape, then by name; and what the model says of its classes. */
import { RunyardError } from '../../base/errors';
import type { Mapping, Task } from '../../../protocol/evaluation/request';
import { namesIn, type Graph, type GraphNode, type GraphValue } from './graph';
import { shownShape } from './mapping';

export interface Roles {
  /** output with the model's own label */
  label: string | null;
  /** one tensor of scores, or one a class (in the order of the classes), or a number */
  scores: string[];
  /** what is done to the scores before they are given: a probability of the second of two classes becomes both; log-probabilities and logits become probabilities */
  as: 'is' | 'both' | 'exp' | 'softmax';
  task: Task | null; classes: string[] | null; notes: string[];
}

const FLOATS = new Set(['float32', 'float64', 'float16', 'bfloat16']);
const TENSORS = /^(float|int|uint|string|bool)/;
const PASS = new Set(['Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Transpose']);
const CLASS_ATTRIBUTES = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints', 'values_strings', 'values_int64s'];

/** Throws bad_input where an output that was named isn't there, unsupported where there is none that can be read. */
export function chooseOutputs(file: string, graph: Graph, said: Pick<Mapping, 'label' | 'scores'> & { task?: Task | undefined }): Roles {
  const outputs = graph.outputs.filter(({ type }) => TENSORS.test(type));
  const notes = graph.outputs.filter((one) => !outputs.includes(one)).map(({ name, type }) => `output '${name}' is left out: it is a ${type}, not a tensor`);
  if (outputs.length === 0) throw new RunyardError('unsupported', `${file} has no output that is a tensor: ${shown(graph.outputs)}`, 'export it with tensors as outputs, or evaluate it by a command');
  const named = (name: string | undefined): GraphValue | null => {
    if (name === undefined) return null;
    const zipMap = graph.zipMaps.find(({ output }) => output === name);
    const found = outputs.find((output) => output.name === (zipMap?.tensor ?? name));
    if (!found) throw new RunyardError('bad_input', `${file} has no output '${name}' that can be read: it has ${shown(outputs)}`, 'name one of them in mapping: {label, scores}');
    return found;
  };
  const wantedLabel = named(said.label);
  const wantedScores = named(said.scores);
  const rest = outputs.filter((one) => one !== wantedLabel && one !== wantedScores);
  const label = wantedLabel ?? pickLabel(rest, wantedScores ?? widest(rest));
  const scores = wantedScores ? [wantedScores] : pickScores(rest.filter((one) => one !== label), label);
  const last = scores.length === 1 ? behind(graph, scores[0]?.name ?? '') : null;
  const classes = classesOf(graph, label, scores);
  const binary = label !== null || classes !== null;
  const { as, task, note } = meaning({ scores, last, classes, binary, asked: said.task });
  const unread = outputs.filter((one) => one !== label && !scores.includes(one)).map(({ name }) => `output '${name}' is not used`);
  return { label: label?.name ?? null, scores: scores.map(({ name }) => name), as, task, classes, notes: [...notes, ...unread, ...(note ? [note] : [])] };
}

const shown = (outputs: readonly GraphValue[]): string => outputs.map(({ name, type, shape }) => `${name} (${type}${shape ? ` ${shownShape(shape)}` : ''})`).join(', ');
const isFloat = ({ type }: GraphValue): boolean => FLOATS.has(type);
/** Columns for each row: 1 for [N] and [N,1], null where nothing is said. */
const across = ({ shape }: GraphValue): number | null => (shape === null ? null : shape.length < 2 ? 1 : (shape.at(-1) ?? null));
const preferred = (among: readonly GraphValue[], pattern: RegExp): GraphValue | null => among.find(({ name }) => pattern.test(name)) ?? among[0] ?? null;
const widest = (among: readonly GraphValue[]): GraphValue | null => preferred(among.filter((one) => isFloat(one) && (across(one) ?? 2) > 1), /prob|score/i);

function pickLabel(among: readonly GraphValue[], scores: GraphValue | null): GraphValue | null {
  const words = /label|class|pred/i;
  const exact = preferred(among.filter((one) => !isFloat(one) && (across(one) ?? 1) === 1), words);
  if (exact) return exact;
  // a label in floats can be told only where scores stand beside it
  return scores ? preferred(among.filter((one) => one !== scores && isFloat(one) && across(one) === 1 && !/prob|score/i.test(one.name)), words) : null;
}

function pickScores(among: readonly GraphValue[], label: GraphValue | null): GraphValue[] {
  const floats = among.filter(isFloat);
  const wide = widest(floats);
  if (wide && (across(wide) ?? 0) > 1) return [wide];
  const single = floats.filter((one) => (across(one) ?? 1) === 1);
  // ZipMap 'columns' of skl2onnx: a tensor of one column for each class
  if (label && single.length > 1 && single.length === floats.length && !single.some(({ name }) => /prob|score/i.test(name))) return single;
  const one = preferred(floats, /prob|score|pred|variable|output/i);
  return one ? [one] : [];
}

/** The node that made a tensor, seen through those that only change its form. */
function behind(graph: Graph, tensor: string): GraphNode | null {
  let name = tensor;
  for (let step = 0; step < graph.nodes.length + 1; step++) {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
    if (!node || !PASS.has(node.op) || node.inputs[0] === undefined) return node ?? null;
    name = node.inputs[0];
  }
  return null;
}

function classesOf(graph: Graph, label: GraphValue | null, scores: readonly GraphValue[]): string[] | null {
  const wide = scores.length > 1 ? scores.length : scores[0] ? across(scores[0]) : null;
  const right = (names: string[] | null | undefined): names is string[] => !!names && names.length > 1 && (wide === null || wide === 1 || names.length === wide);
  const zipped = graph.zipMaps.find(({ tensor, output }) => scores.some(({ name }) => name === tensor || name === output))?.classes;
  if (right(zipped)) return zipped;
  for (const name of [label?.name, ...scores.map((one) => one.name)]) {
    const node = name === undefined ? null : behind(graph, name);
    // an encoder without scores beside it may give other labels than its own: those that it is given none for
    const encodes = node?.op === 'LabelEncoder' && scores.length === 0;
    const names = node && !encodes ? (node.op === 'ArrayFeatureExtractor' ? graph.names(node.inputs[0] ?? '') : namesIn(node, CLASS_ATTRIBUTES)) : null;
    if (right(names)) return names;
  }
  const said = listIn(graph.metadata, ['classes', 'class_names', 'labels', 'classlabels', 'id2label', 'names']);
  if (right(said)) return said;
  const all = graph.nodes.flatMap((node) => (/Classifier$/.test(node.op) ? [namesIn(node, CLASS_ATTRIBUTES)] : [])).filter(right);
  const different = new Set(all.map((names) => JSON.stringify(names)));
  return different.size === 1 && wide !== null && wide > 1 ? (all[0] ?? null) : null;
}

/** A list of names in a model's metadata: JSON, or with commas between; the values of {"0": "cat", ...} in the order of their keys. */
export function listIn(metadata: Readonly<Record<string, string>>, keys: readonly string[]): string[] | null {
  const key = Object.keys(metadata).find((one) => keys.includes(one.toLowerCase()));
  const value = key === undefined ? '' : (metadata[key] ?? '').trim();
  if (value === '') return null;
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return parsed.map(String);
    if (typeof parsed === 'object' && parsed !== null) return Object.entries(parsed).sort(([a], [b]) => Number(a) - Number(b)).map(([, name]) => String(name));
  } catch {
    // not JSON: names with commas between, perhaps in Python's brackets
    return value.replace(/^[[({]|[\])}]$/g, '').split(',').map((one) => one.trim().replace(/^(\d+\s*:\s*)?['"]|['"]$/g, ''));
  }
  return null;
}

interface Meaning { scores: readonly GraphValue[]; last: GraphNode | null; classes: string[] | null; binary: boolean; /** what was asked for */ asked: Task | undefined }

/** What the scores are, by the node that made them and by their name. */
function meaning({ scores, last, classes, binary, asked }: Meaning): { as: Roles['as']; task: Task | null; note?: string } {
  const [one] = scores;
  const wide = scores.length > 1 ? scores.length : one ? across(one) : null;
  const task: Task | null = classes ? (classes.length === 2 ? 'binary' : 'multiclass') : wide !== null && wide > 1 ? (wide === 2 ? 'binary' : 'multiclass') : null;
  if (!one) return { as: 'is', task };
  if (wide === 1) {
    if (asked === 'regression' || asked === 'ranking') return { as: 'is', task: asked === 'regression' && !binary ? asked : task };
    const logistic = last?.op === 'Sigmoid' || transform(last) === 'LOGISTIC';
    if (logistic || (asked === 'binary' && !binary) || /prob/i.test(one.name) || (binary && /score/i.test(one.name) && last === null)) {
      return { as: 'both', task: 'binary', note: `output '${one.name}' is read as the probability of ${classes?.[1] ?? 'the positive class'}` };
    }
    if (binary && classes?.length === 2) return { as: 'is', task };
    return { as: 'is', task: binary ? task : /Regressor$/.test(last?.op ?? '') ? 'regression' : null };
  }
  if (last?.op === 'LogSoftmax') return { as: 'exp', task, note: `output '${one.name}' holds logarithms of probabilities: they are raised` };
  if (/logit/i.test(one.name) && last?.op !== 'Softmax' && last?.op !== 'Sigmoid') return { as: 'softmax', task, note: `output '${one.name}' is read as logits: softmax makes probabilities of them` };
  return { as: 'is', task };
}

function transform(node: GraphNode | null): string {
  const found = node?.attribute('post_transform');
  return found ? new TextDecoder().decode(found.s) : '';
}
