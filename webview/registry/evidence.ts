/** What a gate looked at: sentences with figures and intervals, worst first. */
import type { GateEvidence } from '../../src/protocol/registry';
import { el, fill, type Child } from '../shared/dom';
import { formatSigned } from '../shared/format';
import { errorState } from '../shared/notice';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale } from '../shared/interval-scale';
import { outcomeBadge } from '../evaluation/header';
import { figureFormat, formatCount } from '../evaluation/model/digits';
import { figureTitle } from '../evaluation/model/figures';
import { verdictWords, wordTones } from '../evaluation/model/words';
import { link } from './parts';
import type { Panel } from './panel';

/** Lines that are shown at once; a model may have hundreds of slices. */
const LINES = 50;
const places = { fail: 0, 'cannot tell': 1, pass: 2 };

export function evidenceTable(panel: Panel, evidence: readonly GateEvidence[]): HTMLElement {
  const sorted = [...evidence].sort((a, b) => places[a.outcome] - places[b.outcome]);
  const bars = evidence.some((one) => one.interval);
  const scale = intervalScale(evidence.flatMap((one) => [one.difference ?? null, ...(one.interval ?? [])]), { zero: true });
  const format = figureFormat(evidence.flatMap((one) => (one.interval ? [{ value: one.difference ?? null, low: one.interval[0], high: one.interval[1] }] : [])));
  const failed = el('div', {});
  const tone = (one: GateEvidence): string => (one.verdict ? wordTones[one.verdict.word] : one.outcome === 'fail' ? 'worse' : 'calm');
  const gap = (one: GateEvidence): Child => {
    if (one.difference == null) return null;
    const [low, high] = one.interval ?? [null, null];
    const range = low === null || high === null ? 'no interval' : `${formatSigned(low, (value) => format(value))} to ${formatSigned(high, (value) => format(value))}`;
    return el('span', { class: 'effect', title: `${formatSigned(one.difference, (value) => format(value))} (${range})` },
      el('span', {}, intervalBar({ mean: one.difference, low, high, scale, mark: 0, tone: tone(one), label: `difference ${formatSigned(one.difference, (value) => format(value))}, ${range}` })), el('span', { class: 'numeric' }, formatSigned(one.difference, (value) => format(value))));
  };
  const values = (one: GateEvidence): string => {
    if (one.value == null) return '';
    const side = figureFormat([]);
    const name = one.metric === undefined ? '' : `${figureTitle(one.metric)} `;
    return one.live == null ? `${name}${side(one.value)}` : `${name}${side(one.live)} \u2192 ${side(one.value)}`;
  };
  const openIt = (one: GateEvidence): Child => {
    const { evaluation, slice } = one;
    if (slice !== undefined) return link(slice, `Show slice ${slice} in the table`, () => panel.update({ slice, tab: 'candidate' }));
    if (evaluation === undefined) return null;
    const run = (): void => { panel.host.ask('host.openEvaluation', { evaluation }).then(() => fill(failed), (error: unknown) => fill(failed, errorState('The evaluation can\u2019t be opened', error, run))); };
    return link('evaluation', 'Open the evaluation', run);
  };
  /** What stands small under the sentence: rows, both values, what would tell. */
  const figures = (one: GateEvidence): Child => {
    const said = [one.n === undefined ? '' : `${formatCount(one.n)} rows`, values(one), one.verdict?.word === 'cannot tell' ? verdictWords(one.verdict) : ''].filter(Boolean).join(', ');
    return said === '' ? null : el('p', { class: 'muted figure' }, said);
  };
  const body = el('tbody', {});
  const draw = (most: number): void => fill(body, ...sorted.slice(0, most).map((one) => el('tr', {},
    el('td', {}, outcomeBadge(one.outcome)), el('td', { class: 'said' }, el('p', {}, openIt(one), one.slice === undefined && one.evaluation === undefined ? '' : ' ', one.text), figures(one)), bars ? el('td', { class: 'bar' }, gap(one)) : null)));
  draw(LINES);
  const more = evidence.length > LINES ? link(`Show all ${evidence.length}`, '', () => { draw(evidence.length); more?.remove(); }) : null;
  const head = (text: string, kind = ''): HTMLElement => el('th', { class: kind, attrs: { scope: 'col' } }, text);
  return el('div', { class: 'evidence-table', role: 'region', attrs: { tabindex: 0, 'aria-label': 'Evidence' } }, el('table', {}, el('thead', {}, el('tr', {}, head('outcome'), head('what was looked at'), bars ? head('difference, 95 %', 'bar') : null)), body), more, failed);
}
