/** What feedback on a model comes to. Pure. */
import { describe, meanInterval } from '../../comparison/means';
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
 * `error`, where answers are numbers: the mean of |prediction - label| with Student's 95 % interval, of rows with an imported label and of that sample by chance; one that people call right has none.
 */
export function summarise(labels: Labels, { since, version }: { since: number | null; version: number | null }): Omit<FeedbackSummary, 'model'> {
  const counts = { labels: 0, right: 0, wrong: 0, unsure: 0 };
  const chance = { right: 0, n: 0 };
  const reviewers = new Map<string, { name: string; rows: number }>();
  const recent: Word[] = [];
  const errors: number[] = [];
  const numbers = areNumbers(labels);
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
  const note = (prediction: string | null, label: string | null): void => {
    const error = numberOf(prediction) - numberOf(label);
    if (Number.isFinite(error)) errors.push(Math.abs(error));
  };
  for (const label of labels.imports) {
    const { request, row, right, t } = label;
    if (!meant(label)) continue;
    newest = Math.max(newest ?? t, t);
    counts.labels++;
    count(right, drawn(request, row));
    if (numbers) note(label.prediction, label.label);
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
    const label = labels.labelsFor([first.request], [first.row])[0] ?? null;
    if (label !== null) counts.labels++;
    const right = verdict(words);
    if (right === null) counts.unsure++;
    const byChance = drawn(first.request, first.row);
    count(right, byChance);
    if (numbers && byChance) note(first.prediction, label);
  }
  const interval = wilson(chance.right, chance.n);
  return {
    since, ...counts, newest, reviewers: [...reviewers.values()].sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1)),
    honest: interval && { n: chance.n, right: chance.right, low: interval[0], high: interval[1] },
    ...(numbers && { error: meanError(errors) }),
    recent: recent.sort((a, b) => b.t - a.t).slice(0, RECENT).map(({ request, row, judgement, comment, by, t }) => ({ request, row, judgement, comment, by: by.name, t })),
  };
}

/** A class is right or not; of a number nobody says so when labels come, and people answer with numbers. */
function areNumbers({ imports, reviewed }: Labels): boolean {
  let found = false;
  for (const { right, prediction, label } of imports) {
    if (right !== null) return false;
    found ||= Number.isFinite(numberOf(prediction)) && Number.isFinite(numberOf(label));
  }
  for (const words of reviewed) found ||= words.some(({ answer }) => typeof answer === 'number');
  return found;
}

const numberOf = (text: string | null): number => (text === null || text.trim() === '' ? NaN : Number(text));

function meanError(errors: readonly number[]): FeedbackSummary['error'] {
  const sample = describe(Float64Array.from(errors));
  if (sample.n === 0) return null;
  const interval = meanInterval(sample, 0.95);
  return { n: sample.n, mean: sample.mean, sd: Number.isNaN(sample.sd) ? null : sample.sd, interval: interval && [interval.low, interval.high] };
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
