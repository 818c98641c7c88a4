/** A verdict as it is drawn: the word, the difference with its interval against zero, the method, the reason. */
import type { Verdict } from '../../src/protocol/model';
import { el, type Child } from '../shared/dom';
import { columnFormat, formatNumber, formatSigned } from '../shared/format';
import { button } from '../shared/toolkit';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale } from '../shared/interval-scale';

const tones = { better: 'better', worse: 'worse', 'cannot tell': 'calm' } as const;
const signs = { better: '\u25b2', worse: '\u25bc', 'cannot tell': '\u25cb' } as const;

export const toneOf = (verdict: Verdict): string => tones[verdict.word];

/** The interval in words, such as 'from −0.01 to +0.03'. */
export function intervalText(verdict: Verdict): string {
  if (verdict.low === null || verdict.high === null) return 'no interval';
  const format = columnFormat([verdict.low, verdict.high, verdict.difference ?? 0]);
  return `${formatSigned(verdict.low, format)} to ${formatSigned(verdict.high, format)}`;
}

/** The difference with its interval, against zero. */
export function differenceBar(verdict: Verdict): Child {
  const { difference: mean, low, high } = verdict;
  return intervalBar({
    mean, low, high, mark: 0, tone: toneOf(verdict), scale: intervalScale([mean, low, high], { zero: true }),
    label: `Difference in ${verdict.metric}: ${intervalText(verdict)}, against zero`,
  });
}

/** Sure of nothing: what would help is more runs of the smaller side. */
function helps(verdict: Verdict, rerun: (run: string) => void): Child {
  if (verdict.word !== 'cannot tell') return null;
  const fewer = verdict.candidate.n < verdict.baseline.n ? verdict.candidate : verdict.baseline;
  const run = fewer.runs[0];
  return el('div', { class: 'helps' },
    el('p', {}, 'More seeds narrow the interval: about four times the runs halve it.'),
    run ? button({ label: 'Run more seeds\u2026', title: `Re-run ${fewer.label} with another seed`, onClick: () => rerun(run) }) : null);
}

export function verdictCard(verdict: Verdict, rerun: (run: string) => void): HTMLElement {
  const { metric, goal, word, difference } = verdict;
  const figure = difference === null ? 'no difference to give' : formatSigned(difference, columnFormat([difference, verdict.low ?? difference, verdict.high ?? difference]));
  const better = goal === 'maximize' ? 'more is better' : 'less is better';
  return el('section', { class: `verdict ${toneOf(verdict)}`, attrs: { 'aria-label': `Verdict on ${metric}` } },
    el('p', { class: 'verdict-word' }, el('span', { attrs: { 'aria-hidden': 'true' } }, `${signs[word]} `), el('strong', { class: 'word' }, word), el('span', { class: 'muted' }, ` in ${metric} (${better})`)),
    el('p', { class: 'verdict-figure' }, el('span', { class: 'figure' }, figure),
      el('span', { class: 'muted' }, verdict.low === null ? ' without an interval' : ` with ${Math.round(verdict.confidence * 1000) / 10} % interval `), verdict.low === null ? null : el('span', { class: 'figure' }, intervalText(verdict))),
    differenceBar(verdict),
    el('p', { class: 'muted axis-words' }, el('span', {}, goal === 'maximize' ? 'worse' : 'better'), el('span', {}, 'candidate \u2212 baseline'), el('span', {}, goal === 'maximize' ? 'better' : 'worse')),
    el('p', {}, verdict.reason.charAt(0).toUpperCase() + verdict.reason.slice(1)),
    el('p', { class: 'muted' }, `Method: ${verdict.method}; ${verdict.baseline.n} against ${verdict.candidate.n} runs${verdict.p === null ? '' : `; p = ${formatNumber(verdict.p, 2)}`}`),
    helps(verdict, rerun));
}
