/** What an ONNX file says of itself: inputs, outputs, classes; and the file without ZipMap, which onnxruntime-node can't read the output of. */
import { RunyardError, describeError } from '../../base/errors';
import { bytesField, decode, spans, tensorOutput, type Messages } from './onnx-messages';

export interface GraphNode { op: string; domain: string; name: string; inputs: string[]; outputs: string[]; /** of one attribute, decoded when asked for */ attribute(name: string): Messages['Attribute'] | null }
/** `type`: 'float32', 'string' ...; 'sequence', 'map' where it is no tensor. `shape`: null where nothing is said of it. */
export interface GraphValue { name: string; type: string; shape: (number | null)[] | null }
/** A ZipMap at the graph's end: the output that it made, the tensor that it fed on and the names that it gave to its columns. */
export interface ZipMap { output: string; tensor: string; classes: string[] }

export interface Graph {
  /** 'skl2onnx 1.20.0' */
  producer: string;
  opsets: Record<string, number>;
  metadata: Record<string, string>;
  inputs: GraphValue[];
  /** as they are once ZipMap is out */
  outputs: GraphValue[];
  nodes: GraphNode[];
  zipMaps: ZipMap[];
  /** files beside the model that hold weights */
  external: string[];
  /** the model without ZipMap; null where it had none and the file can be loaded as it is */
  changed: Uint8Array | null;
  /** an initializer's values as text (names of classes); null where there is none of that name or they are no names */
  names(initializer: string): string[] | null;
}

const ELEMENTS = ['', 'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'];
const FLOAT = 1;
const GRAPH = 7;
const NODE = 1;
const OUTPUT = 12;

/** Throws bad_input where the bytes are no ONNX model; `file` is what the message calls it. */
export function readGraph(file: string, bytes: Uint8Array): Graph {
  try {
    return read(bytes);
  } catch (error) {
    throw new RunyardError('bad_input', `${file} is no ONNX model: ${describeError(error)}`, 'give an .onnx file, whole and not a pointer to one', { cause: error });
  }
}

function read(bytes: Uint8Array): Graph {
  const model = decode('Model', bytes);
  if (model.graph.length === 0) throw new Error('it holds no graph');
  const graph = decode('Graph', model.graph);
  const nodes = graph.nodes.map(readNode);
  const heads = graph.initializers.map((one) => decode('TensorHead', one));
  const initial = new Map(heads.map((head, at) => [head.name, graph.initializers[at] as Uint8Array]));
  const outputs = graph.outputs.map(readValue);
  const zipMaps = nodes.flatMap((node) => readZipMap(node, outputs));
  return {
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    opsets: Object.fromEntries(model.opsets.map(({ domain, version }) => [domain, Number(version)])),
    metadata: Object.fromEntries(model.metadata.map(({ key, value }) => [key, value])),
    inputs: graph.inputs.filter(({ name }) => !initial.has(name)).map(readValue),
    outputs: withoutZipMap(outputs, zipMaps), nodes, zipMaps,
    external: [...new Set(heads.filter(({ location }) => location === 1).flatMap(({ external }) => external.filter(({ key }) => key === 'location').map(({ value }) => value)))],
    changed: zipMaps.length > 0 ? removeZipMaps(bytes, zipMaps, outputs) : null,
    names(initializer) {
      const found = initial.get(initializer);
      return found ? namesOf(decode('Tensor', found)) : null;
    },
  };
}

function readNode(bytes: Uint8Array): GraphNode {
  const { op, domain, name, inputs, outputs, attributes } = decode('Node', bytes);
  return { op, domain, name, inputs, outputs, attribute(wanted) {
    const found = attributes.find((one) => decode('AttributeName', one).name === wanted);
    return found ? decode('Attribute', found) : null;
  } };
}

function readValue({ name, type }: Messages['ValueInfo']): GraphValue {
  if (type?.value !== 'tensor' || !type.tensor) return { name, type: type?.value ?? 'unknown', shape: null };
  const shape = type.tensor.shape?.dims.map((dim) => (dim.value === 'size' && Number(dim.size) > 0 ? Number(dim.size) : null)) ?? null;
  return { name, type: ELEMENTS[type.tensor.element] ?? 'unknown', shape };
}

