/** The entries of all chains in memory, each in its place, and all of them in one order. */
import type { LedgerEntry } from './entry';
import { markOrdered, ordered } from './history';

export interface Chains {
  /** Puts an entry in its place. False where that place is taken, by itself or by another. */
  accept(entry: LedgerEntry): boolean;
  at(clone: string, n: number): LedgerEntry | undefined;
  last(clone: string): LedgerEntry | null;
  /** By number. */
  of(clone: string): LedgerEntry[];
  /** What the clone's next entry has to say that it has seen: the newest of each other chain that its entries don't name yet. */
  unseen(clone: string): Record<string, string>;
  /** As `ordered` puts them; the same list until there is another entry. */
  all(): readonly LedgerEntry[];
}

interface Chain { byNumber: Map<number, LedgerEntry>; last: LedgerEntry | null; /** the newest that its entries have seen of each other chain */ seen: Map<string, LedgerEntry['hash']> }

export function createChains(): Chains {
  const chains = new Map<string, Chain>();
  /** in order as long as `sorted` */
  let list: LedgerEntry[] = [];
  let sorted = true;
  let handedOut: readonly LedgerEntry[] | null = null;
  const chainOf = (clone: string): Chain => {
    let chain = chains.get(clone);
    if (!chain) chains.set(clone, chain = { byNumber: new Map(), last: null, seen: new Map() });
    return chain;
  };
  const unseen = (clone: string): [string, string][] => {
    const { seen } = chainOf(clone);
    return [...chains].flatMap(([other, { last }]): [string, string][] => (other === clone || !last || seen.get(other) === last.hash ? [] : [[other, last.hash]]));
  };
  return {
    accept(entry) {
      const chain = chainOf(entry.clone);
      if (chain.byNumber.has(entry.n)) return false;
      const follows = entry.before === (chain.last?.hash ?? null);
      chain.byNumber.set(entry.n, entry);
      if (!chain.last || entry.n > chain.last.n) {
        chain.last = entry;
        for (const [clone, hash] of Object.entries(entry.seen)) chain.seen.set(clone, hash);
      }
      // Who has seen all there is comes last: nothing has to be put in order anew.
      sorted &&= follows && unseen(entry.clone).length === 0;
      list.push(entry);
      handedOut = null;
      return true;
    },
    at: (clone, n) => chains.get(clone)?.byNumber.get(n),
    last: (clone) => chains.get(clone)?.last ?? null,
    of: (clone) => [...chains.get(clone)?.byNumber.values() ?? []].sort((a, b) => a.n - b.n),
    unseen: (clone) => Object.fromEntries(unseen(clone)),
    all() {
      if (!sorted) {
        list = [...ordered(list)];
        sorted = true;
      }
      return (handedOut ??= markOrdered([...list]));
    },
  };
}
