/** One small chart of the selected rows; a histogram's stretch can be brushed. */
import { fileName } from '../compare/model/export';
import { createLineChart, type LineChart } from '../shared/chart';
import { announce, el, fill } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button } from '../shared/toolkit';
import { brushable } from './brushing';
import { legend } from './legend';
import type { ChartSpec } from './model/curves';
import { withBrush } from './model/selection';
import type { Panel } from './panel';

export interface PictureCard {
  node: HTMLElement;
  update(spec: ChartSpec): void;
  /** The stretch that is brushed, where it is now. */
  shade(): void;
  dispose(): void;
}

export function createPictureCard(panel: Panel): PictureCard {
  const title = el('h2', {});
  const note = el('span', { class: 'muted figure note' });
  const keys = el('span', { class: 'card-legend' });
  const failed = el('div', {});
  const png = button({ label: 'PNG', appearance: 'icon', onClick: () => save() });
  const chart: LineChart = createLineChart({ onHover: () => undefined });
  const node = el('section', { class: 'picture-card' }, el('header', {}, title, note, keys, el('span', { class: 'grow' }), png), failed, chart.node);
  let spec: ChartSpec | null = null;
  const now = (): { from: number; to: number } | null => panel.state().brush.find((one) => one.of === spec?.brush?.of) ?? null;
  let shade: { draw(): void } | null = null;
  const resized = new ResizeObserver(() => shade?.draw());
  function save(): void {
    fill(failed);
    const of = panel.state().slice ?? panel.state().part ?? 'all rows';
    const name = fileName(`${panel.doc().name} ${of} ${spec?.title ?? ''}`, 'png');
    panel.host.ask('host.saveFile', { name, mime: 'image/png', base64: chart.png() })
      .then(({ saved }) => { if (saved) announce(`${name} saved`); }, (error: unknown) => fill(failed, errorState('The picture isn\u2019t saved', error, save)));
  }
  return {
    node,
    update(next) {
      spec = next;
      title.textContent = next.title;
      png.title = `Save ${next.title} as a picture`;
      png.setAttribute('aria-label', `Save ${next.title} as PNG`);
      note.textContent = next.note;
      note.title = [next.note, next.baseline].filter(Boolean).join('\nbaseline: ');
      fill(keys, ...(next.legend ? [legend(next.legend)] : []));
      node.setAttribute('aria-label', next.title);
      chart.update({ lines: next.lines, x: next.x, y: next.y, summary: next.baseline ? `${next.summary}; baseline: ${next.baseline}` : next.summary });
      if (next.brush && !shade) {
        shade = brushable(chart.node, {
          plot: () => chart.plotArea(),
          scale: () => (spec?.brush ? { from: spec.x.min ?? spec.brush.edges[0] ?? 0, to: spec.x.max ?? spec.brush.edges.at(-1) ?? 1, edges: spec.brush.edges } : null),
          now,
          onBrush: (stretch) => { if (spec?.brush) panel.update({ brush: withBrush(panel.state().brush, spec.brush.of, stretch), rowScroll: { top: 0, left: 0 } }); },
        });
        resized.observe(chart.node);
      }
      if (next.brush) chart.node.setAttribute('aria-label', `${next.title}: drag over it, or arrow keys, to keep the rows of a stretch; Escape gives all back`);
      chart.node.title = next.brush ? 'Drag to keep the rows of a stretch, double click for all. Keys: arrows, shift with arrows, Escape' : '';
      shade?.draw();
    },
    shade: () => shade?.draw(),
    dispose() {
      resized.disconnect();
      chart.dispose();
      node.remove();
    },
  };
}
