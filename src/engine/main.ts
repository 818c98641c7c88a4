/**
 * The engine's process: `engine.js --workspace DIR --version V`. One line of JSON on standard output says how the start went
 * ({ready} | {other: true} | {error}); whoever started it reads that line and lets go of the pipe.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeError, RunyardError } from '../core/base/errors';
import { workspaceRoot } from './client/address';
import { startEngine, type Engine } from './engine';
import { openLogFile } from './log-file';

const here = path.dirname(fileURLToPath(import.meta.url));

function say(line: object, then?: () => void): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, then);
}

function idleSeconds(): number {
  const seconds = Number(process.env.RUNYARD_IDLE_SECONDS ?? '10');
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : 10;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { workspace: { type: 'string' }, version: { type: 'string', default: '0.0.0' } } });
  if (values.workspace === undefined) throw new RunyardError('bad_input', 'the engine needs --workspace DIR', 'start it through `runyard` or the editor');
  const workspace = workspaceRoot(values.workspace);
  const log = openLogFile(path.join(workspace, '.runyard', 'logs', 'engine.log'));
  let engine: Engine | null = null;
  const crash = (what: string) => (error: unknown): void => {
    log.error(what, error);
    // State that an unknown error left behind isn't trusted: the next engine starts from the files. Runs go on meanwhile.
    process.exit(70);
  };
  process.on('uncaughtException', crash('the engine crashed'));
  process.on('unhandledRejection', crash('the engine crashed in a promise'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void engine?.close('asked'));
  engine = await startEngine({
    workspace, log, version: values.version, idleSeconds: idleSeconds(),
    supervisorPath: path.join(here, 'supervisor.js'), evaluatorPath: path.join(here, 'evaluator.js'), pythonPath: path.join(here, '..', 'python'),
    onClosed: () => process.exit(0),
  });
  if (engine) say({ ready: true, address: engine.address });
  else say({ other: true }, () => process.exit(0));
}

// Whoever reads has let go once the engine is up; what a library still prints is lost without harm.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
main().catch((error: unknown) => {
  const { code, hint } = error instanceof RunyardError ? error : { code: 'internal', hint: '' };
  const message = error instanceof RunyardError ? error.message : describeError(error);
  say({ error: { code, message, hint } }, () => process.exit(1));
});
