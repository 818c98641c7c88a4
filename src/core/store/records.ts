/** Documents of the things that aren't runs. Who owns a kind parses its documents with a schema; here they are JSON. */
import type { Context } from './context';

export const RECORD_KINDS = ['loggedModel', 'registeredModel', 'modelVersion', 'trace', 'spans', 'runTrace', 'evaluationDataset', 'evaluationRecords', 'webhook', 'evaluationSet', 'judgement', 'monitorResult', 'alert', 'retraining', 'schedule'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** `scope` is what it belongs to (an experiment's number, a model's name), `sort` what it is listed by, largest first. */
export interface RecordRow { id: string; scope: string; sort: number; doc: unknown }
export interface RecordQuery { scopes?: readonly string[]; offset?: number; limit?: number }

export interface Records {
  /** Writes it whole, in place of the one before. */
  put(kind: RecordKind, row: RecordRow): void;
  /** Undefined where there is none. */
  get(kind: RecordKind, id: string): RecordRow | undefined;
  /** No error where there is none. */
  remove(kind: RecordKind, id: string): void;
  /** Largest `sort` first, then by id; all scopes where none is named. */
  list(kind: RecordKind, query?: RecordQuery): RecordRow[];
  /** All writes of `work` or none. */
  together<T>(work: () => T): T;
}

interface Cells { id: string; scope: string; sort: number; doc: string }
const toRow = ({ id, scope, sort, doc }: Cells): RecordRow => ({ id, scope, sort, doc: JSON.parse(doc) as unknown });

export function createRecords(context: Context): Records {
  const { db, mirror } = context;
  return {
    put(kind, row) {
      mirror.append({ kind, ...row });
      context.write(() => putRecord(context, kind, row));
    },
    get(kind, id) {
      const cells = db.prepare('SELECT id, scope, sort, doc FROM records WHERE kind = ? AND id = ?').get<Cells>(kind, id);
      return cells && toRow(cells);
    },
    remove(kind, id) {
      mirror.append({ kind, id, scope: '', sort: 0, doc: null });
      context.write(() => db.prepare('DELETE FROM records WHERE kind = ? AND id = ?').run(kind, id));
    },
    list(kind, { scopes, offset = 0, limit = -1 } = {}) {
      const within = scopes ? ' AND scope IN (SELECT value FROM json_each(?))' : '';
      return db.prepare(`SELECT id, scope, sort, doc FROM records WHERE kind = ?${within} ORDER BY sort DESC, id LIMIT ? OFFSET ?`)
        .all<Cells>(kind, ...(scopes ? [JSON.stringify(scopes)] : []), limit, offset).map(toRow);
    },
    together: (work) => context.write(work),
  };
}

/** Only inside write(). */
export function putRecord({ db }: Context, kind: string, row: RecordRow): void {
  db.prepare('INSERT INTO records (kind, id, scope, sort, doc) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET scope = excluded.scope, sort = excluded.sort, doc = excluded.doc')
    .run(kind, row.id, row.scope, row.sort, JSON.stringify(row.doc));
}
