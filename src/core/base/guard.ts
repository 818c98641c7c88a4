/** Ends a person's program when the process that started it is gone, also by kill -9, which it can't tell it. */
import { spawn, type ChildProcess } from 'node:child_process';

/** Waits for a line: nothing but the end of its input means that nobody is left who could send one. */
const WAIT = 'read -r _ || kill -s KILL -- "$1"';

/**
 * A shell of a group of its own holds on to `child`. `group`: the child leads a process group, which is ended as a whole.
 * It costs a process of some hundred kilobytes. On Windows there is none: there a child goes on.
 */
export function endWithUs(child: ChildProcess, { group }: { group: boolean }): void {
  if (child.pid === undefined || process.platform === 'win32') return;
  const guard = spawn('/bin/sh', ['-c', WAIT, 'sh', String(group ? -child.pid : child.pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without it the child is as it would be anyway.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  child.once('exit', () => guard.stdin.end('over\n'));
}
