/** Whether native modules load here. Each is tried in a process of its own: one that crashes takes nothing along, and the command line never has them in it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

export interface NativeModule {
  name: string;
  /** how it is required */
  specifier: string;
  /** an expression over `loaded`, the module, that gives its version */
  version: string;
}
export type Loaded = { ok: true; version: string } | { ok: false; why: string };

export const DUCKDB: NativeModule = { name: 'DuckDB', specifier: '@duckdb/node-api', version: 'loaded.version()' };
export const ONNX_RUNTIME: NativeModule = { name: 'ONNX Runtime', specifier: 'onnxruntime-node', version: 'loaded.env.versions.node || loaded.env.versions.common' };

const said = z.object({ version: z.string() });

/** Never throws: `why` is the last line of what the process said, or how it ended. `beside`: a file from whose folder the module is looked for. */
export async function tryNative({ specifier, version }: NativeModule, beside = fileURLToPath(import.meta.url)): Promise<Loaded> {
  const program = `const loaded = require('node:module').createRequire(process.argv[1])(${JSON.stringify(specifier)}); process.stdout.write(JSON.stringify({ version: String(${version}) }));`;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, beside], { timeout: 20_000, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' } });
    return { ok: true, version: said.parse(JSON.parse(stdout)).version.replace(/^v/, '') };
  } catch (error) {
    return { ok: false, why: reason(error) };
  }
}

const ended = z.object({ stderr: z.string().default(''), signal: z.string().nullish(), killed: z.boolean().default(false) });

function reason(error: unknown): string {
  const parsed = ended.safeParse(error);
  const { stderr, signal, killed } = parsed.success ? parsed.data : { stderr: '', signal: undefined, killed: false };
  if (killed) return 'it did not load in 20 s';
  if (signal) return `it crashed (${signal})`;
  const named = /^(?:\w*Error(?: \[\w+\])?: )(.+)$/m.exec(stderr)?.[1];
  return named ?? (error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error));
}
