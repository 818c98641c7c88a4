/** A version's approvals as they stand, with their signatures looked at. */
import type { LedgerEntry } from '../ledger/entry';
import type { Approval, Person } from '../../../protocol/registry';
import { verify, type Verified } from './signature';
import { approvalFacts, approvalOf, lastWords, type Asked, type Word } from './standing';

export interface ApprovalsOptions { workspace: string; authors: readonly Person[] }

/** Of one environment, or of all; oldest first. A signature that git can't vouch for here doesn't hold. */
export async function approvalsOf(entries: readonly LedgerEntry[], asked: Asked & { digest: string }, { workspace, authors }: ApprovalsOptions): Promise<Approval[]> {
  const found: Approval[] = [];
  for (const word of lastWords(entries, asked)) {
    const signature = await verifyWord(workspace, word, asked.digest);
    found.push(approvalOf(word, { authors, signed: signature && signature.holds }));
  }
  return found;
}

/** Null: not signed. */
export async function verifyWord(workspace: string, { entry, judgement, facts, environment }: Word, digest: string): Promise<Verified | null> {
  if (!facts.signature) return null;
  return verify(workspace, facts.signature.commit, { model: entry.model, version: entry.version ?? 0, digest, environment, judgement, comment: facts.comment, by: entry.by });
}

/** Of an entry as it stands in the ledger: null where it is no judgement, or not signed. */
export async function verifyEntry(workspace: string, entry: LedgerEntry): Promise<boolean | null> {
  const facts = approvalFacts.safeParse(entry.facts).data;
  if ((entry.kind !== 'approved' && entry.kind !== 'rejected') || entry.environment === null || !facts) return null;
  const found = await verifyWord(workspace, { entry, judgement: entry.kind, facts, environment: entry.environment }, facts.digest ?? '');
  return found && found.holds;
}
