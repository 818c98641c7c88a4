/** The chosen column over all windows that are shown: a measure with its limit and noise, its quantiles, or its categories' shares. */
import type { HistoryPoint } from '../../src/protocol/monitoring';
import { measuresOf } from '../../src/protocol/drift-measures';
import { fill } from '../shared/dom';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { dropdown } from '../shared/toolkit';
import { measureSpec, quantileSpec, sharesSpec } from './model/over-time';
import { windowScale } from './model/windows';
import { createPicture } from './picture';
import { pictureStyles } from './styles';
import type { Panel } from './panel';

export interface OverTime { node: HTMLElement; ask(): void; draw(): void; canvas(): HTMLCanvasElement | null }

/** A tick label takes about so many pixels. */
const TICK = 64;

export function createOverTime(panel: Panel): OverTime {
  let asked = 0;
  let shown: { points: HistoryPoint[]; of: string } | null = null;
  const card = createPicture(panel);
  const measure = dropdown({ label: 'What is drawn over time', value: panel.state().measure, choices: [{ value: 'psi', label: 'PSI' }], onChange: (one) => panel.update({ measure: one }) });
  card.tools.append(measure.node);
  const draw = (): void => {
    if (!shown) return;
    const { points } = shown;
    const scale = windowScale(panel.windows(), Math.max(3, Math.floor((card.node.clientWidth || 500) / TICK)));
    const name = panel.column() ?? '';
    const type = points.findLast(({ drift }) => drift !== null)?.drift?.type ?? 'numeric';
    const measures = measuresOf(type);
    const chosen = panel.state().measure === 'quantiles' ? 'quantiles' : (measures.find(({ id }) => id === panel.state().measure)?.id ?? 'psi');
    measure.set(chosen, [...measures.map(({ id, title }) => ({ value: id, label: title })), { value: 'quantiles', label: type === 'numeric' ? 'quantiles' : 'shares of categories' }]);
    if (!scale || points.every(({ drift }) => drift === null)) return card.update(`${name} over time`, null, emptyState({ title: 'Nothing over time', detail: 'None of the windows that are shown has measured this column.' }));
    const frame = { scale, marks: panel.marks(), styles: pictureStyles() };
    const found = measures.find(({ id }) => id === chosen);
    const spec = found ? measureSpec(points, found, frame) : type === 'numeric' ? quantileSpec(points, frame) : sharesSpec(points, frame);
    card.update(`${name}: ${found?.title ?? (type === 'numeric' ? 'quantiles' : 'shares')} over time`, spec);
    card.marks(panel.marks(), scale);
  };
  const ask = (): void => {
    const mine = (asked += 1);
    const column = panel.column();
    card.node.hidden = panel.monitor() === null;
    if (column === null || card.node.hidden) return;
    if (shown?.of !== column) fill(card.cover, skeleton(4));
    panel.history(column).then((points) => {
      if (mine !== asked) return;
      shown = { points, of: column };
      fill(card.cover);
      draw();
    }, (error: unknown) => {
      if (mine !== asked) return;
      shown = null;
      card.update(`${column} over time`, null, errorState('The windows can\u2019t be read', error, ask));
    });
  };
  return { node: card.node, ask, draw, canvas: card.canvas };
}
