/** Who said what of a version's move into an environment, as the ledger has it: the last word of each person. Pure. */
import * as z from 'zod';
import type { LedgerEntry } from '../ledger/entry';
import { personKey, samePerson } from '../ledger/people';
import type { Approval, Person } from '../../../protocol/registry';

/** `digest`: of the version that the person saw, where the entry has it: a number may be given twice by two clones. */
export const approvalFacts = z.object({
  comment: z.string(), signature: z.object({ kind: z.literal('git'), commit: z.string() }).nullable().default(null), digest: z.string().optional(),
});
export type ApprovalFacts = z.output<typeof approvalFacts>;

export interface Word { entry: LedgerEntry; judgement: Approval['judgement']; facts: ApprovalFacts; environment: string }
export interface Asked { model: string; version: number; environment?: string | undefined; /** of the version; words about other bytes are none */ digest?: string | undefined }

/** The last word of each person (by address in lower case, else by name) for each environment, in the order in which they were said. */
export function lastWords(entries: readonly LedgerEntry[], { model, version, environment, digest }: Asked): Word[] {
  const words = new Map<string, Word>();
  for (const entry of entries) {
    if ((entry.kind !== 'approved' && entry.kind !== 'rejected') || entry.model !== model || entry.version !== version || entry.environment === null) continue;
    if (environment !== undefined && entry.environment !== environment) continue;
    const facts = approvalFacts.safeParse(entry.facts).data;
    if (!facts || (digest !== undefined && facts.digest !== undefined && facts.digest !== digest)) continue;
    const key = JSON.stringify([personKey(entry.by), entry.environment]);
    // Anew at the end, where its last word is.
    words.delete(key);
    words.set(key, { entry, judgement: entry.kind, facts, environment: entry.environment });
  }
  return [...words.values()];
}

/** `signed`: whether its signature holds, null where there is none. */
export function approvalOf({ entry, judgement, facts, environment }: Word, { authors, signed }: { authors: readonly Person[]; signed: boolean | null }): Approval {
  return { judgement, by: entry.by, t: entry.t, comment: facts.comment, signed, own: authors.some((author) => samePerson(author, entry.by)), environment };
}
