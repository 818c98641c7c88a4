/** What a person signs: a text that names what was judged, so that a signature can't be carried over to anything else. Pure. */
import type { Person } from '../../../protocol/registry';

export interface Statement { model: string; version: number; digest: string; environment: string; judgement: 'approved' | 'rejected'; comment: string; by: Person }

const KINDS = { approved: 'Approved', rejected: 'Rejected' } as const;

/** The commit's message. The comment comes last, as whatever it says can't then be taken for another line. */
export function statementText({ model, version, digest, environment, judgement, comment }: Statement): string {
  return `${KINDS[judgement]}: ${oneLine(model)} version ${version} for ${oneLine(environment)}\n\nmodel: ${oneLine(model)}\nversion: ${version}\ndigest: ${digest}\nenvironment: ${oneLine(environment)}\njudgement: ${judgement}\ncomment: ${JSON.stringify(comment)}\n`;
}

const oneLine = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Author and message of a commit's text as `git cat-file commit` gives it; null where it is none. The signature's lines are headers, too. */
export function readCommit(text: string): { author: Person; message: string } | null {
  const end = text.indexOf('\n\n');
  if (end < 0) return null;
  const [, name = '', email] = /^author (.*?) ?<([^<>\n]*)> \d+ [+-]\d{4}$/m.exec(text.slice(0, end)) ?? [];
  return email === undefined ? null : { author: { name, email }, message: text.slice(end + 2) };
}
