/** Rolls journals, has them settled by a process of its own, and takes old days away. */
import { readdir, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { describeError, systemCode } from '../../base/errors';
import { dayOf } from '../../monitoring/log/files';
import { startChild } from '../scorer/child';
import type { JournalWriter } from './writer';

export interface KeepOptions { folder: string; script: string; writer: JournalWriter; /** that are kept; null: all */ days(): number | null; say(text: string): void; everyMs?: number }
export interface LogKeeper { close(settle: boolean): Promise<void> }

const ROWS = 100_000;
const AGE_MS = 5 * 60_000;

/** Begins with what others left behind. */
export function keepLog({ folder, script, writer, days, say, everyMs = 10_000 }: KeepOptions): LogKeeper {
  let working: Promise<void> = Promise.resolve();
  const told = new Set<string>();
  const settle = async (closed: string[]): Promise<void> => {
    const child = startChild(script);
    try {
      if (child.pid !== undefined) lower(child.pid);
      const { left } = await child.ask('settle', { folder, closed, own: writer.own });
      const stuck = new Set(left.map(({ file }) => path.basename(file, '.jsonl')));
      writer.forget(closed.filter((id) => !stuck.has(id)));
      for (const { file, why } of left) if (!told.has(file)) { told.add(file); say(`log: ${file} can't be made into a Parquet file: ${why}`); }
    } finally {
      child.dispose();
    }
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => (working = working.then(work).catch((error: unknown) => say(`log: ${describeError(error)}`)));
  let first = true;
  const look = (): void => void inTurn(async () => {
    const closed = await writer.roll({ rows: ROWS, ms: AGE_MS });
    if (closed.length > 0 || first) await settle(closed);
    first = false;
    await forget(folder, days());
  });
  look();
  const timer = setInterval(look, everyMs);
  return {
    async close(last) {
      clearInterval(timer);
      if (last) void inTurn(async () => settle(await writer.roll({ all: true })));
      await working;
    },
  };
}

/** Answers come first. */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    if (systemCode(error) === '') throw error;
  }
}

/** Removes the days that ended more than so many days (24 hours each) before `now` (ms); what isn't called like a day stays. Null: nothing. */
export async function forget(folder: string, days: number | null, now = Date.now()): Promise<void> {
  if (days === null) return;
  const oldest = dayOf(now - days * 86_400_000);
  for (const name of await readdir(folder)) {
    const day = /^date=(\d{4}-\d\d-\d\d)$/.exec(name)?.[1];
    if (day !== undefined && day < oldest) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
