/** Which Python a run gets, and how that was decided: shown to the person before the run. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { toRelative } from './places';

export interface Interpreter {
  /** relative to the workspace ('.venv/bin/python') where it lies in it, so that a moved workspace works; else absolute */
  path: string;
  /** how it was found, as words for a person */
  from: string;
}
export interface InterpreterSources {
  workspace: string;
  /** what the door knows: the Python extension's choice */
  given?: string;
  /** `python:` of the experiment in runyard.yaml */
  configured?: string;
  env: NodeJS.ProcessEnv;
}

const PROGRAM = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
const CONDA = process.platform === 'win32' ? 'python.exe' : 'bin/python';
const FOLDERS = ['.venv', 'venv', '.conda', 'env'];

/** Given, else configured, else an activated environment, else the workspace's own, else conda's, else PATH; null where there is no Python at all. */
export function chooseInterpreter({ workspace, given, configured, env }: InterpreterSources): Interpreter | null {
  const found = (path: string, from: string): Interpreter => ({ path: toRelative(workspace, path), from });
  if (given !== undefined) return found(located(workspace, given, env) ?? given, 'chosen in the editor');
  if (configured !== undefined) return found(located(workspace, configured, env) ?? configured, 'python: in runyard.yaml');
  const activated = env['VIRTUAL_ENV'];
  if (activated && isProgram(join(activated, PROGRAM))) return found(join(activated, PROGRAM), 'the activated environment');
  for (const folder of FOLDERS) {
    for (const program of folder === '.conda' ? [CONDA] : [PROGRAM]) {
      const path = join(workspace, folder, program);
      if (isProgram(path)) return found(path, `the workspace's ${folder}`);
    }
  }
  const conda = env['CONDA_PREFIX'];
  if (conda && isProgram(join(conda, CONDA))) return found(join(conda, CONDA), `the conda environment ${env['CONDA_DEFAULT_ENV'] ?? ''}`.trim());
  for (const name of ['python3', 'python']) {
    const path = onPath(name, env['PATH'] ?? '');
    if (path) return found(path, `${name} on PATH`);
  }
  return null;
}

function located(workspace: string, program: string, env: NodeJS.ProcessEnv): string | null {
  if (isAbsolute(program)) return program;
  return /[\\/]/.test(program) ? resolve(workspace, program) : onPath(program, env['PATH'] ?? '');
}

/** Where PATH has the program, or null. */
export function onPath(program: string, path: string): string | null {
  const names = process.platform === 'win32' ? [`${program}.exe`, program] : [program];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) if (isProgram(join(folder, name))) return join(folder, name);
  }
  return null;
}

function isProgram(path: string): boolean {
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // there, but not to be executed
    return false;
  }
}
