import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, hashOf, nextEntry, type LedgerEntry, type LedgerFacts } from '../../../../../src/core/registry/ledger/entry';
import { conflicts, liveAt, movesOf, ordered } from '../../../../../src/core/registry/ledger/history';
import { verifyLedger } from '../../../../../src/core/registry/ledger/verify';

const clones = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc'] as const;
const by = { name: 'Ana', email: 'ana@example.org' };

/** Some clones, each with what it knows; they write, and pull from each other. */
function world(): { write(clone: number, version: number, at?: Partial<LedgerFacts>): LedgerEntry; pull(to: number, from: number): void; of(clone: number): LedgerEntry[]; all(): LedgerEntry[] } {
  const chains = clones.map((): LedgerEntry[] => []);
  const known = clones.map((_, own) => clones.map((__, other) => (own === other ? Infinity : 0)));
  const seenBy = (clone: number): LedgerEntry[][] => chains.map((chain, other) => chain.slice(0, known[clone]?.[other] ?? 0));
  return {
    write(clone, version, at = {}) {
      const seen = Object.fromEntries(seenBy(clone).flatMap((chain, other) => (other === clone || chain.length === 0 ? [] : [[clones[other] ?? '', chain.at(-1)?.hash ?? '']])));
      const entry = nextEntry(clones[clone] ?? '', chains[clone]?.at(-1) ?? null, { t: 1000, by, kind: 'promoted', model: 'm', environment: 'production', version, facts: {}, ...at, seen });
      chains[clone]?.push(entry);
      return entry;
    },
    pull(to, from) {
      for (const [other, length] of seenBy(from).entries()) {
        const row = known[to];
        if (row && other !== to) row[other] = Math.max(row[other] ?? 0, length.length);
      }
    },
    of: (clone) => seenBy(clone).flat(),
    all: () => chains.flat(),
  };
}

const steps = fc.array(fc.oneof(
  fc.record({ do: fc.constant('write' as const), clone: fc.nat(2), version: fc.integer({ min: 1, max: 9 }), t: fc.integer({ min: 0, max: 5000 }) }),
  fc.record({ do: fc.constant('pull' as const), clone: fc.nat(2), from: fc.nat(2) }),
), { maxLength: 40 });
function play(list: readonly (typeof steps extends fc.Arbitrary<infer T> ? T extends readonly (infer U)[] ? U : never : never)[]): ReturnType<typeof world> {
  const played = world();
  for (const step of list) {
    if (step.do === 'write') played.write(step.clone, step.version, { t: step.t });
    else played.pull(step.clone, step.from);
  }
  return played;
}
const linesOf = (entries: readonly LedgerEntry[]): { clone: string; lines: string[] }[] =>
  clones.map((clone) => ({ clone, lines: entries.filter((entry) => entry.clone === clone).sort((a, b) => a.n - b.n).map((entry) => JSON.stringify(entry)) }));

describe('a ledger', () => {
  test('that nobody touched has no fault, whoever wrote and pulled in what order', () => {
    fc.assert(fc.property(steps, (list) => { expect(verifyLedger(linesOf(play(list).all())).faults).toEqual([]); }));
  });

  test('names an entry that was edited, whatever part of it', () => {
    fc.assert(fc.property(steps, fc.nat(), fc.constantFrom('version', 't', 'by', 'facts', 'kind', 'environment'), (list, at, part) => {
      const entries = play(list).all();
      fc.pre(entries.length > 0);
      const place = at % entries.length;
      const other = { version: 10, t: 9_999, by: { name: 'Eve', email: '' }, facts: { reason: 'none' }, kind: 'rolledBack', environment: 'staging' }[part];
      const edited = entries.map((entry, i) => (i === place ? { ...entry, [part]: other } as LedgerEntry : entry));
      const { faults } = verifyLedger(linesOf(edited));
      expect(faults).toContainEqual(expect.objectContaining({ clone: entries[place]?.clone, what: 'edited' }));
    }));
  });

  test('names an entry that was taken out of the middle, and ones taken off the end that the store or another chain knows', () => {
    const { write, pull, all } = world();
    for (const version of [1, 2, 3]) write(0, version);
    const chain = (drop: number): { clone: string; lines: string[] }[] => linesOf(all().filter(({ clone, n }) => clone !== clones[0] || n !== drop));
    expect(verifyLedger(chain(1)).faults).toContainEqual(expect.objectContaining({ what: 'removed', message: `entry 1 of ${clones[0]} is gone` }));
    expect(verifyLedger(chain(2)).faults).toEqual([]);
    const last = all().at(-1);
    const withStore = chain(2).map((one) => (one.clone === clones[0] ? { ...one, expected: { count: 3, hash: last?.hash ?? '' } } : one));
    expect(verifyLedger(withStore).faults).toEqual([expect.objectContaining({ what: 'removed', clone: clones[0] })]);
    pull(1, 0);
    write(1, 4);
    expect(verifyLedger(chain(2)).faults).toEqual([expect.objectContaining({ what: 'removed', clone: clones[0] })]);
  });

  test('names entries that stand in another order, and lines of another chain or of none', () => {
    const { write, all } = world();
    for (const version of [1, 2, 3]) write(0, version);
    write(1, 9);
    const [first = '', second = '', third = ''] = all().map((entry) => JSON.stringify(entry));
    const foreign = JSON.stringify(all()[3]);
    const whats = (lines: string[]): string[] => verifyLedger([{ clone: clones[0], lines }]).faults.map(({ what }) => what);
    expect(whats([first, third, second])).toContain('reordered');
    expect(whats([first, first, second, third])).toContain('reordered');
    expect(whats([first, second, foreign])).toEqual(['foreign']);
    expect(whats([first, second, '{"format":1,'])).toEqual(['unreadable']);
  });

  test('written anew from some entry on is known by the hash that the store holds', () => {
    const [old, anew] = [world(), world()];
    for (const version of [1, 2]) old.write(0, version);
    anew.write(0, 1);
    anew.write(0, 7);
    const expected = { count: 2, hash: old.all().at(-1)?.hash ?? '' };
    expect(verifyLedger([{ clone: clones[0], lines: anew.all().map((entry) => JSON.stringify(entry)), expected }]).faults).toEqual([expect.objectContaining({ what: 'edited' })]);
  });
});