/** Texts that encoders know, by the graph's input that each is fed by; seen through what only changes its form or takes a column of it (of an input of one column, that one). */
export function knownTexts({ nodes, inputs }: Graph): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const sourceOf = (name: string): string => {
    const node = nodes.find(({ outputs }) => outputs.includes(name));
    return node && ['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Gather', 'ArrayFeatureExtractor'].includes(node.op) ? sourceOf(node.inputs[0] ?? '') : name;
  };
  for (const node of nodes) {
    const names = node.op === 'OneHotEncoder' ? namesIn(node, ['cats_strings']) : null;
    const source = sourceOf(node.inputs[0] ?? '');
    if (names && inputs.some(({ name, type }) => name === source && type === 'string')) known.set(source, new Set(names));
  }
  return known;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Names of classes in an attribute, or null where it isn't there or is empty. */
export function namesIn(node: GraphNode, attributes: readonly string[]): string[] | null {
  for (const name of attributes) {
    const found = node.attribute(name);
    if (!found) continue;
    const names = found.strings.length > 0 ? found.strings.map(text) : found.ints.length > 0 ? found.ints : found.floats.length > 0 ? found.floats.map(String) : found.tensor ? namesOf(found.tensor) : null;
    if (names) return names;
  }
  return null;
}

function namesOf({ type, strings, longs, ints, raw }: Messages['Tensor']): string[] | null {
  if (strings.length > 0) return strings.map(text);
  if (longs.length > 0) return longs;
  if (ints.length > 0) return type === 9 ? ints.map((one) => (one ? 'True' : 'False')) : ints.map(String);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (type === 7) return Array.from({ length: raw.length / 8 }, (_, at) => view.getBigInt64(at * 8, true).toString());
  if (type === 6) return Array.from({ length: raw.length / 4 }, (_, at) => view.getInt32(at * 4, true).toString());
  return type === 9 ? [...raw].map((one) => (one ? 'True' : 'False')) : null;
}

function readZipMap(node: GraphNode, outputs: readonly GraphValue[]): ZipMap[] {
  const [tensor] = node.inputs;
  const [output] = node.outputs;
  if (node.op !== 'ZipMap' || tensor === undefined || output === undefined || !outputs.some(({ name }) => name === output)) return [];
  return [{ output, tensor, classes: namesIn(node, ['classlabels_strings', 'classlabels_int64s']) ?? [] }];
}

/** A ZipMap's place among the outputs is taken by the tensor that it fed on, unless that is an output itself. */
function withoutZipMap(outputs: readonly GraphValue[], zipMaps: readonly ZipMap[]): GraphValue[] {
  return outputs.flatMap((output) => {
    const zipMap = zipMaps.find((one) => one.output === output.name);
    if (!zipMap) return [output];
    if (outputs.some(({ name }) => name === zipMap.tensor)) return [];
    return [{ name: zipMap.tensor, type: 'float32', shape: [null, zipMap.classes.length || null] }];
  });
}

/** The same bytes but for the nodes and outputs of ZipMap, and the tensors that are outputs in their place. */
function removeZipMaps(bytes: Uint8Array, zipMaps: readonly ZipMap[], outputs: readonly GraphValue[]): Uint8Array {
  const made = new Set(zipMaps.map(({ output }) => output));
  const parts: Uint8Array[] = [];
  for (const outer of spans(bytes)) {
    if (outer.id !== GRAPH) { parts.push(bytes.subarray(outer.from, outer.to)); continue; }
    const graph = bytes.subarray(outer.start, outer.to);
    const kept = spans(graph).flatMap(({ id, from, start, to }) => {
      const content = graph.subarray(start, to);
      if (id === NODE && isZipMap(content, made)) return [];
      if (id !== OUTPUT) return [graph.subarray(from, to)];
      const zipMap = zipMaps.find(({ output }) => output === decode('ValueInfo', content).name);
      if (!zipMap) return [graph.subarray(from, to)];
      return outputs.some(({ name }) => name === zipMap.tensor) ? [] : [bytesField(OUTPUT, tensorOutput(zipMap.tensor, FLOAT))];
    });
    parts.push(bytesField(GRAPH, Buffer.concat(kept)));
  }
  return Buffer.concat(parts);
}

function isZipMap(bytes: Uint8Array, made: ReadonlySet<string>): boolean {
  const { op, outputs } = decode('Node', bytes);
  return op === 'ZipMap' && outputs.some((output) => made.has(output));
}
