/**
 * Which runs of clients still have a client. A client lives while a connection that spoke of the run is open, or the process that was
 * behind one lives. Where no process can be told (another system, a container, a tunnel), each word is good for a lease. Pure: the time
 * and the look at a process are the caller's.
 */
import type { ProcessId } from '../../core/tracking/process';

export interface LeaseOptions {
  /** seconds, of a clock that never goes back */
  now(): number;
  alive(id: ProcessId): boolean;
  /** seconds for which a word of an unknown client stands */
  lease: number;
  /** seconds between the end of the last client and the word that the run is lost: for a client that comes again, or an engine that just started */
  grace: number;
}

/** `ended`: its processes are no more; `silent`: nobody known, and no word for a lease. */
export interface GivenUp { run: string; why: 'ended' | 'silent'; pids: number[] }

export interface Leases<C> {
  /** True for the first word over this connection: who is behind it has to be looked for, and told by `known`. */
  spoke(run: string, connection: C): boolean;
  /** Null: it can't be told who that is. A word of somebody unknown is its known process's, as long as that lives: a connection may be too short to be looked at. */
  known(connection: C, id: ProcessId | null): void;
  /** Whether no process is known that lives and speaks for the run. */
  anonymous(run: string): boolean;
  closed(connection: C): void;
  /** What an earlier engine knew of a run, or its folder tells. */
  restore(run: string, ids: readonly ProcessId[]): void;
  has(run: string): boolean;
  /** An unknown client of the run has been heard of so many seconds ago. */
  heard(run: string, ago: number): void;
  /** processes that may speak for the run, in the order in which they came */
  processes(run: string): ProcessId[];
  /** Of the runs that are live, those that nobody speaks for any more; the others are forgotten. */
  due(live: Iterable<string>): GivenUp[];
}

interface Behind { id: ProcessId; over: boolean }
interface Connection { word: number; open: boolean; behind: Behind | null | undefined }
interface Lease<C> { connections: Set<C>; behind: Map<string, Behind>; /** the last word of somebody unknown */ unknown: number; gone: number | null }

export function createLeases<C extends object>({ now, alive, lease, grace }: LeaseOptions): Leases<C> {
  const leases = new Map<string, Lease<C>>();
  const connections = new Map<C, Connection>();
  const known = new Map<string, Behind>();

  const of = (run: string): Lease<C> => {
    const found = leases.get(run) ?? { connections: new Set<C>(), behind: new Map<string, Behind>(), unknown: -Infinity, gone: null };
    leases.set(run, found);
    return found;
  };
  const keyOf = ({ pid, startTime }: ProcessId): string => `${pid} ${startTime}`;
  const behindOf = (id: ProcessId): Behind => {
    const found = known.get(keyOf(id)) ?? { id, over: false };
    known.set(keyOf(id), found);
    return found;
  };
  const join = (one: Lease<C>, { behind, word }: Connection): void => {
    if (behind) one.behind.set(keyOf(behind.id), behind);
    else if (behind === null && ![...one.behind.values()].some(lives)) one.unknown = Math.max(one.unknown, word);
  };
  /** Ended is ended: whoever has its pid later is another. */
  const lives = (behind: Behind): boolean => {
    behind.over ||= !alive(behind.id);
    return !behind.over;
  };
  /** Open, or its process is still looked for. */
  const holds = (connection: C): boolean => {
    const state = connections.get(connection);
    return state !== undefined && (state.open || state.behind === undefined);
  };

  function judge(run: string, one: Lease<C>): GivenUp | null {
    if ([...one.connections].some(holds)) return stays(one);
    const all = [...one.behind.values()];
    if (all.some(lives) || now() - one.unknown < lease) return stays(one);
    const why = all.length > 0 ? 'ended' : 'silent';
    one.gone ??= now();
    if (why === 'ended' && now() - one.gone < grace) return null;
    return { run, why, pids: all.map(({ id }) => id.pid) };
  }
  const stays = (one: Lease<C>): null => {
    one.gone = null;
    return null;
  };

  return {
    spoke(run, connection) {
      const first = !connections.has(connection);
      const state: Connection = connections.get(connection) ?? { word: now(), open: true, behind: undefined };
      connections.set(connection, state);
      state.word = now();
      const one = of(run);
      one.connections.add(connection);
      one.gone = null;
      join(one, state);
      return first;
    },
    known(connection, id) {
      const state = connections.get(connection);
      if (!state) return;
      state.behind = id && behindOf(id);
      for (const one of leases.values()) if (one.connections.has(connection)) join(one, state);
      if (!state.open) connections.delete(connection);
    },
    closed(connection) {
      const state = connections.get(connection);
      if (!state) return;
      state.open = false;
      // Who is behind it may still be looked for.
      if (state.behind !== undefined) connections.delete(connection);
    },
    restore(run, ids) {
      const one = of(run);
      for (const id of ids) one.behind.set(keyOf(id), behindOf(id));
      // One that has spoken here already is known better.
      if (ids.length === 0 && one.connections.size === 0 && one.behind.size === 0) one.unknown = Math.max(one.unknown, now());
    },
    anonymous: (run) => ![...(leases.get(run)?.behind.values() ?? [])].some(lives),
    has: (run) => leases.has(run),
    heard(run, ago) {
      const one = of(run);
      one.unknown = Math.max(one.unknown, now() - ago);
    },
    processes: (run) => [...leases.get(run)?.behind.values() ?? []].map(({ id }) => id),
    due(live) {
      const wanted = new Set(live);
      for (const run of [...leases.keys()]) if (!wanted.has(run)) leases.delete(run);
      const given = [...wanted].flatMap((run) => judge(run, of(run)) ?? []);
      prune();
      return given;
    },
  };

  /** Connections and processes that are over and that no run refers to any more. */
  function prune(): void {
    for (const one of leases.values()) for (const connection of one.connections) if (!connections.has(connection)) one.connections.delete(connection);
    const used = new Set([...leases.values()].flatMap((one) => [...one.behind.keys()]));
    for (const { behind } of connections.values()) if (behind) used.add(keyOf(behind.id));
    for (const key of [...known.keys()]) if (!used.has(key)) known.delete(key);
  }
}
