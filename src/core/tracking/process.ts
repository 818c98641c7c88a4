/** Processes by pid and start time: a pid alone may by now be another's. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../base/errors';

export interface ProcessId { pid: number; startTime: string }

/** What /proc/<pid>/stat says; times in clock ticks (100 a second on Linux). */
export interface ProcStat { pid: number; state: string; ppid: number; pgid: number; cpuTicks: number; startTime: string }

/** Null where there is no such process, or no /proc. The name in parentheses may hold spaces and parentheses itself. */
export function procStat(pid: number): ProcStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid, state: fields[0] ?? '', ppid: Number(fields[1]), pgid: Number(fields[2]),
    cpuTicks: Number(fields[11]) + Number(fields[12]), startTime: fields[19] ?? '',
  };
}

/** Every process there is (Linux); empty elsewhere. */
export function allProcesses(): ProcStat[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? procStat(Number(name)) : null;
    return stat ? [stat] : [];
  });
}

/** The start time as the system says it, a zombie's too; '' where there is no such process. */
export function startTimeOf(pid: number): string {
  if (process.platform === 'linux') return procStat(pid)?.startTime ?? '';
  if (process.platform === 'win32') return signalReaches(pid) ? 'running' : '';
  return psField(pid, 'lstart=');
}

/** Whether that very process still runs. A zombie doesn't: it has ended and only waits to be asked how. */
export function isAlive(id: ProcessId | null | undefined): boolean {
  if (!id || id.pid <= 0) return false;
  if (process.platform === 'linux') {
    const stat = procStat(id.pid);
    return stat !== null && stat.state !== 'Z' && stat.state !== 'X' && stat.startTime === id.startTime;
  }
  if (process.platform === 'win32') return signalReaches(id.pid);
  return psField(id.pid, 'lstart=') === id.startTime && !psField(id.pid, 'stat=').startsWith('Z');
}

/** Whether a process group has a member that runs. */
export function groupAlive(pgid: number): boolean {
  if (process.platform === 'linux') return allProcesses().some((stat) => stat.pgid === pgid && stat.state !== 'Z' && stat.state !== 'X');
  return signalReaches(-pgid);
}

/** Sends a signal to a process, or with a negative pid to a group; false where there is none to take it. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) === 'ESRCH' || systemCode(error) === 'EPERM') return false;
    throw error;
  }
}
const signalReaches = (pid: number): boolean => sendSignal(pid, 0);

/** Tells one start of the machine from another; '' where the system has no such word. */
export function bootId(): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return '';
  }
}

/** The process that was started with this variable in its environment and whose parent wasn't (Linux); null elsewhere or if there is none. */
export function findByEnvironment(name: string, value: string): ProcessId | null {
  const wanted = `${name}=${value}`;
  const found = allProcesses().filter((stat) => stat.state !== 'Z' && environmentOf(stat.pid).includes(wanted));
  const leader = found.find((stat) => stat.pgid === stat.pid) ?? found[0];
  return leader ? { pid: leader.pid, startTime: leader.startTime } : null;
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(join('/proc', String(pid), 'environ'), 'utf8').split('\0');
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return [];
  }
}

function psField(pid: number, field: string): string {
  try {
    return execFileSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // ps says by its exit status that there is no such process
    return '';
  }
}
