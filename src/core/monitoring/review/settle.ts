/** Which reviewed rows have an answer that an evaluation can be held to. Pure. */
import type { ReviewSource } from '../../../protocol/monitoring';
import type { Labels } from '../feedback/labels';
import type { Word } from '../feedback/reviews';
import { majority } from '../feedback/standing';

export interface Settled { request: string; row: number; label: string; source: ReviewSource | null }
export interface Settlement { rows: Settled[]; leftOut: { disagreement: number; unsure: number; unknown: number } }

/**
 * A label that was imported is the answer whatever people said. Who is unsure says nothing. Rows on which the others differ are left out, or get what most of them say (of as many each, nothing). A row that
 * is wrong without anybody saying what is right is unknown. `sources`: only rows that were asked as one of these.
 */
export function settle(labels: Labels, { disagreement, sources }: { disagreement: 'leave out' | 'majority'; sources?: readonly ReviewSource[] | undefined }): Settlement {
  const found: Settlement = { rows: [], leftOut: { disagreement: 0, unsure: 0, unknown: 0 } };
  for (const words of labels.reviewed) {
    const [first] = words;
    if (!first || (sources && !words.some(({ source }) => source !== null && sources.includes(source)))) continue;
    const { request, row } = first;
    const label = labels.imported(request, row)?.label ?? answerOf(words, disagreement, found.leftOut);
    if (label !== null) found.rows.push({ request, row, label, source: words.find(({ source }) => source !== null)?.source ?? null });
  }
  return found;
}

function answerOf(words: readonly Word[], disagreement: 'leave out' | 'majority', leftOut: Settlement['leftOut']): string | null {
  const sure = words.filter(({ judgement }) => judgement !== 'unsure');
  const said = new Set(sure.map(({ label }) => label));
  const label = majority(sure);
  const even = disagreement === 'majority' ? label === null && said.size > 1 : said.size > 1;
  if (sure.length === 0) leftOut.unsure++;
  else if (even) leftOut.disagreement++;
  else if (label === null) leftOut.unknown++;
  return even ? null : label;
}
