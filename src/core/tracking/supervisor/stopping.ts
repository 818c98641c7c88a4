/** Ends a run's processes: asked, then told, then made to; and nothing of them stays behind. */
import { watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { disposables, type Disposable } from '../../base/disposable';
import { systemCode } from '../../base/errors';
import { groupAlive, sendSignal } from '../process';
import { isCancelled } from '../run-folder';
import { members } from './resources';

export interface Grace { intSeconds: number; termSeconds: number }

/** Calls `asked` once, as soon as the run's cancel marker is there: told by the system, and looked for four times a second in case it isn't. */
export function watchCancel(folder: string, asked: () => void): Disposable {
  const all = disposables();
  let done = false;
  const look = (): void => {
    if (done || !isCancelled(folder)) return;
    done = true;
    all.dispose();
    asked();
  };
  const timer = setInterval(look, 250);
  all.add({ dispose: () => clearInterval(timer) });
  try {
    const watcher = watch(folder, look);
    watcher.on('error', () => watcher.close());
    all.add({ dispose: () => watcher.close() });
  } catch (error) {
    // Out of watches (a system limit): looking four times a second is enough.
    if (systemCode(error) === '') throw error;
  }
  look();
  return all;
}

/** SIGINT to the group, after its grace SIGTERM, after that SIGKILL to the group and to what left it. Returns when it is gone. */
export async function stopGroup(leader: number, grace: Grace): Promise<void> {
  const family = new Set<number>();
  const note = (): void => { for (const stat of members(leader)) family.add(stat.pid); };
  note();
  for (const [signal, seconds] of [['SIGINT', grace.intSeconds], ['SIGTERM', grace.termSeconds]] as const) {
    if (seconds <= 0) continue;
    signalGroup(leader, signal);
    if (await goneWithin(leader, seconds)) return;
    note();
  }
  signalGroup(leader, 'SIGKILL');
  const still = new Set(members(leader).map((stat) => stat.pid));
  for (const pid of family) if (still.has(pid)) sendSignal(pid, 'SIGKILL');
  await goneWithin(leader, 5);
}

/** Background processes that outlive the command are given `patience` seconds, then ended. Returns how many there were. */
export async function endLeftovers(leader: number, patience: number): Promise<number> {
  if (process.platform === 'win32' || !groupAlive(leader)) return 0;
  if (await goneWithin(leader, patience)) return 0;
  const count = Math.max(1, members(leader).length);
  signalGroup(leader, 'SIGTERM');
  if (await goneWithin(leader, 1)) return count;
  signalGroup(leader, 'SIGKILL');
  await goneWithin(leader, 1);
  return count;
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  sendSignal(process.platform === 'win32' ? leader : -leader, signal);
}

async function goneWithin(leader: number, seconds: number): Promise<boolean> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    if (!groupAlive(leader)) return true;
    await pause(50);
  }
  return !groupAlive(leader);
}
