/** The command line in this process, in a folder of its own, with no engine to be had: for what it says by itself. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { runProgram } from '../../src/cli/program';
import { terminal } from '../../src/cli/terminal';

export interface CommandLine {
  folder(): string;
  program(...words: string[]): Promise<{ status: number; out: string; err: string }>;
}

/** Each test of the file has a fresh folder, with an empty store unless told otherwise. */
export function commandLine({ store = true } = {}): CommandLine {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-cli-')));
    if (store) mkdirSync(path.join(folder, '.runyard'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder: () => folder,
    async program(...words) {
      const texts = { out: '', err: '' };
      const sink = (name: 'out' | 'err') => terminal({ write: (text) => { texts[name] += typeof text === 'string' ? text : Buffer.from(text).toString(); return true; } }, {});
      const status = await runProgram(words, { cwd: folder, env: {}, version: '1.2.3', out: sink('out'), err: sink('err'), onInterrupt: () => ({ dispose: () => undefined }), connect: () => Promise.reject(new Error('no engine in this test')) });
      return { status, ...texts };
    },
  };
}
