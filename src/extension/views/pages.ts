/** The runs of each opened experiment, a page at a time, kept up to date from the engine's events. */
import type { RunRow } from '../../protocol/model';
import type { Engine } from '../engine';
import type { Grouping, RunNode } from './nodes';

const PAGE = 200;
/** Groups over a few runs would mislead, so that more of them come at once. */
const GROUPED_PAGE = 2000;

export interface Shelf { nodes: RunNode[]; total: number; wanted: number }

export interface Query { filter: string; grouping: Grouping; mainMetric: string | null }

export interface Pages {
  /** The opened pages of an experiment, asked for where they aren't there. */
  get(experiment: string, query: Query): Promise<Shelf>;
  /** Makes the next `get` bring one page more. */
  more(experiment: string): void;
  /** Forgets the rows of an experiment, or of all; how many were open stays. */
  drop(experiment?: string): void;
  /** Brings the newest facts of those of the runs that are shown; answers their nodes. */
  update(ids: readonly string[], query: (experiment: string) => Query): Promise<RunNode[]>;
  find(id: string): RunNode | undefined;
  readonly opened: readonly string[];
}

export function createPages(engine: Engine): Pages {
  const shelves = new Map<string, Shelf>();
  const wanted = new Map<string, number>();
  const nodes = new Map<string, RunNode>();
  const asked = new Map<string, Promise<Shelf>>();

  /** One node for a run as long as the window lives: the tree knows its elements by identity. */
  const nodeOf = (row: RunRow): RunNode => {
    const known = nodes.get(row.id);
    if (known) {
      known.row = row;
      return known;
    }
    const node: RunNode = { kind: 'run', row };
    nodes.set(row.id, node);
    return node;
  };

  const load = async (experiment: string, query: Query): Promise<Shelf> => {
    const size = Math.max(wanted.get(experiment) ?? 0, query.grouping === 'none' ? PAGE : GROUPED_PAGE);
    const { rows, total } = await engine.request('runs.search', {
      experiments: [experiment], filter: query.filter, limit: size, orderBy: ['attributes.start_time DESC'], ...columnsOf(query),
    });
    const shelf = { nodes: rows.map(nodeOf), total, wanted: size };
    wanted.set(experiment, size);
    return shelf;
  };

  return {
    async get(experiment, query) {
      const there = shelves.get(experiment);
      if (there) return there;
      const waiting = asked.get(experiment);
      if (waiting) return waiting;
      const loading = load(experiment, query);
      asked.set(experiment, loading);
      try {
        const shelf = await loading;
        // Dropped while it was on its way: what it brings is shown once, and asked for anew the next time.
        if (asked.get(experiment) === loading) shelves.set(experiment, shelf);
        return shelf;
      } finally {
        if (asked.get(experiment) === loading) asked.delete(experiment);
      }
    },
    more(experiment) {
      const size = wanted.get(experiment) ?? PAGE;
      wanted.set(experiment, size + Math.max(PAGE, size >= GROUPED_PAGE ? GROUPED_PAGE : 0));
      shelves.delete(experiment);
    },
    drop(experiment) {
      if (experiment === undefined) {
        shelves.clear();
        asked.clear();
      } else {
        shelves.delete(experiment);
        asked.delete(experiment);
      }
    },
    async update(ids, query) {
      const shown = new Map<string, string[]>();
      for (const [experiment, shelf] of shelves) {
        const members = new Set(shelf.nodes.map((node) => node.row.id));
        const changed = ids.filter((id) => members.has(id));
        if (changed.length > 0) shown.set(experiment, changed);
      }
      const updated = await Promise.all([...shown].map(async ([experiment, changed]) => {
        const { rows } = await engine.request('runs.search', { ids: changed, limit: changed.length, view: 'all', ...columnsOf(query(experiment)) });
        return rows.map(nodeOf);
      }));
      return updated.flat();
    },
    find: (id) => nodes.get(id),
    get opened() { return [...shelves.keys()]; },
  };
}

/** Groups are named by params; else the main metric is all that a row shows. */
function columnsOf(query: Query): { columns?: string[] } {
  if (query.grouping === 'params') return {};
  return { columns: query.mainMetric === null ? [] : [`metrics.${query.mainMetric}`] };
}
