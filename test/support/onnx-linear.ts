/** A linear model as an ONNX file, byte by byte: y = x · weights + bias, one input of all columns. For tests that need models which differ in known ways. */

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))]);
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: readonly number[] | Uint8Array): number[] => [...varint((field << 3) | 2), ...varint(content.length), ...content];
const text = (field: number, content: string): number[] => bytes(field, new TextEncoder().encode(content));

const FLOAT = 1;
const tensor = (name: string, dims: readonly number[], values: readonly number[]): number[] => [...dims.flatMap((dim) => number(1, dim)), ...number(2, FLOAT), ...text(8, name), ...bytes(9, new Uint8Array(Float32Array.from(values).buffer))];
const value = (name: string, columns: number): number[] => [...text(1, name), ...bytes(2, bytes(1, [...number(1, FLOAT), ...bytes(2, [...bytes(1, text(2, 'N')), ...bytes(1, number(1, columns))])]))];
const node = (op: string, inputs: readonly string[], output: string): number[] => [...inputs.flatMap((input) => text(1, input)), ...text(2, output), ...text(3, output), ...text(4, op)];

/** Inputs float32 [N, weights.length], output float32 [N, 1]. */
export function linearModel(weights: readonly number[], bias = 0): Uint8Array {
  const graph = [
    ...bytes(1, node('MatMul', ['x', 'w'], 'product')), ...bytes(1, node('Add', ['product', 'b'], 'y')), ...text(2, 'linear'),
    ...bytes(5, tensor('w', [weights.length, 1], weights)), ...bytes(5, tensor('b', [1], [bias])), ...bytes(11, value('x', weights.length)), ...bytes(12, value('y', 1)),
  ];
  return Uint8Array.from([...number(1, 8), ...text(2, 'runyard-tests'), ...bytes(7, graph), ...bytes(8, number(2, 13))]);
}
