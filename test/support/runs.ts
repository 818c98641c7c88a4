import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { nodeForTools } from '../../scripts/lib/setup.mjs';

/** A script that takes no time: it prints its metric and ends as it is told. */
export const script = `import argparse
import sys

import runyard

flags = argparse.ArgumentParser()
flags.add_argument("--lr", type=float, default=0.1)
flags.add_argument("--seed", type=int, default=0)
flags.add_argument("--code", type=int, default=0)
args = flags.parse_args()

if __name__ == "__main__":
    for step in range(5):
        runyard.log({"acc": 0.5 + args.lr * step}, step=step)
    sys.exit(args.code)
`;

function cliFile(): string {
  const extensions = inject('extensionsDir');
  const own = readdirSync(extensions).find((name) => name.startsWith('runyard.runyard-'));
  if (!own) throw new Error(`no Runyard in ${extensions}`);
  return path.join(extensions, own, 'dist', 'cli.js');
}

/** The shipped command line, over a workspace, for what takes a while: one command after the other, while the caller goes on. Rejects with what was said where one fails. */
export async function shippedCliMeanwhile(folder: string, commands: readonly (readonly string[])[]): Promise<void> {
  const run = promisify(execFile);
  for (const args of commands) await run(nodeForTools(), [cliFile(), ...args], { cwd: folder });
}

/** The shipped command line, over a workspace. */
export function shippedCli(folder: string): (...args: string[]) => { status: number | null; stdout: string; stderr: string } {
  const cli = cliFile();
  return (...args) => spawnSync(nodeForTools(), [cli, ...args], { encoding: 'utf8', cwd: folder });
}

/** Writes the script, and a runyard.yaml that names it. */
export function writeProject(folder: string): void {
  writeFileSync(path.join(folder, 'train.py'), script);
  writeFileSync(path.join(folder, 'runyard.yaml'), 'version: 1\nmetrics:\n  acc: {goal: maximize, main: true}\nexperiments:\n  demo:\n    command: [python3, train.py]\n    params: {lr: 0.1}\n');
}
