/** What there is: experiments, and the keys that runs used. */
import type { Context } from './context';
import type { Store } from './store';

/** An answer kept until the next write. */
function keptPerVersion<T>(context: Context, find: () => T): () => T {
  let kept: { version: number; value: T } | undefined;
  return () => {
    if (kept?.version !== context.version()) kept = { version: context.version(), value: find() };
    return kept.value;
  };
}

// The indexes are named, because without statistics SQLite takes the one on trashed, which holds every run: seven times slower.
const EXPERIMENTS = `SELECT e.name AS name, a.runs AS runs, coalesce(l.live, 0) AS live, a.lastActivity AS lastActivity
  FROM (SELECT experiment, count(*) AS runs, max(coalesce(ended, started, created)) AS lastActivity FROM runs INDEXED BY runs_by_activity WHERE trashed IS NULL GROUP BY experiment) a
  JOIN experiments e ON e.id = a.experiment
  LEFT JOIN (SELECT experiment, count(*) AS live FROM runs INDEXED BY runs_by_state WHERE state IN ('queued','running') AND trashed IS NULL GROUP BY experiment) l ON l.experiment = a.experiment
  ORDER BY a.lastActivity DESC, e.name`;

type Experiments = ReturnType<Store['experiments']>;
type Keys = ReturnType<Store['keys']>;

export function createOverview(context: Context): { experiments(): Experiments; keys(experiments?: readonly string[]): Keys } {
  const experiments = keptPerVersion(context, () => context.db.prepare(EXPERIMENTS).all<Experiments[number]>());
  return { experiments, keys: (names) => keys(context, names) };
}

/** Names that any run has used, or runs of these experiments; sorted. */
function keys({ db }: Context, experiments?: readonly string[]): Keys {
  const find = (kind: 'param' | 'metric' | 'tag'): string[] => {
    const rows = experiments
      ? db.prepare(`SELECT name FROM keys WHERE id IN (SELECT DISTINCT key FROM ${kind}s WHERE run IN
          (SELECT r.id FROM runs r JOIN experiments e ON e.id = r.experiment WHERE e.name IN (SELECT value FROM json_each(?)))) ORDER BY name`).all<{ name: string }>(JSON.stringify(experiments))
      : db.prepare(`SELECT name FROM keys k WHERE kind = ? AND EXISTS (SELECT 1 FROM ${kind}s v WHERE v.key = k.id) ORDER BY name`).all<{ name: string }>(kind);
    return rows.map((row) => row.name);
  };
  return { params: find('param'), metrics: find('metric'), tags: find('tag') };
}