describe('merging', () => {
  test('loses no entry, and comes to the same order from any order of lines', () => {
    fc.assert(fc.property(steps, fc.infiniteStream(fc.nat()), (list, numbers) => {
      const entries = play(list).all();
      const shuffled = [...entries, ...entries].map((entry) => ({ entry, by: numbers.next().value as number })).sort((a, b) => a.by - b.by).map(({ entry }) => entry);
      const order = ordered(shuffled).map(({ hash }) => hash);
      expect(order).toEqual(ordered(entries).map(({ hash }) => hash));
      expect([...order].sort()).toEqual(entries.map(({ hash }) => hash).sort());
    }));
  });

  test('puts an entry behind all that its writer had seen, even by a clock that is wrong', () => {
    const { write, pull, all } = world();
    write(0, 1, { t: 9000 });
    pull(1, 0);
    write(1, 2, { t: 10 });
    expect(ordered(all()).map(({ version }) => version)).toEqual([1, 2]);
    expect(liveAt(all(), { model: 'm', environment: 'production' })?.version).toBe(2);
  });

  test('names two moves that did not know of each other, until one has seen both', () => {
    const { write, pull, all } = world();
    write(0, 1);
    pull(1, 0);
    write(0, 2);
    write(1, 3);
    expect(conflicts(all())).toEqual([expect.objectContaining({ model: 'm', environment: 'production' })]);
    pull(0, 1);
    write(0, 3);
    expect(conflicts(all())).toEqual([]);
  });

  test('finds no conflict where each knew the one before', () => {
    fc.assert(fc.property(fc.array(fc.nat(2), { maxLength: 20 }), (writers) => {
      const { write, pull, all } = world();
      for (const [at, writer] of writers.entries()) {
        for (const other of [0, 1, 2]) if (other !== writer) pull(writer, other);
        write(writer, at + 1);
      }
      expect(conflicts(all())).toEqual([]);
    }));
  });
});

describe('what was live', () => {
  test('is told for any moment', () => {
    const { write, all } = world();
    write(0, 1, { t: 100 });
    write(0, 2, { t: 200, kind: 'forced' });
    write(0, 5, { t: 250, kind: 'approved' });
    write(0, 1, { t: 300, kind: 'rolledBack' });
    write(0, 8, { t: 400, environment: 'staging' });
    const at = (time?: number): number | undefined => liveAt(all(), { model: 'm', environment: 'production', ...(time === undefined ? {} : { time }) })?.version;
    expect([at(99), at(100), at(199), at(299), at(300), at()]).toEqual([undefined, 1, 1, 2, 1, 1]);
    expect(movesOf(all(), 'm', 'production')).toHaveLength(3);
  });

  test('a clock that went back does not change the order within a chain', () => {
    const { write, all } = world();
    write(0, 1, { t: 500 });
    write(0, 2, { t: 100 });
    expect(all().map(({ t }) => t)).toEqual([500, 500]);
    expect(liveAt(all(), { model: 'm', environment: 'production' })?.version).toBe(2);
  });
});

test('the same facts have the same text and hash whatever the order of their keys', () => {
  expect(canonical({ b: [1, { d: 2, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":2}]}');
  const { write } = world();
  const entry = write(0, 1, { facts: { one: 1, two: 2 } });
  expect(hashOf({ ...entry, facts: { two: 2, one: 1 } })).toBe(entry.hash);
});
