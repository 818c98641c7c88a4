/** The found slices, family by family, each with a button that makes it a saved one. */
import type { DiscoveryDoc, FoundSlice } from '../../src/protocol/evaluation/result';
import { el, fill, type Child } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale, type IntervalScale } from '../shared/interval-scale';
import { button } from '../shared/toolkit';
import { figureFormat, formatCount, formatP, formatShare, type Format } from './model/digits';
import { foundLines, type FoundLine } from './model/discovery';
import type { Panel } from './panel';
import { saveForm } from './save-form';

interface Looks { effect: Format; scale: IntervalScale | null; rows: number }

function holdsMark(slice: FoundSlice): HTMLElement {
  if (slice.holds === null) return el('span', { class: 'outcome calm', title: 'It was not checked on other rows' }, '\u25cb not checked');
  const p = formatP(slice.checked?.p_bh ?? null, 'p (Benjamini-Hochberg)');
  return slice.holds ? el('span', { class: 'outcome pass', title: `It is worse on rows that the search didn\u2019t see, too: ${p}` }, '\u2713 holds') : el('span', { class: 'outcome calm', title: `On rows that the search didn\u2019t see it can\u2019t be told from chance: ${p}` }, '\u25cb may be chance');
}

export function foundTable(panel: Panel, doc: DiscoveryDoc): HTMLElement {
  const lines = foundLines(doc.slices, doc.families);
  const effects = doc.slices.map(({ checked }) => ({ value: checked?.effect ?? null, low: checked?.interval?.[0] ?? null, high: checked?.interval?.[1] ?? null }));
  const looks: Looks = { effect: figureFormat(effects), scale: intervalScale(effects.flatMap(({ value, low, high }) => [value, low, high]), { zero: true }), rows: Math.max(1, doc.rows.searched) };
  const head = (text: string, title: string, numeric = false): HTMLElement => el('th', { class: numeric ? 'numeric' : 'text', title, attrs: { scope: 'col' } }, text);
  return el('table', { class: 'found-table' }, el('thead', {}, el('tr', {},
    head('slice', 'Conditions that its rows meet'), head('rows', 'Among the rows that were searched', true), head('mean loss', 'Mean loss of its rows in the search', true), head('score', 'SliceLine\u2019s score: much loss on many rows', true),
    head('effect on unseen rows', 'Mean loss of its rows minus the others\u2019, on rows that the search didn\u2019t see, with its 95 % interval'), head('p', 'Benjamini-Hochberg, over all that were found', true), head('holds', 'Whether it is worse on rows that the search didn\u2019t see, too'), el('th', { attrs: { scope: 'col' } }, el('span', { class: 'visually-hidden' }, 'save')))),
  el('tbody', {}, ...lines.flatMap((line) => row(panel, line, looks))));
}

function effectCells(slice: FoundSlice, { effect, scale }: Looks): Child[] {
  const { checked } = slice;
  if (!checked || checked.effect === null) return [el('td', { class: 'bar muted' }, checked ? 'too few rows' : NONE), el('td', { class: 'numeric muted' }, NONE)];
  const [low, high] = checked.interval ?? [null, null];
  const text = `${effect(checked.effect)}${low === null || high === null ? '' : ` (${effect(low)} to ${effect(high)})`}`;
  return [
    el('td', { class: 'bar', title: `${text}, ${formatCount(checked.rows)} rows, ${checked.method}` }, el('span', { class: 'effect' }, intervalBar({ mean: checked.effect, low, high, scale, mark: 0, tone: slice.holds ? '' : 'calm', label: `Effect ${text}` }), el('span', { class: 'figure' }, effect(checked.effect)))),
    el('td', { class: 'numeric', title: formatP(checked.p, 'p by itself') }, checked.p_bh === null ? NONE : checked.p_bh < 0.001 ? '< 0.001' : formatNumber(checked.p_bh, 2)),
  ];
}

function row(panel: Panel, { slice, within }: FoundLine, looks: Looks): HTMLElement[] {
  const below = el('tr', { class: 'save-row', attrs: { hidden: true } });
  const cell = el('td', { attrs: { colspan: 8 } });
  below.append(cell);
  const saved = panel.doc().slices.some((one) => one.spec.where === slice.where);
  const save = saved ? el('span', { class: 'muted' }, 'saved') : button({ label: 'Save as slice\u2026', title: 'Into runyard.yaml: from then on it is a test', onClick() {
    below.hidden = !below.hidden;
    if (below.hidden) return;
    const form = saveForm(panel, slice, {
      saved: (name) => fill(place, el('span', { class: 'muted' }, `saved as ${name}`)),
      close: () => { below.hidden = true; save.focus(); },
    });
    fill(cell, form.node);
    form.focus();
  } });
  const place = el('td', { class: 'save-cell' }, save);
  const line = el('tr', { class: within ? 'member' : '', title: slice.where },
    el('th', { class: 'text label', title: within ? `${slice.label}\nnearly the same rows as ${within.label}` : `${slice.label}\n${slice.where}`, attrs: { scope: 'row' } }, within ? el('span', { class: 'muted', attrs: { 'aria-label': 'of the same family' } }, '\u2514 ') : null, slice.label),
    el('td', { class: 'numeric', title: `${formatShare(slice.size / looks.rows)} of the rows searched` }, formatCount(slice.size)), el('td', { class: 'numeric' }, formatNumber(slice.errorMean, 3)), el('td', { class: 'numeric' }, slice.score.toFixed(2)),
    ...effectCells(slice, looks), el('td', {}, holdsMark(slice)), place);
  return [line, below];
}
