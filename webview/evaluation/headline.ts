/** The figures of all rows with their intervals, the baseline's under them, and what the two models differ by. */
import type { EvaluationDoc } from '../../src/protocol/evaluation/result';
import { el, fill, type Child } from '../shared/dom';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale, type IntervalScale } from '../shared/interval-scale';
import { button, setPressed } from '../shared/toolkit';
import { aboutRows, figureFormat } from './model/digits';
import { allFigures, figureTitle, goalOf, headlineFigures, isShare, methodTitle, ranged } from './model/figures';
import { changeGap, type Gap } from './model/slices';
import { gapText, verdictFigures, wordSigns, wordTones } from './model/words';
import type { Panel } from './panel';

/** A difference as a sign, a figure and a word; grey where nobody can tell. */
export function gapMark(gap: Gap, format = figureFormat([gap])): HTMLElement {
  const title = [gapText(gap), gap.said, gap.note].filter(Boolean).join('\n');
  return el('span', { class: `gap ${wordTones[gap.word]}`, title }, el('span', { attrs: { 'aria-hidden': 'true' } }, wordSigns[gap.word]), `\u2009${gap.value > 0 ? '+' : ''}${format(gap.value)}`, el('span', { class: 'visually-hidden' }, ` ${gap.word}`));
}

export function createHeadline(panel: Panel): HTMLElement {
  const verdict = el('div', {});
  const list = el('ul', { class: 'figures', attrs: { 'aria-label': 'Figures of all rows' } });
  const toggle = button({ label: 'All figures', pressed: panel.state().allFigures, onClick: () => panel.update({ allFigures: !panel.state().allFigures }) });
  const node = el('section', { class: 'headline', attrs: { 'aria-label': 'All rows' } }, el('div', { class: 'headline-top' }, verdict, el('span', { class: 'grow' }), toggle), list);

  function verdictLine(doc: EvaluationDoc): Child {
    const found = doc.overall.compared?.verdict;
    if (!found || !doc.baseline) return el('p', { class: 'muted' }, 'All rows, with 95 % intervals');
    return el('p', { class: `verdict-line ${wordTones[found.word]}`, title: found.reason },
      el('span', { attrs: { 'aria-hidden': 'true' } }, `${wordSigns[found.word]} `), el('strong', {}, found.word),
      ` in ${figureTitle(found.metric)} ${found.word === 'better' || found.word === 'worse' ? 'than' : 'against'} ${doc.baseline.name}`, el('span', { class: 'muted figure' }, ` ${verdictFigures(found)}`),
      found.word === 'cannot tell' && found.rowsToTell !== null ? `; ${aboutRows(found.rowsToTell)} more rows would tell` : null);
  }
  function line(doc: EvaluationDoc, path: string, shared: IntervalScale | null): HTMLElement {
    const own = ranged(doc.overall, path);
    const base = doc.baselineOverall ? ranged(doc.baselineOverall, path) : null;
    const format = figureFormat([own, ...(base ? [base] : [])]);
    const sure = own.low !== null && own.high !== null;
    const range = sure ? `${format(own.low)} to ${format(own.high)}` : 'no interval';
    const scale = isShare(path) ? shared : intervalScale([own.value, own.low, own.high, base?.value ?? null, base?.low ?? null, base?.high ?? null]);
    const gap = changeGap(doc.overall, path, doc);
    const goal = goalOf(path, doc.main);
    const hover = [`${path}: ${format(own.value)}, ${sure ? `95 % interval ${range} (${methodTitle(own.method)})` : 'no interval'}`, base ? `${doc.baseline?.name ?? 'baseline'}: ${format(base.value)}${base.low === null ? '' : `, ${format(base.low)} to ${format(base.high)}`}` : '', goal ? (goal === 'maximize' ? 'more is better' : 'less is better') : ''].filter(Boolean).join('\n');
    return el('li', { class: path === doc.main.metric ? 'figure-line main' : 'figure-line', title: hover },
      el('span', { class: 'text' }, figureTitle(path)), el('span', { class: own.value === null ? 'numeric muted' : 'numeric' }, format(own.value)),
      el('span', { class: 'numeric muted range' }, range),
      el('span', { class: 'bar' }, intervalBar({ mean: own.value, low: own.low, high: own.high, scale, under: base && { mean: base.value, low: base.low, high: base.high }, label: `${figureTitle(path)}: ${format(own.value)}, ${range}${base ? `; baseline ${format(base.value)}` : ''}` })),
      doc.baseline ? el('span', { class: 'numeric' }, gap ? gapMark(gap) : el('span', { class: 'muted', title: 'no paired difference of this figure' }, '\u2013')) : null);
  }
  function draw(): void {
    const doc = panel.doc();
    const own = Object.keys(doc.request.metrics);
    const all = panel.state().allFigures;
    const first = headlineFigures({ task: doc.task, positive: doc.positive, main: doc.main, figures: doc.overall.figures, own });
    const paths = all ? [...new Set([...first, ...allFigures(doc.overall.figures)])] : first;
    const shares = paths.filter(isShare).flatMap((path) => [ranged(doc.overall, path), ...(doc.baselineOverall ? [ranged(doc.baselineOverall, path)] : [])].flatMap(({ value, low, high }) => [value, low, high]));
    setPressed(toggle, all);
    node.classList.toggle('paired', doc.baseline !== null);
    fill(verdict, verdictLine(doc));
    fill(list, ...paths.map((path) => line(doc, path, intervalScale(shares))));
  }
  panel.onDoc(draw);
  panel.onState((changed) => { if (changed.has('allFigures')) draw(); });
  draw();
  return node;
}
