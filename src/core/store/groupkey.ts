/** What makes runs repetitions of each other: the same experiment, script and params apart from the seed. */
import { createHash } from 'node:crypto';
import type { Context } from './context';

const SEEDS = new Set(['seed', 'random_state', 'random-state', 'random_seed', 'random-seed']);

/** Stable over machines and versions: the first 16 hexadecimal digits of SHA-256 over a JSON text with sorted params. */
export function groupKey(experiment: string, script: string | null, params: Iterable<readonly [string, string]>): string {
  const kept = [...params].filter(([name]) => !SEEDS.has(name.toLowerCase())).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash('sha256').update(JSON.stringify([experiment, script, kept])).digest('hex').slice(0, 16);
}

/** Computes a run's group again: after its params or its experiment changed. */
export function refreshGroup(context: Context, row: number): void {
  const { db } = context;
  const run = db.prepare('SELECT e.name AS experiment, r.script AS script FROM runs r JOIN experiments e ON e.id = r.experiment WHERE r.id = ?').get<{ experiment: string; script: string | null }>(row);
  if (!run) return;
  const params = db.prepare('SELECT key, value FROM params WHERE run = ?').all<{ key: number; value: string }>(row).map(({ key, value }) => [context.keyName(key), value] as const);
  db.prepare('UPDATE runs SET group_key = ? WHERE id = ?').run(groupKey(run.experiment, run.script, params), row);
}
