/** What is true of a run, read from its folder and the process table. Nothing is changed here. */
import { basename } from 'node:path';
import { RUN_ENV, type ExitRecord } from '../../protocol/spool';
import { describeError } from '../base/errors';
import { bootId, findByEnvironment, isAlive } from './process';
import { readExit, readSupervisor } from './run-folder';

export type Sight =
  /** exit.json is there */
  | { is: 'ended'; exit: ExitRecord }
  /** nobody has begun with it */
  | { is: 'unstarted' }
  /** its supervisor lives; `running` once the command has started */
  | { is: 'watched'; running: boolean }
  /** the command lives and nobody watches it; `pid` where its supervisor had no time to write it down */
  | { is: 'orphan'; pid?: number }
  /** both are gone and nothing tells how it ended */
  | { is: 'gone'; reason: string };

/** Looks once. A pid counts only with its start time, and only since this start of the machine. */
export function lookAt(folder: string): Sight {
  const ended = ending(folder);
  if (ended) return ended;
  let record;
  try {
    record = readSupervisor(folder);
  } catch (error) {
    return { is: 'gone', reason: `its supervisor can't be told: ${describeError(error)}` };
  }
  if (!record) return { is: 'unstarted' };
  const boot = bootId();
  if (record.bootId !== '' && boot !== '' && record.bootId !== boot) {
    return { is: 'gone', reason: 'the machine restarted while it ran, or it ran on another machine' };
  }
  if (isAlive(record)) return { is: 'watched', running: record.child !== null };
  if (record.child !== null && isAlive(record.child)) return { is: 'orphan' };
  if (record.child === null) {
    const found = findByEnvironment(RUN_ENV.runId, basename(folder));
    if (found) return { is: 'orphan', pid: found.pid };
  }
  // It may have ended in order between the first look and now.
  return ending(folder) ?? {
    is: 'gone',
    reason: record.child === null
      ? 'its supervisor was ended before it could start the command'
      : 'the process and its supervisor vanished (killed together?): exit status unknown',
  };
}

function ending(folder: string): Sight | null {
  try {
    const exit = readExit(folder);
    return exit ? { is: 'ended', exit } : null;
  } catch (error) {
    return { is: 'gone', reason: `how it ended can't be read: ${describeError(error)}` };
  }
}
