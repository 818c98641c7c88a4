/** The figures of all rows: what is live, the candidate, and the difference, each with its interval. */
import { el, fill, type Child } from '../shared/dom';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale, type IntervalScale } from '../shared/interval-scale';
import { gapMark } from '../evaluation/headline';
import { aboutRows, figureFormat } from '../evaluation/model/digits';
import { allFigures, figureTitle, headlineFigures, isShare, methodTitle } from '../evaluation/model/figures';
import { verdictFigures, wordSigns, wordTones } from '../evaluation/model/words';
import { figureLine, type Compared, type FigureLine } from './model/candidate';
import type { Panel } from './panel';

/** Figures that stand over the slices at first. */
const MOST = 5;
/** Those with an interval say more than those without; each group in its order, the main figure first. */
const surest = (paths: readonly string[], intervals: Record<string, unknown>): string[] => [...new Set([...paths.slice(0, 1), ...paths.filter((path) => path in intervals), ...paths])].slice(0, MOST);

export function createFigures(panel: Panel, compared: () => Compared | null): { node: HTMLElement; draw(): void } {
  const verdict = el('div', {});
  const table = el('table', { class: 'figures-table' });
  const node = el('div', { class: 'figures' }, verdict, table);

  const verdictLine = ({ doc, pairing }: Compared): Child => {
    const found = doc.overall.compared?.verdict;
    if (!found || pairing !== 'paired') return null;
    return el('p', { class: `verdict-line ${wordTones[found.word]}`, title: found.reason }, el('span', { attrs: { 'aria-hidden': 'true' } }, `${wordSigns[found.word]} `), el('strong', {}, found.word),
      ` in ${figureTitle(found.metric)} ${found.word === 'better' || found.word === 'worse' ? 'than' : 'against'} what is live`, el('span', { class: 'muted figure' }, ` ${verdictFigures(found)}`),
      found.word === 'cannot tell' && found.rowsToTell !== null ? `; ${aboutRows(found.rowsToTell)} more rows would tell` : null);
  };
  const row = (line: FigureLine, main: string, shared: IntervalScale | null): HTMLElement => {
    const { own, live } = line;
    const format = figureFormat([own, ...(live ? [live] : [])]);
    const range = own.low === null ? 'no interval' : `${format(own.low)} to ${format(own.high)}`;
    const scale = isShare(line.path) ? shared : intervalScale([own.value, own.low, own.high, live?.value ?? null, live?.low ?? null, live?.high ?? null]);
    const hover = [`${line.path}: ${format(own.value)}, ${own.low === null ? 'no interval' : `95 % interval ${range} (${methodTitle(own.method)})`}`,
      live ? `live: ${format(live.value)}${live.low === null ? '' : `, ${format(live.low)} to ${format(live.high)}`}` : '', line.goal ? (line.goal === 'maximize' ? 'more is better' : 'less is better') : ''].filter(Boolean).join('\n');
    return el('tr', { class: line.path === main ? 'main' : '', title: hover },
      el('th', { class: 'text', attrs: { scope: 'row' } }, line.title), live ? el('td', { class: 'numeric muted' }, format(live.value)) : null, el('td', { class: 'numeric' }, format(own.value)), el('td', { class: 'numeric muted range' }, range),
      el('td', { class: 'bar' }, intervalBar({ mean: own.value, low: own.low, high: own.high, scale, under: live && { mean: live.value, low: live.low, high: live.high }, label: `${line.title}: ${format(own.value)}, ${range}${live ? `; live ${format(live.value)}` : ''}` })),
      live ? el('td', { class: 'numeric' }, line.gap ? gapMark(line.gap) : el('span', { class: 'muted', title: 'no difference was measured on the same rows' }, '\u2013')) : null);
  };
  return {
    node,
    draw() {
      const found = compared();
      if (!found) return;
      const { doc } = found;
      const first = headlineFigures({ task: doc.task, positive: doc.positive, main: doc.main, figures: doc.overall.figures, own: Object.keys(doc.request.metrics) });
      const paths = panel.state().allFigures ? [...new Set([...first, ...allFigures(doc.overall.figures)])] : surest(first, doc.overall.intervals);
      const lines = paths.map((path) => figureLine(found, path));
      const sides = found.pairing === 'alone' ? lines.map((line) => ({ ...line, live: null })) : lines;
      const shares = sides.filter((line) => isShare(line.path)).flatMap(({ own, live }) => [own.value, own.low, own.high, live?.value ?? null, live?.low ?? null, live?.high ?? null]);
      const both = sides.some((line) => line.live !== null);
      const head = (text: string, kind = ''): HTMLElement => el('th', { class: kind, attrs: { scope: 'col' } }, text);
      fill(verdict, verdictLine(found));
      fill(table, el('thead', {}, el('tr', {}, head('figure'), both ? head('live', 'numeric') : null, head('candidate', 'numeric'), head('95 % interval', 'numeric range'), head(both ? 'candidate over live' : 'interval, drawn', 'bar'), both ? head('difference', 'numeric') : null)),
        el('tbody', {}, ...sides.map((line) => row(line, doc.main.metric, intervalScale(shares)))));
    },
  };
}
