/** Brings a database to the newest schema, one numbered step a transaction. */
import { RunyardError } from '../base/errors';
import type { Database } from './driver';
import { migrations } from './migrations/index';

export const NEWEST = migrations.length;

export const schemaVersion = (db: Database): number => db.prepare('PRAGMA user_version').get<{ user_version: number }>()?.user_version ?? 0;

/** Throws store_newer where the store is of a later Runyard than this one. */
export function refuseNewer(version: number, file: string): void {
  if (version <= NEWEST) return;
  throw new RunyardError('store_newer', `${file} was written by a newer Runyard (its schema is ${version}, this one knows ${NEWEST})`, 'update the Runyard extension; the store was left as it is');
}

/**
 * Applies every step above the database's own version, up to `target`. Each step and its number are one transaction, so a crash
 * leaves the version before or the one after, never something between. Returns the version it found.
 */
export function migrate(db: Database, steps: readonly string[] = migrations, target = steps.length): number {
  const found = schemaVersion(db);
  for (let version = found + 1; version <= target; version += 1) {
    const sql = steps[version - 1];
    if (sql === undefined) throw new RunyardError('internal', `there is no migration ${version}`);
    db.transaction(() => {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${version}`);
    });
  }
  return found;
}
