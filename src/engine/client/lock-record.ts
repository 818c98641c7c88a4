/** `.runyard/engine.lock`: which process is the workspace's engine and where it listens. Read by clients, written by the engine. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { isAlive } from '../../core/tracking/process';

const lockRecord = z.object({
  pid: z.number().int().positive(),
  /** tells the process from a later one with the same pid */
  startTime: z.string(),
  host: z.string(),
  workspace: z.string(),
  address: z.string(),
});
export type LockRecord = z.infer<typeof lockRecord>;

export const lockPath = (workspace: string): string => path.join(workspace, '.runyard', 'engine.lock');

/** The record in a lock file, or null where there is none that can be read. */
export function readLock(file: string): LockRecord | null {
  try {
    return lockRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // no engine has been here, or it was cut off while it wrote: the same to who asks
  }
}

/** Whether the process that wrote a record still runs. */
export const isHeld = (record: LockRecord): boolean => isAlive({ pid: record.pid, startTime: record.startTime });
