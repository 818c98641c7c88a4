/** Every measure of the chosen column in the chosen window: what was tested with its limit, what the reference comes to by chance, and the rest. */
import type { ColumnDrift, DriftTest } from '../../src/protocol/drift';
import { columnIn, figureOf, measuresOf } from '../../src/protocol/drift-measures';
import { formatP } from '../evaluation/model/digits';
import { el, fill, type Child } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { outcomeBadge } from './parts';
import { longLabel } from './model/windows';
import type { Panel } from './panel';

const TESTS: Record<DriftTest['what'], string> = { distribution: 'PSI above noise', missing: 'missing share', unseen: 'new categories', range: 'out of range' };
const number = (value: number | null): string => (value === null ? NONE : formatNumber(value, 3));

export function createFigures(panel: Panel): { node: HTMLElement; ask(): void } {
  let asked = 0;
  const node = el('section', { class: 'figures-pane', attrs: { 'aria-label': 'Measures of the column', tabindex: 0 } });
  const row = (name: Child, ...cells: Child[]): HTMLElement => el('tr', {}, el('th', { attrs: { scope: 'row' } }, name), ...cells.map((cell) => el('td', { class: 'numeric' }, cell)));
  const tests = ({ tests: own }: ColumnDrift): HTMLElement => el('table', { class: 'dense' }, el('caption', { class: 'visually-hidden' }, 'Tests'),
    el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, 'tested'), ...['effect', 'limit', 'p (BH)'].map((title) => el('th', { class: 'numeric', attrs: { scope: 'col' } }, title)))),
    el('tbody', {}, ...own.map((test) => {
      const line = row(el('span', { title: `${test.method}, of ${test.measure}` }, `${test.drifted ? '\u2715 ' : test.unsure ? '? ' : ''}${TESTS[test.what]}`), number(test.effect), number(test.limit), formatP(test.p_bh).replace(/^p = /, '').replace(/^p /, '') || NONE);
      line.classList.toggle('drifted', test.drifted);
      return line;
    })));
  const draw = (column: ColumnDrift): void => {
    const measures = measuresOf(column.type).map((one) => {
      const value = figureOf(column.figures, one.path);
      const line = row(one.title, value === null ? NONE : formatNumber(value, 4));
      line.title = one.about;
      return line;
    });
    const noise = column.noise ? [row(el('span', { title: '95 % of what PSI comes to between two samples of these sizes from the reference itself, and its mean' }, 'PSI by chance (mean)'), `${number(column.noise.psi_95)} (${number(column.noise.psi_mean)})`)] : [];
    const importance = column.importance == null ? [] : [row('importance', `${formatNumber(column.importance * 100, 3)} %`), row('harm', number(column.harm ?? null))];
    const summary = (side: 'reference' | 'current'): Child => ['mean', 'std'].map((name) => number(figureOf(column.figures, `${side}.${name}`))).join(' \u00b1 ');
    fill(node, el('p', { class: 'figures-head' }, outcomeBadge(column.outcome, column.reason || 'nothing is beyond its limit', column.outcome === 'fail' ? 'drifted' : column.outcome === 'pass' ? 'not drifted' : 'cannot tell')), column.reason ? el('p', { class: 'reason' }, column.reason) : null,
      tests(column), el('table', { class: 'dense' }, el('caption', { class: 'visually-hidden' }, 'Measures'), el('tbody', {}, ...measures, ...noise, ...importance, ...(column.type === 'numeric' ? [row('reference, mean \u00b1 std', summary('reference')), row('current, mean \u00b1 std', summary('current'))] : []))));
  };
  /** Of a monitor's window a column is told by itself: the whole result may hold thousands. */
  async function read(name: string, window: string): Promise<{ column: ColumnDrift | null; why: string }> {
    const point = panel.monitor() ? (await panel.history(name)).find(({ result }) => result === window) : undefined;
    if (point?.drift) return { column: point.drift, why: '' };
    const doc = await panel.doc();
    return { column: doc && columnIn(doc, name), why: doc?.leftOut.find((one) => one.column === name)?.why ?? '' };
  }
  function ask(): void {
    const mine = (asked += 1);
    const [name, window] = [panel.column(), panel.window()];
    if (name === null || window === null) return fill(node);
    if (node.childElementCount === 0) fill(node, skeleton(6));
    read(name, window.id).then(({ column, why }) => {
      if (mine !== asked) return;
      if (column) return draw(column);
      fill(node, emptyState({ title: 'Not compared', detail: why ? `${name}: ${why}.` : `${longLabel(window)} has no measures of ${name}.` }));
    }, (error: unknown) => { if (mine === asked) fill(node, errorState('The measures can\u2019t be read', error, ask)); });
  }
  return { node, ask };
}
