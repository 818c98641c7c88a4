/** Which of people's words stand, and what they come to together. Pure. */
import { rowKey } from './keys';
import type { ReviewLine, Word } from './reviews';

/** A person is their address, else their name. */
export const personKey = ({ name, email }: { name: string; email: string }): string => (email === '' ? name : email).toLowerCase();

/**
 * By row: the latest word of each person that they didn't take back, in the order in which they were said. Taking back brings up the person's word before.
 */
export function standingWords(lines: Iterable<ReviewLine>): Map<string, Word[]> {
  const said = new Map<string, Map<string, { word: Word; at: number }[]>>();
  let at = 0;
  for (const line of lines) {
    const key = rowKey(line.request, line.row);
    const people = said.get(key) ?? new Map<string, { word: Word; at: number }[]>();
    said.set(key, people);
    const who = personKey(line.by);
    const own = people.get(who) ?? [];
    people.set(who, own);
    if ('undone' in line) own.pop();
    else own.push({ word: line, at: at++ });
  }
  const standing = new Map<string, Word[]>();
  for (const [key, people] of said) {
    const words = [...people.values()].flatMap((own) => own.slice(-1)).sort((a, b) => a.at - b.at).map(({ word }) => word);
    if (words.length > 0) standing.set(key, words);
  }
  return standing;
}

/** What most of them call right; null where nobody says, or where two answers have as many. */
export function majority(words: readonly Pick<Word, 'label'>[]): string | null {
  const votes = new Map<string, number>();
  for (const { label } of words) if (label !== null) votes.set(label, (votes.get(label) ?? 0) + 1);
  const [first, second] = [...votes].sort(([, a], [, b]) => b - a);
  return first && first[1] > (second?.[1] ?? 0) ? first[0] : null;
}
