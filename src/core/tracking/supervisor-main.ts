/**
 * The process beside each run: `node supervisor.js <run folder>` starts and watches its command, `--adopt [pid]` after the
 * folder watches a command whose supervisor died. Started detached with ELECTRON_RUN_AS_NODE=1 and RUNYARD_PYTHON, the folder
 * of our logger. What goes wrong in it is on its standard error, which the launcher keeps as supervisor.log.
 */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { adopt } from './supervisor/adopt';
import { supervise } from './supervisor/supervise';

async function main([given, mode, pid]: readonly string[]): Promise<number> {
  if (given === undefined || !existsSync(join(given, 'spec.json'))) {
    process.stderr.write('usage: supervisor RUN_FOLDER [--adopt [PID]], where the folder has a spec.json\n');
    return 2;
  }
  // A terminal that closes, or Ctrl+C in it, is no reason to leave a run alone.
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => undefined);
  const folder = realpathSync(given);
  if (mode === '--adopt') await adopt(folder, pid === undefined ? null : Number(pid));
  else await supervise(folder, process.env['RUNYARD_PYTHON']);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exit(1);
  },
);
