/** What the ledger says: one entry for each thing that happened to a model, and how it is bound to those before. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

export const LEDGER_KINDS = ['registered', 'evaluated', 'gates', 'approved', 'rejected', 'promoted', 'forced', 'rolledBack', 'hook', 'alias', 'described', 'deleted', 'comment'] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];
/** Those after which another version is live. */
export const MOVES: readonly LedgerKind[] = ['promoted', 'forced', 'rolledBack'];

export const ledgerEntry = z.object({
  format: z.literal(1),
  /** whose chain this is: an id that each clone of the workspace has of its own */
  clone: z.string().regex(/^[0-9a-f]{16}$/),
  /** from 0 on, one more than the one before in this chain */
  n: z.number().int().min(0),
  /** milliseconds since the epoch, by that clone's clock: never before the one before in this chain */
  t: z.number().int(),
  by: z.object({ name: z.string(), email: z.string() }),
  kind: z.enum(LEDGER_KINDS),
  model: z.string(), version: z.number().int().nullable(), environment: z.string().nullable(),
  /** what the kind needs besides: digests, reasons, results */
  facts: z.record(z.string(), z.unknown()),
  /** the hash of the one before in this chain, null for the first */
  before: z.string().nullable(),
  /** of each other chain that this clone came to know more of since its entry before: the newest one it knew, clone to hash */
  seen: z.record(z.string(), z.string()),
  /** SHA-256 (hex) of all of the above as canonical JSON */
  hash: z.string(),
});
export type LedgerEntry = z.output<typeof ledgerEntry>;
export type LedgerFacts = Pick<LedgerEntry, 't' | 'by' | 'kind' | 'model' | 'version' | 'environment' | 'facts'>;

/** JSON with the keys of every object in order, so that the same facts have the same text. What JSON hasn't (undefined) is left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

export function hashOf(entry: Omit<LedgerEntry, 'hash'>): string {
  const { format, clone, n, t, by, kind, model, version, environment, facts, before, seen } = entry;
  return createHash('sha256').update(canonical({ format, clone, n, t, by, kind, model, version, environment, facts, before, seen })).digest('hex');
}

/** The next entry of a clone's chain. A clock that went back is held at the last entry's time: order never contradicts time within a chain. */
export function nextEntry(clone: string, last: LedgerEntry | null, { seen, ...facts }: LedgerFacts & { seen: Record<string, string> }): LedgerEntry {
  // As it will be read again, so that the hash is of what is written.
  const plain = JSON.parse(JSON.stringify(facts)) as LedgerFacts;
  const entry = { format: 1 as const, clone, n: last ? last.n + 1 : 0, ...plain, t: Math.max(plain.t, last?.t ?? -Infinity), before: last?.hash ?? null, seen };
  return { ...entry, hash: hashOf(entry) };
}

/** An entry as its file's line, without the line's end: the same entry, the same text. */
export function lineOf({ format, clone, n, t, by: { name, email }, kind, model, version, environment, facts, before, seen, hash }: LedgerEntry): string {
  return JSON.stringify({ format, clone, n, t, by: { name, email }, kind, model, version, environment, facts, before, seen, hash });
}

/** The entry that a line holds; null where it holds none. Whether its hash is right is another question. */
export function parseEntry(text: string): LedgerEntry | null {
  try {
    return ledgerEntry.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not JSON: half a line, or an edited one
  }
}
