/** Journals that nobody writes to any more become Parquet files. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { syncPath } from '../../base/durable';
import { describeError, systemCode } from '../../base/errors';
import { createDatabase } from '../../evaluation/data/duckdb';
import { servingFiles } from '../../monitoring/log/files';
import { journalToParquet, readHeader, settledFile, type JournalHeader } from '../../monitoring/log/journal';
import { isAlive } from '../../tracking/process';
import type { Settled, ToScorer } from '../scorer/protocol';

type Asked = Pick<Extract<ToScorer, { kind: 'settle' }>, 'folder' | 'closed' | 'own'>;

/**
 * Each by itself: written beside, on the disk, moved into place; only then the journal goes. Whoever is ended in between leaves a journal with its Parquet file, which the
 * next one removes. Journals of processes that still write stay.
 */
export async function settleJournals({ folder, closed, own }: Asked): Promise<Settled> {
  const settled: Settled = { files: 0, rows: 0, left: [] };
  const { journals, done } = await servingFiles(folder);
  for (const file of done) await rm(file, { force: true });
  if (journals.length === 0) return settled;
  const database = await createDatabase({ threads: 1, memory: 512 * 2 ** 20 });
  try {
    for (const file of journals) {
      try {
        const header = await readHeader(file);
        const mine = header !== null && closed.includes(header.id);
        if (header === null ? !isOwnOpen(file, closed, own) && await isOld(file) : mine || isOrphan(header, own)) {
          const rows = header === null ? 0 : await database.use((session) => settle(session, { file, header, folder }));
          await rm(file, { force: true });
          settled.rows += rows;
          if (rows > 0) settled.files += 1;
        }
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') settled.left.push({ file, why: describeError(error) });
      }
    }
  } finally {
    database.close();
  }
  return settled;
}

/** A header that isn't whole yet may be one that is being written at this moment. */
const isOwnOpen = (file: string, closed: readonly string[], own: Asked['own']): boolean => path.basename(file).includes(`-${own.pid}-`) && !closed.includes(path.basename(file, '.jsonl'));
async function isOld(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    return Date.now() - (await handle.stat()).mtimeMs > 60_000;
  } finally {
    await handle.close();
  }
}

/** A journal of another machine's, on a shared disk, is that machine's. */
function isOrphan({ pid, startTime, host }: JournalHeader, own: Asked['own']): boolean {
  if (host !== os.hostname()) return false;
  if (pid === own.pid && startTime === own.startTime) return false;
  return !isAlive({ pid, startTime: startTime ?? '' });
}

type Session = Parameters<Parameters<Awaited<ReturnType<typeof createDatabase>>['use']>[0]>[0];

async function settle(session: Session, { file, header, folder }: { file: string; header: JournalHeader; folder: string }): Promise<number> {
  const target = settledFile(folder, header);
  const beside = path.join(folder, 'open', `.${header.id}.parquet.tmp`);
  const copy = path.join(folder, 'open', `.${header.id}.copy.tmp`);
  await mkdir(path.dirname(target), { recursive: true });
  try {
    const rows = await journalToParquet(session, { file, header }, { file: beside, copy });
    if (rows === 0) return 0;
    await syncPath(beside);
    await rename(beside, target);
    await syncPath(path.dirname(target));
    return rows;
  } finally {
    await rm(beside, { force: true });
    await rm(copy, { force: true });
  }
}
