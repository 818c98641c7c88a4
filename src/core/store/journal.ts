/** Which journal the store can have here: WAL where shared memory and locks work, else SQLite's rollback journal. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describeError } from '../base/errors';
import type { Database, Driver } from './driver';

/**
 * Tries WAL on a scratch database in the folder: on network file systems (NFS, Lustre) it fails or loses data.
 * Returns null where it works, else why not.
 */
export function probeWal(driver: Driver, dir: string): string | null {
  const file = path.join(dir, `.probe-${process.pid}-${randomBytes(4).toString('hex')}.db`);
  try {
    const db = driver.open({ file });
    try {
      const mode = db.prepare('PRAGMA journal_mode = WAL').get<{ journal_mode: string }>()?.journal_mode ?? '';
      if (mode !== 'wal') return `the file system offers journal mode '${mode}' only`;
      db.exec('CREATE TABLE probe (n INTEGER); INSERT INTO probe VALUES (1)');
      return db.prepare('SELECT n FROM probe').get<{ n: number }>()?.n === 1 ? null : 'what was written could not be read again';
    } finally {
      db.close();
    }
  } catch (error) {
    return describeError(error);
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true });
  }
}

/**
 * Sets the journal and what goes with it. With WAL, NORMAL syncs at checkpoints only: a power cut may take the last commits with
 * it but never breaks the file, and what it takes is in the run folders still (their offsets go back with it). A rollback journal needs FULL
 * for the same promise; exclusive locking then spares the shared memory that a store once in WAL mode would ask for.
 */
export function setJournal(db: Database, wal: boolean): void {
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY');
  if (wal) {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864');
    return;
  }
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL');
}
