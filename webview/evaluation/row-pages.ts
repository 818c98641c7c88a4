/** The rows that a browser shows: pages that come as they are looked at. */
import type { Selection } from '../../src/protocol/evaluation/request';
import type { ExampleRow } from '../../src/protocol/evaluation/result';
import { debounce } from '../shared/dom';
import type { Host } from './host';

const PAGE = 200;
/** Pages that are kept; beyond, those that were asked for first go. */
const KEPT = 60;
/** Scrolling has to rest so long before pages are asked for: those that flew by are nobody's wish. */
const REST_MS = 80;
/** A view is less than a page high, so it lies on two of them at most. */
const MOST_AT_ONCE = 2;

export type RowSort = 'worst' | 'best' | 'order' | 'flip';
export interface RowQuery { evaluation: string; selection: Selection; sort: RowSort }

export interface RowPages {
  /** How many there are in all; null until the first page came. */
  total(): number | null;
  columns(): readonly string[];
  /** The row of a line; asks for its page where it isn't here yet. */
  at(line: number): ExampleRow | undefined;
  /** Those that are here, in no order. */
  loaded(): ExampleRow[];
  error(): unknown;
  /** Another question: what is shown stays until its first page is here. */
  setQuery(query: RowQuery): void;
  /** The same rows again, shown as they were until each page is here. */
  reload(): void;
  /** 'page': further rows came; 'all': other rows, or none could be had. */
  onChange(listener: (what: 'page' | 'all') => void): void;
}

export function createRowPages(host: Host): RowPages {
  let query: RowQuery | null = null;
  let generation = 0;
  let total: number | null = null;
  let columns: string[] = [];
  let failure: unknown = null;
  let pages = new Map<number, ExampleRow[]>();
  let asked = new Set<number>();
  let looked = 0;
  let wanted = new Set<number>();
  const listeners: ((what: 'page' | 'all') => void)[] = [];
  const tell = (what: 'page' | 'all'): void => { for (const listener of listeners) listener(what); };

  const load = async (page: number, fresh: boolean): Promise<void> => {
    if (!query) return;
    const mine = generation;
    asked.add(page);
    try {
      const found = await host.ask('evaluations.rows', { ...query, offset: page * PAGE, limit: PAGE });
      if (mine !== generation) return;
      if (fresh) pages = new Map();
      pages.set(page, found.rows);
      const oldest = pages.size > KEPT ? pages.keys().next().value : undefined;
      if (oldest !== undefined) {
        pages.delete(oldest);
        asked.delete(oldest);
      }
      const changed = total !== found.total || columns.join('\n') !== found.columns.join('\n') || failure !== null;
      total = found.total;
      columns = found.columns;
      failure = null;
      tell(fresh || changed ? 'all' : 'page');
    } catch (error) {
      if (mine !== generation) return;
      asked.delete(page);
      failure = error;
      tell('all');
    }
  };
  const start = (fresh: boolean): void => {
    generation += 1;
    asked = new Set();
    // The page that is looked at comes first: nothing jumps, and nobody waits for what is out of sight.
    void load(fresh ? 0 : looked, fresh);
  };
  const askForWanted = debounce(REST_MS, () => {
    const now = [...wanted].filter((page) => !asked.has(page));
    wanted = new Set();
    for (const page of now.slice(-MOST_AT_ONCE)) void load(page, false);
  });
  /** What one drawing looks at is wanted; what an earlier one looked at and scrolled past is not. */
  const want = (page: number): void => {
    if (asked.has(page) || total === null || failure !== null) return;
    wanted.delete(page);
    wanted.add(page);
    askForWanted();
  };
  return {
    total: () => total,
    columns: () => columns,
    at(line) {
      const page = Math.floor(line / PAGE);
      looked = page;
      want(page);
      return pages.get(page)?.[line % PAGE];
    },
    loaded: () => [...pages.values()].flat(),
    error: () => failure,
    setQuery(next) {
      if (JSON.stringify(next) === JSON.stringify(query) && failure === null) return;
      query = next;
      start(true);
    },
    reload: () => { if (query) start(false); },
    onChange: (listener) => void listeners.push(listener),
  };
}
