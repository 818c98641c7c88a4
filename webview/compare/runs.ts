/** The runs that the panel shows: pages of a search that come as they are looked at, and single runs by id. */
import type { RunRow } from '../../src/protocol/model';
import type { SearchParams } from '../../src/protocol/engine';
import type { Host } from './host';

const PAGE = 100;
/** How many runs the pictures of all runs (scatter, parallel coordinates, groups) take in; more wouldn't be told apart. */
const SAMPLE = 2000;

/** `within`: of the runs that are found only these, for what a picture filters. */
export interface Query { ids: string[] | null; within: string[] | null; experiments: string[] | null; filter: string; orderBy: string[] }
export interface Sample { rows: RunRow[]; total: number }

export interface Runs {
  /** How many there are in all; null until the first page came. */
  total(): number | null;
  /** The run of a line of the table; asks for its page where it isn't here yet. */
  at(index: number): RunRow | undefined;
  /** Those of the loaded pages, in the table's order. */
  loaded(): RunRow[];
  byId(id: string): RunRow | undefined;
  /** The line of a run among the loaded pages; undefined where its page isn't here. */
  lineOf(id: string): number | undefined;
  /** Rows of these runs, in this order, asked for where they aren't here; unknown ids are left out. */
  get(ids: readonly string[]): Promise<RunRow[]>;
  /** The first SAMPLE rows with these columns only; `all` leaves `within` out. The same promise until something changed. */
  sample(columns: readonly string[], all?: boolean): Promise<Sample>;
  /** The first `limit` rows with all that they have. */
  all(limit: number): Promise<RunRow[]>;
  /** null: none */
  error(): unknown;
  /** Another search: what is shown stays until the first page of the new one is here. The same search only tells who listens. */
  setQuery(query: Query): void;
  /** Asks again for what is shown: after an error, or when runs came or went. */
  reload(): void;
  /** Asks again for those runs among these that are here. */
  refresh(ids: readonly string[]): void;
  onChange(listener: (what: RunsChange) => void): void;
}

/** 'page': further rows of the same search came; 'all': another search, or rows that were here changed. */
export type RunsChange = 'page' | 'all';

export function createRuns(host: Host): Runs {
  let query: Query = { ids: null, within: null, experiments: null, filter: '', orderBy: [] };
  let generation = 0;
  let total: number | null = null;
  let failure: unknown = null;
  let pages = new Map<number, RunRow[]>();
  let asked = new Set<number>();
  const single = new Map<string, RunRow>();
  const samples = new Map<string, Promise<Sample>>();
  const listeners: ((what: RunsChange) => void)[] = [];
  const tell = (what: RunsChange = 'all'): void => { for (const listener of listeners) listener(what); };
  const params = (more: Partial<SearchParams>, ids = query.within ?? query.ids): SearchParams => ({
    filter: query.filter, orderBy: query.orderBy,
    ...(ids ? { ids, view: 'all' as const } : {}), ...(query.experiments ? { experiments: query.experiments } : {}), ...more,
  });

  /** Loads one page into the shown search; `fresh` throws away the earlier ones once it is here. */
  const load = async (page: number, fresh: boolean): Promise<void> => {
    const mine = generation;
    asked.add(page);
    try {
      const found = await host.ask('runs.search', params({ limit: PAGE, offset: page * PAGE }));
      if (mine !== generation) return;
      if (fresh) pages = new Map();
      pages.set(page, found.rows);
      for (const row of found.rows) single.set(row.id, row);
      total = found.total;
      failure = null;
    } catch (error) {
      if (mine !== generation) return;
      asked.delete(page);
      failure = error;
    }
    tell(page > 0 && failure === null ? 'page' : 'all');
  };

  /** `fresh`: other runs; else the same ones again, shown as they were until each page is here. */
  const start = (fresh: boolean): void => {
    generation += 1;
    asked = new Set();
    if (!fresh) samples.clear();
    void load(0, fresh);
  };

  const byId = (id: string): RunRow | undefined => single.get(id);
  return {
    total: () => total,
    at(index) {
      const page = Math.floor(index / PAGE);
      if (!asked.has(page) && total !== null && failure === null) void load(page, false);
      return pages.get(page)?.[index % PAGE];
    },
    lineOf(id) {
      for (const [page, rows] of pages) {
        const at = rows.findIndex((row) => row.id === id);
        if (at >= 0) return page * PAGE + at;
      }
      return undefined;
    },
    loaded: () => [...pages.keys()].sort((a, b) => a - b).flatMap((page) => pages.get(page) ?? []),
    byId,
    async get(ids) {
      const missing = ids.filter((id) => !single.has(id));
      if (missing.length > 0) {
        const found = await host.ask('runs.search', { ids: missing, view: 'all', limit: missing.length });
        for (const row of found.rows) single.set(row.id, row);
      }
      return ids.flatMap((id) => byId(id) ?? []);
    },
    sample(columns, all = false) {
      const wanted = params({ limit: SAMPLE, columns: [...columns] }, all ? query.ids : undefined);
      const key = JSON.stringify(wanted);
      const known = samples.get(key);
      if (known) return known;
      const asking = host.ask('runs.search', wanted);
      samples.set(key, asking);
      // A failed one is asked for again the next time; who waits for it hears of the failure there.
      asking.catch(() => samples.delete(key));
      return asking;
    },
    all: async (limit) => (await host.ask('runs.search', params({ limit }))).rows,
    error: () => failure,
    setQuery(next) {
      if (JSON.stringify(next) === JSON.stringify(query) && generation > 0) return tell();
      query = next;
      start(true);
    },
    reload: () => start(false),
    refresh(ids) {
      const wanted = ids.filter((id) => single.has(id));
      if (wanted.length === 0) return;
      samples.clear();
      const mine = generation;
      host.ask('runs.search', { ids: wanted, view: 'all', limit: wanted.length }).then((found) => {
        const rows = new Map(found.rows.map((row) => [row.id, row]));
        for (const row of found.rows) single.set(row.id, row);
        if (mine === generation) for (const [page, old] of pages) pages.set(page, old.map((row) => rows.get(row.id) ?? row));
        tell();
      }, (error: unknown) => {
        failure = error;
        tell();
      });
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
