/** The machine and the Python that a run meets. */
import { execFile } from 'node:child_process';
import { cpus, hostname, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { environmentInfo } from '../../../protocol/spool';

const run = promisify(execFile);
export type Environment = z.infer<typeof environmentInfo>;

const SNIPPET = `
import json, sys
from importlib import metadata
found = {}
for dist in metadata.distributions():
    name = dist.metadata["Name"] if dist.metadata else None
    if name:
        found.setdefault(name.lower(), dist.version or "")
print(json.dumps({"python": sys.version.split()[0], "packages": found}))
`;
const answer = z.object({ python: z.string(), packages: z.record(z.string(), z.string()) });

/** The machine's facts, told at once. Memory in MiB. */
export function machine(): Environment {
  const all = cpus();
  return { os: `${type()} ${release()}`, host: hostname(), cpu: all[0]?.model.trim() ?? '', cpus: all.length, memMb: Math.round(totalmem() / 2 ** 20) };
}

/** The interpreter's version and its packages, asked of the interpreter itself; throws where it doesn't answer within 30 s. */
export async function pythonFacts(interpreter: string, where: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Environment> {
  const { stdout } = await run(interpreter, ['-c', SNIPPET], { ...where, timeout: 30_000, maxBuffer: 32 * 2 ** 20 });
  const found = answer.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  return { python: found.python, interpreter, packages: found.packages };
}

/** Names of the GPUs; none where there is no nvidia-smi. */
export async function gpuNames(): Promise<string[]> {
  try {
    const { stdout } = await run('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { timeout: 5000 });
    return stdout.split('\n').map((line) => line.trim()).filter(Boolean);
  } catch {
    // No GPU, or a driver that doesn't answer: the run has none to tell of.
    return [];
  }
}
