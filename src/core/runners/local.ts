/** Supervisors on this machine: detached, so that they outlive the engine. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Runner, StartedSupervisor } from './runner';

export interface LocalRunnerOptions {
  /** the bundle of tracking/supervisor-main.ts */
  supervisorPath: string;
  /** the folder that holds our Python package `runyard` */
  pythonPath: string;
  /** the program that runs the bundle: this one, Electron or Node */
  execPath?: string;
  /** what a run's environment has beside that */
  environment?(run: string): Record<string, string>;
}

/** The runner of this machine. */
export function localRunner({ supervisorPath, pythonPath, execPath = process.execPath, environment }: LocalRunnerOptions): Runner {
  const start = (folder: string, args: readonly string[]): StartedSupervisor => {
    const log = openSync(join(folder, 'supervisor.log'), 'a', 0o600);
    try {
      const child = spawn(execPath, [supervisorPath, folder, ...args], {
        cwd: folder, detached: true, stdio: ['ignore', log, log], windowsHide: true,
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', RUNYARD_PYTHON: pythonPath, ...environment?.(basename(folder)) },
      });
      const gone = new Promise<void>((done) => { child.once('exit', () => done()); child.once('error', () => done()); });
      child.unref();
      return { gone };
    } finally {
      closeSync(log);
    }
  };
  return {
    name: 'local',
    start: (folder) => start(folder, []),
    adopt: (folder, pid) => start(folder, pid === undefined ? ['--adopt'] : ['--adopt', String(pid)]),
  };
}
