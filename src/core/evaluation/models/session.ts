/** A model that is loaded and takes tensors, in this process or in another. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | BigUint64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array | string[];
/** `type` by ONNX Runtime's names: 'float32', 'int64', 'string', 'bool' ...; row after row. A float16's data are its bits. */
export interface Tensor { type: string; data: TensorData; dims: readonly number[] }

export interface Session {
  /** Rejects with ONNX Runtime's words where the model fails on these rows. */
  run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}
