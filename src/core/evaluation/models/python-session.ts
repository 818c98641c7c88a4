/** A session in the person's Python, where ONNX Runtime has no binary for this process: tensors cross its standard input and output. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { RunyardError } from '../../base/errors';
import { shownEnding, shownTail, startChild, type Child } from './child';
import type { SessionSource } from './onnx-session';
import type { Session, Tensor, TensorData } from './session';

/** Asked in a line of JSON that says what tensors follow as bytes (texts are in the line); answers in the same way, or {error}. */
const PROGRAM = String.raw`
import json, os, sys
asked = os.fdopen(os.dup(0), 'rb')
out = os.fdopen(os.dup(1), 'wb')
os.dup2(2, 1)
try:
    import numpy, onnxruntime
except ImportError as error:
    sys.exit('%s has no onnxruntime: %s' % (sys.executable, error))
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
if sys.argv[2]:
    options.add_session_config_entry('session.model_external_initializers_file_folder_path', sys.argv[2])
source = open(sys.argv[1], 'rb').read() if sys.argv[2] else sys.argv[1]
session = onnxruntime.InferenceSession(source, options, providers=['CPUExecutionProvider'])
kinds = {'float32': 'f4', 'float64': 'f8', 'int64': 'i8', 'uint64': 'u8', 'int32': 'i4', 'uint32': 'u4', 'int16': 'i2', 'uint16': 'u2', 'int8': 'i1', 'uint8': 'u1', 'bool': '?', 'float16': 'f2'}
names = {numpy.dtype(kind).name: name for name, kind in kinds.items()}

def say(head, parts=()):
    out.write(json.dumps(head).encode() + b'\n')
    for part in parts:
        out.write(part)
    out.flush()

say({'ready': True})
for line in asked:
    head = json.loads(line)
    feeds = {}
    for one in head['feeds']:
        if one['type'] == 'string':
            feeds[one['name']] = numpy.array(one['texts'], dtype=object).reshape(one['dims'])
        else:
            feeds[one['name']] = numpy.frombuffer(asked.read(one['bytes']), dtype=kinds[one['type']]).reshape(one['dims'])
    try:
        made = session.run(head['fetches'], feeds)
    except Exception as error:
        say({'error': str(error)})
        continue
    heads, parts = [], []
    for name, one in zip(head['fetches'], made):
        one = numpy.ascontiguousarray(one)
        if one.dtype.name in names:
            parts.append(one.tobytes())
            heads.append({'name': name, 'type': names[one.dtype.name], 'dims': list(one.shape), 'bytes': one.nbytes})
        else:
            heads.append({'name': name, 'type': 'string', 'dims': list(one.shape), 'texts': [str(text) for text in one.ravel()]})
    say({'outputs': heads}, parts)
`;

const output = z.object({ name: z.string(), type: z.string(), dims: z.array(z.number()), bytes: z.number().int().min(0).optional(), texts: z.array(z.string()).optional() });
const answer = z.union([z.object({ ready: z.literal(true) }), z.object({ error: z.string() }), z.object({ outputs: z.array(output) })]);
type Answer = z.output<typeof answer>;

const MADE: Readonly<Record<string, (bytes: ArrayBuffer) => TensorData>> = {
  float32: (bytes) => new Float32Array(bytes), float64: (bytes) => new Float64Array(bytes), int64: (bytes) => new BigInt64Array(bytes), uint64: (bytes) => new BigUint64Array(bytes),
  int32: (bytes) => new Int32Array(bytes), uint32: (bytes) => new Uint32Array(bytes), int16: (bytes) => new Int16Array(bytes), uint16: (bytes) => new Uint16Array(bytes),
  int8: (bytes) => new Int8Array(bytes), uint8: (bytes) => new Uint8Array(bytes), bool: (bytes) => new Uint8Array(bytes), float16: (bytes) => new Uint16Array(bytes),
};

/** Throws unsupported where this Python has no onnxruntime or can't load the model, with its words. */
export async function pythonSession({ name, path, bytes, folder }: SessionSource, { python, workspace, temp }: { python: string; workspace: string; temp: string }): Promise<Session> {
  const own = join(temp, `onnx-${randomBytes(6).toString('hex')}`);
  const model = bytes ? join(own, 'model.onnx') : path;
  if (bytes) {
    await mkdir(own, { recursive: true });
    await writeFile(model, bytes);
  }
  const child = startChild({ command: [python, '-c', PROGRAM, model, bytes ? folder : dirname(model) === folder ? '' : folder], workspace, python });
  const line = reader(child);
  const fallen = async (): Promise<never> => {
    const ending = await child.ended;
    throw new RunyardError('unsupported', `${name} can't be run by Python's ONNX Runtime: it ${shownEnding(ending)}`, shownTail(ending));
  };
  const close = async (): Promise<void> => {
    child.kill();
    await child.ended.catch(() => undefined);
    await rm(own, { recursive: true, force: true });
  };
  try {
    if (await line.head() === null) await fallen();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async run(feeds, fetches) {
      await send(child, feeds, fetches);
      const head = await line.head();
      if (head === null) return fallen();
      if ('error' in head) throw new Error(head.error);
      const made: Record<string, Tensor> = {};
      for (const { name: key, type, dims, bytes: length, texts } of 'outputs' in head ? head.outputs : []) {
        const data = texts ?? MADE[type]?.(await line.bytes(length ?? 0));
        if (data) made[key] = { type, data, dims };
      }
      return made;
    },
    close,
  };
}

async function send({ process: { stdin }, ended }: Child, feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<void> {
  const entries = Object.entries(feeds);
  const heads = entries.map(([name, { type, data, dims }]) => ({ name, type, dims, ...(Array.isArray(data) ? { texts: data } : { bytes: data.byteLength }) }));
  const parts = [Buffer.from(`${JSON.stringify({ feeds: heads, fetches })}\n`), ...entries.flatMap(([, { data }]) => (Array.isArray(data) ? [] : [Buffer.from(data.buffer, data.byteOffset, data.byteLength)]))];
  for (const part of parts) if (!stdin.destroyed && !stdin.write(part)) await Promise.race([once(stdin, 'drain').catch(() => undefined), ended.catch(() => undefined)]);
}

/** Lines and bytes in the order in which they come; null at the end. */
function reader({ process: { stdout } }: Child): { head(): Promise<Answer | null>; bytes(length: number): Promise<ArrayBuffer> } {
  const parts = stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let kept: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await parts.next();
    if (!next.done) kept = kept.length === 0 ? next.value : Buffer.concat([kept, next.value]);
    return !next.done;
  };
  const take = (length: number): Buffer => {
    const taken = kept.subarray(0, length);
    kept = kept.subarray(length);
    return taken;
  };
  return {
    async head() {
      while (!kept.includes(10)) if (!await more()) return null;
      return answer.parse(JSON.parse(take(kept.indexOf(10) + 1).toString()));
    },
    async bytes(length) {
      while (kept.length < length) if (!await more()) throw new Error('Python ended in the middle of a tensor');
      return new Uint8Array(take(length)).buffer;
    },
  };
}
