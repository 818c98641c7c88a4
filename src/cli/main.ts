/** The process of `runyard`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { disposable } from '../core/base/disposable';
import { systemCode } from '../core/base/errors';
import { connectEngine } from '../engine/client/client';
import type { Io } from './command';
import { runProgram } from './program';
import { terminal } from './terminal';

const here = path.dirname(fileURLToPath(import.meta.url));
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(here, '..', 'package.json'), 'utf8')));

const io: Io = {
  cwd: process.cwd(), env: process.env, version,
  out: terminal(process.stdout, process.env), err: terminal(process.stderr, process.env),
  onInterrupt(heard) {
    process.on('SIGINT', heard);
    process.on('SIGTERM', heard);
    return disposable(() => {
      process.off('SIGINT', heard);
      process.off('SIGTERM', heard);
    });
  },
  connect: (workspace) => connectEngine({ workspace, version, clientName: 'cli', enginePath: path.join(here, 'engine.js') }),
};

// `runyard runs | head` closes our output early: that is no error of ours.
process.stdout.on('error', (error) => process.exit(systemCode(error) === 'EPIPE' ? 0 : 2));
runProgram(process.argv.slice(2), io).then((status) => {
  process.exitCode = status;
  // What was written may still be on its way into a pipe; an open connection must not keep the process.
  process.stdout.write('', () => process.exit(status));
}, (error: unknown) => {
  process.stderr.write(`runyard: ${String(error)}\n`);
  process.exit(2);
});
