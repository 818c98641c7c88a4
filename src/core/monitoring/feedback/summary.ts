/** What feedback on a model comes to. Pure. */
import { wilson } from '../../evaluation/intervals/wilson';
import type { FeedbackSummary } from '../../../protocol/monitoring';
import type { Labels } from './labels';
import type { Word } from './reviews';
import { personKey } from './standing';
import { rowKey } from './keys';
import { chanceOf } from '../review/chance';

const RECENT = 20;

/**
 * Counted in rows. What was said before `since` (ms since the epoch; null: none of it) counts nothing; of a `version` only its answers. A row with an imported label is right where that is the prediction; one that people
 * judged, where more of them say right than wrong; as many of each, or only unsure, is unsure. `honest`: of a sample of all rows by chance, with Wilson's 95 % interval: rows are drawn in the order of
 * their lots, so that of all rows up to the last lot drawn something is known, whoever asked about them and why; others, which were asked because they are odd, count nothing there.
 */
export function summarise(labels: Labels, { since, version }: { since: number | null; version: number | null }): Omit<FeedbackSummary, 'model'> {
  const counts = { labels: 0, right: 0, wrong: 0, unsure: 0 };
  const chance = { right: 0, n: 0 };
  const reviewers = new Map<string, { name: string; rows: number }>();
  const recent: Word[] = [];
  let newest: number | null = null;
  const drawn = drawnBy(labels, since);
  const meant = (one: { t: number; version: number | null }): boolean => (since === null || one.t >= since) && (version === null || one.version === version);
  const count = (right: boolean | null, byChance: boolean): void => {
    if (right === null) return;
    counts[right ? 'right' : 'wrong']++;
    if (!byChance) return;
    chance.n++;
    if (right) chance.right++;
  };
  for (const label of labels.imports) {
    const { request, row, right, t } = label;
    if (!meant(label)) continue;
    newest = Math.max(newest ?? t, t);
    counts.labels++;
    count(right, drawn(request, row));
  }
  for (const all of labels.reviewed) {
    const words = all.filter(meant);
    const [first] = words;
    if (!first) continue;
    for (const word of words) {
      newest = Math.max(newest ?? word.t, word.t);
      const who = reviewers.get(personKey(word.by)) ?? { name: word.by.name, rows: 0 };
      reviewers.set(personKey(word.by), { ...who, rows: who.rows + 1 });
      recent.push(word);
    }
    const imported = labels.imported(first.request, first.row);
    if (imported && meant(imported)) continue;
    if (labels.labelsFor([first.request], [first.row])[0] != null) counts.labels++;
    const right = verdict(words);
    if (right === null) counts.unsure++;
    count(right, drawn(first.request, first.row));
  }
  const interval = wilson(chance.right, chance.n);
  return {
    since, ...counts, newest, reviewers: [...reviewers.values()].sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1)),
    honest: interval && { n: chance.n, right: chance.right, low: interval[0], high: interval[1] },
    recent: recent.sort((a, b) => b.t - a.t).slice(0, RECENT).map(({ request, row, judgement, comment, by, t }) => ({ request, row, judgement, comment, by: by.name, t })),
  };
}

/** Whether a row is in the sample by chance: its lot is at or below the last one that was drawn and judged, with the seed of the queue that drew it. */
function drawnBy(labels: Labels, since: number | null): (request: string, row: number) => boolean {
  const last = new Map<number, number>();
  for (const words of labels.reviewed) for (const { request, row, source, seed, t } of words) {
    if (source === 'random' && (since === null || t >= since)) last.set(seed, Math.max(last.get(seed) ?? 0, chanceOf(rowKey(request, row), seed)));
  }
  return (request, row) => [...last].some(([seed, lot]) => chanceOf(rowKey(request, row), seed) <= lot);
}

/** Whether the model was right as most people say; null where as many say otherwise, or nobody is sure. */
export function verdict(words: readonly Pick<Word, 'judgement'>[]): boolean | null {
  const [right, wrong] = (['right', 'wrong'] as const).map((what) => words.filter(({ judgement }) => judgement === what).length);
  return right === wrong ? null : (right ?? 0) > (wrong ?? 0);
}
