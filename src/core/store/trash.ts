/** Runs that were thrown away, and forgetting them for good. */
import type { Context } from './context';

export const trash = ({ db }: Context): { id: string; name: string; trashed: number }[] =>
  db.prepare('SELECT uid AS id, name, trashed FROM runs WHERE trashed IS NOT NULL AND pinned = 0 ORDER BY trashed, uid').all<{ id: string; name: string; trashed: number }>();

/** Deletes every row of a run; its folder is the caller's. A run that isn't there is no error. */
export function purgeRun(context: Context, run: string): void {
  const { db } = context;
  context.write(() => {
    const row = db.prepare('SELECT id FROM runs WHERE uid = ?').get<{ id: number }>(run)?.id;
    if (row === undefined) return;
    for (const table of ['points', 'rollups']) db.prepare(`DELETE FROM ${table} WHERE curve IN (SELECT curve FROM metrics WHERE run = ?)`).run(row);
    // The rest goes with it: its tables refer to the run.
    db.prepare('DELETE FROM runs WHERE id = ?').run(row);
  });
  context.forget();
}

export const usedDigests = ({ db }: Context): Set<string> =>
  new Set(db.prepare("SELECT DISTINCT digest FROM artifacts WHERE digest <> ''").all<{ digest: string }>().map((row) => row.digest));
