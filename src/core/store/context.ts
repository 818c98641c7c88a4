/** What every part of the store works on, and the few things that it keeps in memory. */
import { RunyardError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { Database } from './driver';
import type { Mirror } from './mirror';

export type KeyKind = 'param' | 'metric' | 'tag';

export interface Context {
  readonly db: Database; readonly log: Log; readonly clock: Clock; readonly mirror: Mirror;
  /** Number of the last write: an answer kept for a version is true as long as it is the same. */
  version(): number;
  /** All or nothing; counts as a write, and what is kept in memory is dropped where it fails. */
  write<T>(work: () => T): T;
  /** A run's row. Throws not_found. */
  runRow(uid: string): number;
  /** The number of a key, made where it is new. Only inside write(). */
  keyId(kind: KeyKind, name: string): number;
  /** The number of a key, or -1 (which no row has) where there is none. */
  findKey(kind: KeyKind, name: string): number;
  keyName(id: number): string;
  /** Drops what is kept of runs: after one is gone for good. */
  forget(): void;
}

export function createContext(db: Database, { log, clock, mirror }: Pick<Context, 'log' | 'clock' | 'mirror'>): Context {
  let version = 0;
  const runs = new Map<string, number>();
  const ids = new Map<string, number>();
  const names = new Map<number, string>();
  const forget = (): void => { runs.clear(); ids.clear(); names.clear(); };

  const findKey = (kind: KeyKind, name: string): number => {
    const label = `${kind}:${name}`;
    let id = ids.get(label);
    if (id === undefined) {
      id = db.prepare('SELECT id FROM keys WHERE kind = ? AND name = ?').get<{ id: number }>(kind, name)?.id;
      if (id === undefined) return -1;
      ids.set(label, id);
    }
    return id;
  };
  return {
    db, log, clock, mirror, findKey, forget,
    version: () => version,
    write(work) {
      version += 1;
      try { return db.transaction(work); } catch (error) { forget(); throw error; }
    },
    runRow(uid) {
      let id = runs.get(uid);
      if (id === undefined) {
        id = db.prepare('SELECT id FROM runs WHERE uid = ?').get<{ id: number }>(uid)?.id;
        if (id === undefined) throw new RunyardError('not_found', `there is no run ${uid}`, 'see `runyard runs`');
        runs.set(uid, id);
      }
      return id;
    },
    keyId(kind, name) {
      const known = findKey(kind, name);
      if (known !== -1) return known;
      db.prepare('INSERT INTO keys (kind, name) VALUES (?, ?)').run(kind, name);
      return findKey(kind, name);
    },
    keyName(id) {
      let name = names.get(id);
      if (name === undefined) {
        name = db.prepare('SELECT name FROM keys WHERE id = ?').get<{ name: string }>(id)?.name ?? '';
        names.set(id, name);
      }
      return name;
    },
  };
}
