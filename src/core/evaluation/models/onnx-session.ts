/** Sessions of ONNX Runtime in this process, on the CPU. Its binary is loaded when the first one is opened: where there is none, everything else works. */
import { availableParallelism } from 'node:os';
import { RunyardError, describeError } from '../../base/errors';
import type { Session, Tensor, TensorData } from './session';

export interface SessionSource { /** what messages call it */ name: string; /** of the file as it is */ path: string; /** the model where it isn't what the file has */ bytes: Uint8Array | null; /** of the files with weights beside the model */ folder: string; /** of one run; as many as help unless said */ threads?: number | undefined }

type Runtime = typeof import('onnxruntime-node');

/** Loads the binary. Throws unsupported where there is none for this machine. */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const loaded = await import('onnxruntime-node') as Runtime & { default?: Runtime };
    return loaded.default ?? loaded;
  } catch (error) {
    throw new RunyardError('unsupported', `ONNX Runtime has no binary for ${process.platform} ${process.arch}: ${describeError(error).split('\n')[0] ?? ''}`, 'install onnxruntime in the Python that Runyard uses (pip install onnxruntime)', { cause: error });
  }
}

/** Throws bad_input where ONNX Runtime refuses the model, with its words. Memory is given back between batches: no arena. */
export async function nativeSession(runtime: Runtime, { name, path, bytes, folder, threads = usualThreads() }: SessionSource): Promise<Session> {
  const options = {
    executionProviders: ['cpu'], enableCpuMemArena: false, enableMemPattern: false, intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 as const,
    // threads that wait in a loop for work double the processor's time for nothing, and the machine is the person's
    extra: { session: { intra_op: { allow_spinning: '0' }, ...(bytes ? { model_external_initializers_file_folder_path: folder } : {}) } },
  };
  const session = await (bytes ? runtime.InferenceSession.create(bytes, options) : runtime.InferenceSession.create(path, options)).catch((error: unknown) => {
    throw new RunyardError('bad_input', `${name} can't be loaded by ONNX Runtime: ${describeError(error)}`, 'export it again with an opset that ONNX Runtime 1.30 knows, or evaluate it by a command', { cause: error });
  });
  return {
    async run(feeds, fetches) {
      const tensors = Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, given(runtime, tensor)]));
      const results = await session.run(tensors, [...fetches]);
      return Object.fromEntries(Object.entries(results).map(([key, { type, data, dims }]): [string, Tensor] => [key, { type, data: type === 'float16' ? bitsOf(data as Float32Array) : data as TensorData, dims }]));
    },
    close: () => session.release(),
  };
}

function given(runtime: Runtime, { type, data, dims }: Tensor): InstanceType<Runtime['Tensor']> {
  const tensor = new runtime.Tensor(type as 'float32', data as Float32Array, dims as number[]);
  // the binding of 1.30 doesn't know Float16Array, which Node has since 24: it takes the bits
  return type === 'float16' ? Object.defineProperty(tensor, 'data', { value: data }) : tensor;
}
const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint16Array => new Uint16Array(buffer, byteOffset, length);

/** Of one run: all that there are, but no more than a small model has use for. */
const usualThreads = (): number => Math.max(1, Math.min(8, availableParallelism()));
