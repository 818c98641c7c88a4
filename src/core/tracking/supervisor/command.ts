/** Starts the command of a run: its output straight to a file, its own process group, Runyard's words in its environment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { RUN_ENV, type RunSpec } from '../../../protocol/spool';
import { systemCode } from '../../base/errors';
import { paths, workspaceOf } from '../run-folder';

export interface Ended { code: number | null; signal: NodeJS.Signals | null }
export type Started = { child: ChildProcess; pid: number; ended: Promise<Ended> } | { reason: string };

/** The command's folder, absolute. */
export const commandCwd = (folder: string, spec: RunSpec): string => resolve(workspaceOf(folder), spec.cwd);

/** The command's environment: this one, what the spec adds, the words of the contract, and Runyard's logger on PYTHONPATH. */
export function commandEnvironment(folder: string, spec: RunSpec, pythonPath: string | undefined): NodeJS.ProcessEnv {
  // These two are for the supervisor itself; an Electron program started by the command must not take them over.
  const { ELECTRON_RUN_AS_NODE: _asNode, RUNYARD_PYTHON: _logger, ...outer } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...outer, PYTHONUNBUFFERED: '1', ...spec.env,
    [RUN_ENV.runId]: spec.runId, [RUN_ENV.runDir]: folder, [RUN_ENV.params]: JSON.stringify(spec.params), [RUN_ENV.experiment]: spec.experiment,
  };
  if (pythonPath) env['PYTHONPATH'] = [pythonPath, env['PYTHONPATH']].filter(Boolean).join(delimiter);
  return env;
}

/** Starts it; what can't be started comes back as a reason that names what is missing. */
export async function startCommand(folder: string, spec: RunSpec, env: NodeJS.ProcessEnv): Promise<Started> {
  const cwd = commandCwd(folder, spec);
  const [program, ...args] = commandLine(folder, spec);
  if (program === undefined || program === '') return { reason: 'there is no command to run' };
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) return { reason: `the working directory ${spec.cwd} is not there` };
  const out = openSync(paths.stdout(folder), 'a', 0o600);
  try {
    const child = spawn(program, args, { cwd, env, shell: spec.shell, detached: process.platform !== 'win32', stdio: ['ignore', out, out], windowsHide: true });
    const ended = new Promise<Ended>((done) => child.once('exit', (code, signal) => done({ code, signal })));
    return await new Promise<Started>((done) => {
      child.once('spawn', () => done({ child, pid: child.pid ?? -1, ended }));
      child.once('error', (error) => done({ reason: whyNot(program, env, error) }));
    });
  } catch (error) {
    return { reason: whyNot(program, env, error) };
  } finally {
    closeSync(out);
  }
}

/** argv with the workspace's own interpreter made absolute: the spec keeps it relative, so that a moved folder works. */
function commandLine(folder: string, spec: RunSpec): string[] {
  const [program = '', ...args] = spec.argv;
  const own = program === spec.interpreter && !isAbsolute(program) && /[\\/]/.test(program);
  return [own ? join(workspaceOf(folder), program) : program, ...args];
}

function whyNot(program: string, env: NodeJS.ProcessEnv, error: unknown): string {
  const where = /[\\/]/.test(program) ? '' : `; PATH is ${env['PATH'] ?? 'empty'}`;
  switch (systemCode(error)) {
    case 'ENOENT': return `'${program}' was not found${where}`;
    case 'EACCES': return `'${program}' may not be executed: is it a program, and executable (chmod +x)?`;
    case 'ENOEXEC': return `'${program}' is not a program this machine can run: does a script lack its #! line?`;
    case 'E2BIG': return 'the command line and environment are too long for this system';
    default: return `'${program}' could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}
