/** What the entries of all chains together say: their order, what was live, and where two clones moved one environment without knowing of each other. */
import { MOVES, type LedgerEntry } from './entry';

/** Lists that are in order already: those that a ledger hands out. Nobody changes them. */
const inOrder = new WeakSet<readonly LedgerEntry[]>();
export function markOrdered(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  inOrder.add(entries);
  return entries;
}

/**
 * Every entry after all that it had seen; where nothing decides, by time, then by chain. Merging is a union of lines, and each clone comes to the same order.
 * Entries that are here twice count once.
 */
export function ordered(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  if (inOrder.has(entries)) return entries;
  const byHash = new Map(entries.map((entry) => [entry.hash, entry]));
  const waiting = new Map<string, number>();
  const followers = new Map<string, LedgerEntry[]>();
  for (const entry of byHash.values()) {
    const parents = parentsOf(entry).filter((hash) => byHash.has(hash));
    waiting.set(entry.hash, parents.length);
    for (const parent of parents) {
      const known = followers.get(parent);
      if (known) known.push(entry);
      else followers.set(parent, [entry]);
    }
  }
  const ready = [...byHash.values()].filter(({ hash }) => waiting.get(hash) === 0);
  const result: LedgerEntry[] = [];
  while (ready.length > 0) {
    ready.sort((a, b) => b.t - a.t || (a.clone < b.clone ? 1 : -1));
    const next = ready.pop();
    if (!next) break;
    result.push(next);
    for (const follower of followers.get(next.hash) ?? []) {
      const left = (waiting.get(follower.hash) ?? 1) - 1;
      waiting.set(follower.hash, left);
      if (left === 0) ready.push(follower);
    }
  }
  return result;
}

const parentsOf = ({ before, seen }: LedgerEntry): string[] => [...new Set([...(before === null ? [] : [before]), ...Object.values(seen)])];

export interface Live { version: number; since: number; entry: LedgerEntry }

/** The version that an environment pointed at, at a time (ms; now where none is given): the last move up to then. Null before the first. */
export function liveAt(entries: readonly LedgerEntry[], { model, environment, time = Infinity }: { model: string; environment: string; time?: number }): Live | null {
  const entry = movesOf(entries, model, environment).filter(({ t }) => t <= time).at(-1);
  return entry?.version == null ? null : { version: entry.version, since: entry.t, entry };
}

/** All moves of an environment, oldest first. */
export const movesOf = (entries: readonly LedgerEntry[], model: string, environment: string): LedgerEntry[] =>
  ordered(entries).filter((entry) => entry.model === model && entry.environment === environment && MOVES.includes(entry.kind));

export interface LedgerConflict { model: string; environment: string; first: LedgerEntry; second: LedgerEntry }

/** Moves of one environment in two clones that didn't know of each other, and that no later move has seen both of: a person has to say which holds. */
export function conflicts(entries: readonly LedgerEntry[]): LedgerConflict[] {
  const knows = knowledge(entries);
  const environments = new Map<string, Map<string, LedgerEntry>>();
  for (const entry of ordered(entries)) {
    if (!MOVES.includes(entry.kind) || entry.environment === null) continue;
    const key = JSON.stringify([entry.model, entry.environment]);
    // Only each clone's last can be one that nobody knows of.
    const last = environments.get(key) ?? new Map<string, LedgerEntry>();
    last.delete(entry.clone);
    environments.set(key, last.set(entry.clone, entry));
  }
  return [...environments.values()].flatMap((last) => {
    const moves = [...last.values()];
    // Those that no other move of the environment knows of.
    const newest = moves.filter((move) => !moves.some((other) => knows(other, move)));
    return newest.slice(1).flatMap((second): LedgerConflict[] => {
      const [first] = newest;
      return first ? [{ model: second.model, environment: second.environment ?? '', first, second }] : [];
    });
  });
}

/** What an entry knew, where all that it names is here: that never changes. */
const complete = new WeakMap<LedgerEntry, Record<string, number>>();

/** Whether an entry had seen another, straight or through others: by the newest number that it knew of each chain. */
export function knowledge(entries: readonly LedgerEntry[]): (entry: LedgerEntry, other: LedgerEntry) => boolean {
  const list = ordered(entries);
  const known = new Map<string, Record<string, number>>();
  const byHash = new Map(list.map((entry) => [entry.hash, entry]));
  for (const entry of list) {
    const before = complete.get(entry);
    if (before) continue;
    const newest: Record<string, number> = {};
    let all = true;
    for (const hash of parentsOf(entry)) {
      const parent = byHash.get(hash);
      const knew = parent && (complete.get(parent) ?? known.get(hash));
      all &&= parent !== undefined && complete.has(parent);
      if (parent) for (const [clone, n] of [...Object.entries(knew ?? {}), [parent.clone, parent.n] as const]) newest[clone] = Math.max(newest[clone] ?? -1, n);
    }
    if (all) complete.set(entry, newest);
    else known.set(entry.hash, newest);
  }
  return (entry, other) => ((complete.get(entry) ?? known.get(entry.hash))?.[other.clone] ?? -1) >= other.n;
}
