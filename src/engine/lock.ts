/** One engine a workspace: a lock file that names its process, taken over when that process is gone. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { disposable, type Disposable } from '../core/base/disposable';
import { RunyardError, systemCode } from '../core/base/errors';
import { startTimeOf } from '../core/tracking/process';
import { isHeld, lockPath, readLock, type LockRecord } from './client/lock-record';

export interface Lock extends Disposable { stillOurs(): boolean }

/**
 * Takes the lock of a workspace, or returns null where a living engine has it.
 * The file appears whole (written aside, then linked), and a stale one is moved away by rename, so that of two that
 * find it stale only one removes that very file. Throws `refused` where an engine of another machine has it (a shared disk).
 */
export function takeLock(workspace: string, address: string): Lock | null {
  const file = lockPath(workspace);
  makeStoreFolder(path.dirname(file));
  const record: LockRecord = { pid: process.pid, startTime: startTimeOf(process.pid), host: os.hostname(), workspace, address };
  const text = JSON.stringify(record);
  for (let attempt = 0; attempt < 20; attempt++) {
    if (putWhole(file, text)) return heldLock(file, text);
    const holder = readLock(file);
    if (holder && holder.workspace === workspace) {
      if (holder.host !== record.host) {
        throw new RunyardError('refused', `an engine on ${holder.host} holds this workspace's store`, `close Runyard there, or delete ${file} where that machine is off`);
      }
      if (isHeld(holder)) return null;
    }
    removeStale(file, holder);
  }
  throw new RunyardError('conflict', `${file} can't be taken`, 'delete it and try again');
}

function makeStoreFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new RunyardError('refused', `the store's folder ${folder} can't be made (${systemCode(error)})`, 'make the workspace writable', { cause: error });
  }
}

function putWhole(file: string, text: string): boolean {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, text, { mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    // File systems without hard links (some mounts): exclusive creation is nearly as good.
    return putExclusively(file, text);
  } finally {
    rmSync(aside, { force: true });
  }
}

function putExclusively(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw new RunyardError('refused', `${file} can't be written (${systemCode(error)})`, 'make the workspace writable', { cause: error });
  }
}

function removeStale(file: string, seen: LockRecord | null): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const taken = readLock(aside);
  const sameAsSeen = taken?.pid === seen?.pid && taken?.startTime === seen?.startTime;
  // Somebody was quicker and this is their new lock: put it back.
  if (!sameAsSeen && taken && isHeld(taken)) putExclusively(file, JSON.stringify(taken));
  rmSync(aside, { force: true });
}

function heldLock(file: string, text: string): Lock {
  const stillOurs = (): boolean => {
    try {
      return readFileSync(file, 'utf8') === text;
    } catch {
      return false; // the workspace moved away, or somebody deleted the file: not ours any more
    }
  };
  const end = disposable(() => {
    if (stillOurs()) rmSync(file, { force: true });
  });
  return { stillOurs, dispose: end.dispose };
}
