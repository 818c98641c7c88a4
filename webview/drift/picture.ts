/** A picture of lines with its title, its legend, what went live when as labels over it, and a button that saves it. */
import { fileName } from '../compare/model/export';
import { legend } from '../evaluation/legend';
import { createLineChart } from '../shared/chart';
import { announce, debounce, el, fill, type Child } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button } from '../shared/toolkit';
import type { Spec } from './model/over-time';
import { markText, type Mark, type WindowScale } from './model/windows';
import type { Panel } from './panel';

export interface PictureCard {
  node: HTMLElement;
  title: string;
  /** Null: nothing to draw, with what is said instead. */
  update(title: string, spec: Spec | null, instead?: Child): void;
  marks(marks: readonly Mark[], scale: WindowScale | null): void;
  /** controls beside the title */
  tools: HTMLElement;
  /** stands over the picture: a skeleton, an error */
  cover: HTMLElement;
  /** Null while nothing is drawn. */
  canvas(): HTMLCanvasElement | null;
}

export function createPicture(panel: Panel): PictureCard {
  const head = el('h2', { class: 'text' });
  const tools = el('span', { class: 'inline picture-tools' });
  const keys = el('div', { class: 'picture-legend' });
  const note = el('p', { class: 'muted note' });
  const cover = el('div', { class: 'picture-cover' });
  const strip = el('div', { class: 'mark-strip', attrs: { 'aria-hidden': 'true' } });
  const chart = createLineChart({ onHover: () => undefined });
  const png = button({ label: 'PNG', appearance: 'icon', onClick: () => save() });
  const body = el('div', { class: 'picture-body' }, strip, chart.node, cover);
  const node = el('section', { class: 'picture' }, el('header', {}, head, tools, el('span', { class: 'grow' }), png), keys, body, note);
  let placed: { marks: readonly Mark[]; scale: WindowScale } | null = null;
  const save = (): void => {
    const name = fileName(`${panel.monitor()?.name ?? 'drift'} ${head.textContent}`, 'png');
    panel.host.ask('host.saveFile', { name, mime: 'image/png', base64: chart.png() }).then(({ saved }) => { if (saved) announce(`${name} saved`); fill(cover); }, (error: unknown) => fill(cover, errorState('The picture isn\u2019t saved', error, save)));
  };
  /** Labels of marks that lie close to each other are left away but for the first: the lines stay. */
  const place = (): void => {
    const area = chart.plotArea();
    if (!placed || !area) return fill(strip);
    const { marks, scale } = placed;
    let free = -Infinity;
    fill(strip, ...marks.filter(({ t }) => scale.inside(t)).flatMap((mark) => {
      const left = area.left + ((scale.at(mark.t) - scale.low) / (scale.high - scale.low)) * (area.right - area.left);
      if (left < free) return [];
      free = left + 44;
      return [el('span', { class: 'mark-label', title: `${mark.text}\n${new Date(mark.t).toISOString().slice(0, 16).replace('T', ' ')} UTC`, style: { left: `${Math.round(left)}px` } }, markText(mark))];
    }));
  };
  // The chart follows its place a moment later.
  const later = debounce(80, place);
  new ResizeObserver(later).observe(chart.node);
  return {
    node, tools, cover,
    get title() { return head.textContent ?? ''; },
    update(title, spec, instead) {
      head.textContent = title;
      head.title = title;
      node.setAttribute('aria-label', title);
      png.title = `Save ${title} as a picture`;
      png.setAttribute('aria-label', `Save ${title} as PNG`);
      png.hidden = spec === null;
      chart.node.hidden = spec === null;
      fill(cover, ...(spec === null && instead !== undefined ? [instead] : []));
      fill(keys, ...(spec ? [legend(spec.keys)] : []));
      note.textContent = spec?.note ?? '';
      note.title = spec?.note ?? '';
      if (spec) chart.update({ lines: spec.lines, x: spec.x, y: spec.y, summary: spec.summary });
      later();
    },
    marks(marks, scale) {
      placed = scale ? { marks, scale } : null;
      node.classList.toggle('marked', placed !== null && placed.marks.some(({ t }) => placed?.scale.inside(t)));
      later();
    },
    canvas: () => (chart.node.hidden ? null : chart.node.querySelector('canvas')),
  };
}
