/** Labels that look like another one misspelt, where only the labels themselves say what the classes are. */
import { distance, type RawLabels } from './labels';

/** A misspelling is that much rarer than what is meant, at most. */
const rarer = 50;

/**
 * Names of `labels` that are probably another of them: the model never gave them, and they read the same but for case and blanks, or they are of at least four letters, one edit
 * away (two from eight letters on) and fifty times rarer. Each with the name that is likely meant. Numbers and booleans are never taken for typos: 10 and 11 are close by nature.
 * `predicted`: labels that the model gave; none where it gives scores only.
 */
export function probableTypos(labels: RawLabels, predicted: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (labels.type !== 'string' || labels.names.length > mostNames) return found;
  const known = new Set(predicted);
  const counts = countsOf(labels);
  const often = labels.names.map((name, code) => ({ name, count: counts[code] ?? 0, sure: known.has(name) })).sort((a, b) => Number(b.sure) - Number(a.sure) || b.count - a.count);
  for (const [at, { name, count, sure }] of often.entries()) {
    if (sure || isNumber(name)) continue;
    const before = often.slice(0, at).filter((other) => !found.has(other.name) && !isNumber(other.name));
    const meant = before.find((other) => plain(other.name) === plain(name)) ?? nearest(name, before.filter((other) => count * rarer <= other.count));
    if (meant) found.set(name, meant.name);
  }
  return found;
}

/** With more names than classes are likely to be, each pair would take long to compare. */
const mostNames = 1000;
const plain = (name: string): string => name.trim().toLowerCase();
const isNumber = (name: string): boolean => name.trim() !== '' && Number.isFinite(Number(name));

function countsOf({ names, codes }: RawLabels): Int32Array {
  const counts = new Int32Array(names.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function nearest<T extends { name: string }>(name: string, others: readonly T[]): T | null {
  const own = plain(name);
  let best: { other: T; edits: number } | null = null;
  for (const other of others) {
    const theirs = plain(other.name);
    const longer = Math.max(own.length, theirs.length);
    if (longer < 4) continue;
    const edits = distance(own, theirs);
    if (edits <= (longer < 8 ? 1 : 2) && (!best || edits < best.edits)) best = { other, edits };
  }
  return best?.other ?? null;
}
