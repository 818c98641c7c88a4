/** Whether a store's file can be used, found out without changing one byte of it, and putting it aside where it can't. */
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { RunyardError } from '../base/errors';
import type { Database, Driver } from './driver';
import { isCorrupt, suspicionFile } from './failures';
import { refuseNewer, schemaVersion } from './migrate';

const MAGIC = 'SQLite format 3\0';
/** Files up to this size are checked page by page at every opening (tens of milliseconds); larger ones only on suspicion. */
const CHECKED_BYTES = 16 * 1024 * 1024;

/** 'absent' (or empty), 'usable', or 'broken'. Throws store_newer. Reads the header itself, since opening a database in WAL mode writes to its folder. */
export function inspect(driver: Driver, file: string): 'absent' | 'usable' | 'broken' {
  if (!existsSync(file)) return 'absent';
  const pending = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
  const header = readHeader(file);
  if (header === null) return 'absent';
  if (!header.sound) return 'broken';
  refuseNewer(header.version, file);
  // A later version may have left its number in the write-ahead log only; and what the file lacks may lie there.
  if (pending) return versionInLog(driver, file);
  return header.whole ? 'usable' : 'broken';
}

function versionInLog(driver: Driver, file: string): 'usable' | 'broken' {
  try {
    const db = driver.open({ file, readonly: true });
    try { refuseNewer(schemaVersion(db), file); } finally { db.close(); }
    return 'usable';
  } catch (error) {
    if (isCorrupt(error)) return 'broken';
    if (error instanceof RunyardError) throw error;
    // A read-only connection can't use the log here (no shared memory): the real opening says what is the matter.
    return 'usable';
  }
}

/** Source: https://sqlite.org/fileformat.html, "The Database Header". null where the file has no bytes. */
function readHeader(file: string): { sound: boolean; whole: boolean; version: number } | null {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return null;
    const bytes = Buffer.alloc(100);
    const read = readSync(fd, bytes, 0, 100, 0);
    const sound = read === 100 && bytes.toString('latin1', 0, 16) === MAGIC;
    const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
    // The count of pages counts where it was written together with the last change.
    const counted = bytes.readUInt32BE(24) === bytes.readUInt32BE(92);
    return { sound, whole: !counted || size >= bytes.readUInt32BE(28) * pageSize, version: sound ? bytes.readUInt32BE(60) : 0 };
  } finally {
    closeSync(fd);
  }
}

/** Throws store_corrupt where an opened database isn't whole: every page of a small or suspected one is checked, else the schema and the first page of each table. */
export function verify(db: Database): void {
  const suspected = existsSync(suspicionFile(db.file));
  if (suspected || statSync(db.file).size <= CHECKED_BYTES) {
    const said = db.prepare('PRAGMA quick_check(1)').get<{ quick_check: string }>()?.quick_check ?? 'nothing';
    if (said !== 'ok') throw new RunyardError('store_corrupt', `${db.file} is damaged: ${said}`, 'it is moved aside and rebuilt from the run folders');
  } else {
    for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all<{ name: string }>()) {
      db.exec(`SELECT * FROM "${name}" LIMIT 1`);
    }
  }
  if (suspected) rmSync(suspicionFile(db.file), { force: true });
}

/** Moves the file and what belongs to it to <file>.corrupt-<time>; nothing is deleted. Returns the new name. */
export function moveAside(file: string, now: number): string {
  const stamp = new Date(now * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  let target = `${file}.corrupt-${stamp}`;
  for (let n = 2; existsSync(target); n += 1) target = `${file}.corrupt-${stamp}-${n}`;
  for (const end of ['-wal', '-shm', '-journal', '']) {
    if (existsSync(file + end)) renameSync(file + end, target + end);
  }
  rmSync(suspicionFile(file), { force: true });
  return target;
}
