/** The column of the chosen window against its reference: histogram, cumulative shares, or categories. */
import { fileName } from '../compare/model/export';
import { legend } from '../evaluation/legend';
import type { ColumnPicture } from '../../src/protocol/drift';
import { announce, el, fill } from '../shared/dom';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { button, dropdown } from '../shared/toolkit';
import { createCategoryChart } from './category-chart';
import { categoryBars, categoryNote, categorySummary, ecdfSpec, histogramSpec, sides } from './model/distribution';
import { longLabel } from './model/windows';
import { createPicture } from './picture';
import { pictureStyles } from './styles';
import type { Panel } from './panel';

/** Slices are told by the whole result, which isn't asked for where it holds more columns than these. */
const MOST_COLUMNS = 2000;

export interface Distribution { node: HTMLElement; /** Asks for the column of the state, and draws it. */ ask(): void; draw(): void; canvas(): HTMLCanvasElement | null }

export function createDistribution(panel: Panel): Distribution {
  let asked = 0;
  let shown: { picture: ColumnPicture; of: string } | null = null;
  const card = createPicture(panel);
  const bars = createCategoryChart();
  const barKeys = el('div', { class: 'picture-legend' });
  const barNote = el('p', { class: 'muted note' });
  const barHead = el('h2', { class: 'text' });
  const failed = el('div', {});
  const kind = dropdown({ label: 'How it is drawn', value: panel.state().picture, choices: [{ value: 'histogram', label: 'histogram' }, { value: 'ecdf', label: 'cumulative (ECDF)' }], onChange: (picture) => panel.update({ picture: picture as 'histogram' | 'ecdf' }) });
  const barTools = el('span', { class: 'inline picture-tools' });
  const png = button({ label: 'PNG', appearance: 'icon', title: 'Save the categories as a picture', onClick: () => save() });
  png.setAttribute('aria-label', 'Save the categories as PNG');
  const categories = el('section', { class: 'picture', attrs: { 'aria-label': 'Categories', hidden: true } }, el('header', {}, barHead, barTools, el('span', { class: 'grow' }), png), barKeys, failed, bars.node, barNote);
  const node = el('div', { class: 'distribution' }, card.node, categories);
  const slices = dropdown({ label: 'Rows that are drawn', value: '', choices: [{ value: '', label: 'all rows' }], onChange: (where) => panel.update({ within: where === '' ? null : where }) });
  card.tools.append(kind.node, slices.node);

  function save(): void {
    const name = fileName(`${panel.monitor()?.name ?? 'drift'} ${barHead.textContent}`, 'png');
    // What is drawn on is higher than what is seen.
    const canvas = bars.canvas();
    panel.host.ask('host.saveFile', { name, mime: 'image/png', base64: canvas.toDataURL('image/png').slice('data:image/png;base64,'.length) }).then(({ saved }) => { if (saved) announce(`${name} saved`); fill(failed); }, (error: unknown) => fill(failed, errorState('The picture isn\u2019t saved', error, save)));
  }
  /** The slices of what was asked can be looked into. */
  const offer = (): void => {
    slices.node.hidden = panel.allRows().length > MOST_COLUMNS;
    if (slices.node.hidden) return;
    panel.doc().then((doc) => {
      const specs = (doc?.request.slices ?? []).flatMap(({ name, where }) => (where === undefined ? [] : [{ value: where, label: name }]));
      const { within } = panel.state();
      const own = within !== null && !specs.some(({ value }) => value === within) ? [{ value: within, label: within }] : [];
      slices.set(within ?? '', [{ value: '', label: 'all rows' }, ...specs, ...own]);
      slices.node.hidden = specs.length + own.length === 0;
    }, () => { slices.node.hidden = true; });
  };
  const draw = (): void => {
    if (!shown) return;
    const { picture } = shown;
    const styles = pictureStyles();
    const window = panel.window();
    const title = `${picture.column} against the reference, ${window ? longLabel(window) : ''}`;
    const categorical = picture.type === 'categorical';
    card.node.hidden = categorical;
    categories.hidden = !categorical;
    (categorical ? barTools : card.tools).append(...(categorical ? [slices.node] : [kind.node, slices.node]));
    kind.set(panel.state().picture);
    if (!categorical) {
      const spec = panel.state().picture === 'ecdf' ? ecdfSpec(picture, styles) : histogramSpec(picture, styles);
      return card.update(title, spec, emptyState({ title: 'Nothing to draw', detail: 'Neither side has a value of this column in these rows.' }));
    }
    const shares = categoryBars(picture);
    [barHead.textContent, barHead.title] = [title, title];
    fill(barKeys, legend(sides(picture, styles)));
    barNote.textContent = categoryNote(picture, shares);
    bars.update(shares, styles, categorySummary(picture, shares));
  };
  const ask = (): void => {
    const mine = (asked += 1);
    const [column, where, window] = [panel.column(), panel.state().within, panel.window()];
    offer();
    if (column === null || window === null) {
      shown = null;
      return card.update('No column', null, emptyState({ title: 'No column is chosen', detail: 'Choose a cell of the heat map: arrows move, Enter opens.' }));
    }
    const of = JSON.stringify([column, window.id, where]);
    if (shown?.of !== of) fill(card.node.hidden ? failed : card.cover, skeleton(4));
    panel.picture(column, where).then((picture) => {
      if (mine !== asked) return;
      shown = { picture, of };
      fill(card.cover);
      fill(failed);
      draw();
    }, (error: unknown) => {
      if (mine !== asked) return;
      shown = null;
      card.node.hidden = false;
      categories.hidden = true;
      fill(failed);
      card.update(`${column}, ${longLabel(window)}`, null, errorState('The column can\u2019t be drawn', error, ask));
    });
  };
  return { node, ask, draw, canvas: () => (categories.hidden ? card.canvas() : bars.canvas()) };
}
