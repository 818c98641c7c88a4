/** Every version of the model, any number of them, and what is known of the one that is looked at. */
import { fileName } from '../compare/model/export';
import { append, announce, debounce, el, fill } from '../shared/dom';
import { count, NONE } from '../shared/format';
import { createGrid, type GridColumn } from '../shared/grid';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale, type IntervalScale } from '../shared/interval-scale';
import { errorState } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, textField } from '../shared/toolkit';
import { outcomeBadge } from '../evaluation/header';
import { figureFormat, type Format } from '../evaluation/model/digits';
import { figureTitle } from '../evaluation/model/figures';
import type { VersionRow } from '../../src/protocol/registry';
import { filterVersions, liveText, sortVersions, tagsText, versionsCsv, type VersionKey } from './model/versions';
import { formatSize, fullName, time } from './model/words';
import { when } from './parts';
import type { Panel } from './panel';
import { createVersionFacts } from './version-facts';

export function createVersionsView(panel: Panel): View {
  let shown: VersionRow[] = [];
  let columns: VersionKey[] = [];
  let value: Format = String;
  let scale: IntervalScale | null = null;
  let restored = false;
  const total = el('span', { class: 'muted figure', role: 'status' });
  const failed = el('div', {});
  const place = el('div', { class: 'grid-notice' });
  const filter = textField({ label: 'Filter versions', value: panel.state().versionFilter, placeholder: 'Filter versions: a number, a person, a tag', onInput: debounce(150, (text: string) => panel.update({ versionFilter: text.trim() })) });
  const grid = createGrid({
    label: 'Versions', rowHeight: 24, headerHeight: 26, single: true,
    row(row) {
      const one = shown[row];
      return one && { key: String(one.version), selected: one.version === panel.looked().version, highlighted: false, marked: false };
    },
    cell(node, row, column) {
      const [one, key] = [shown[row], columns[column]];
      if (one && key) drawCell(node, one, key);
    },
    onSort(column) {
      const key = columns[column];
      if (!key) return;
      const { versionSort } = panel.state();
      panel.update({ versionSort: { key, descending: versionSort.key === key ? !versionSort.descending : key === 'version' || key === 'created' || key === 'size' } });
    },
    onSelect: (row, how) => { if (how === 'toggle') select(row); }, onPick: (row) => select(row),
    onOpen: (row) => { select(row); panel.update({ tab: 'candidate' }); },
    onHover: () => undefined, onKey: () => false,
    onScroll: debounce(200, (versionScroll: { top: number; left: number }) => { if (restored) panel.update({ versionScroll }); }),
  });
  const select = (row: number): void => { const one = shown[row]; if (one) panel.update({ version: one.version }); };
  const facts = createVersionFacts(panel);
  const controls = el('div', { class: 'controls' }, el('div', { class: 'filter' }, filter.node), el('span', { class: 'grow' }), total, button({ label: 'Save CSV', title: 'The table as it is shown, as a CSV file', onClick: () => save() }));
  const node = el('div', { class: 'versions' }, controls, failed, el('div', { class: 'versions-body' }, el('div', { class: 'grid-place' }, grid.node, place), facts));

  const texts: Partial<Record<VersionKey, (row: VersionRow) => string>> = {
    aliases: (row) => row.aliases.join(', '), tags: (row) => tagsText(row.tags), licence: (row) => row.licence, description: (row) => row.description,
  };
  function drawCell(node: HTMLElement, row: VersionRow, key: VersionKey): void {
    switch (key) {
      case 'version': return append(node, el('span', {}, `v${row.version}`));
      case 'live': {
        const text = liveText(row);
        node.title = text;
        return append(node, row.live.length > 0 ? el('strong', { class: 'text' }, text) : el('span', { class: 'muted text' }, text));
      }
      case 'created': {
        node.title = time(row.created);
        return append(node, when(row.created));
      }
      case 'author': {
        node.title = fullName(row.author);
        return append(node, el('span', { class: 'text' }, row.author.name));
      }
      case 'value': {
        const found = row.evaluation;
        if (found?.value == null) return append(node, el('span', { class: 'muted', title: 'not evaluated' }, NONE));
        const range = found.low === null ? 'no interval' : `${value(found.low)} to ${value(found.high)}`;
        node.title = `${figureTitle(found.metric)} ${value(found.value)}, ${range}\n${found.name} on ${found.data}`;
        return append(node, el('span', { class: 'gap-bar' }, intervalBar({ mean: found.value, low: found.low, high: found.high, scale, label: `${figureTitle(found.metric)} ${value(found.value)}, ${range}` })), el('span', { class: 'figure' }, value(found.value)));
      }
      case 'outcome': return append(node, row.evaluation ? outcomeBadge(row.evaluation.outcome, row.evaluation.name) : el('span', { class: 'muted' }, 'not evaluated'));
      case 'size': return append(node, formatSize(row.size));
      case 'here': return append(node, el('span', { class: row.here ? '' : 'muted' }, row.here ? 'here' : 'elsewhere'));
      case 'digest': {
        node.title = row.digest;
        return append(node, el('code', {}, row.digest.slice(0, 12)));
      }
      default: {
        const text = texts[key]?.(row) ?? '';
        node.title = text;
        return append(node, el('span', { class: 'text' }, text));
      }
    }
  }
  const shape = (): void => {
    const { versions } = panel.detail();
    const { versionSort: sort, versionFilter } = panel.state();
    shown = sortVersions(filterVersions(versions, versionFilter), sort);
    const found = versions.flatMap((row) => row.evaluation ?? []);
    value = figureFormat(found);
    scale = intervalScale(found.flatMap((one) => [one.value, one.low, one.high]));
    const metrics = [...new Set(found.map((one) => figureTitle(one.metric)))];
    const has = (test: (row: VersionRow) => boolean): boolean => versions.some(test);
    const all: { key: VersionKey; label: string; title: string; width: number; numeric: boolean; there?: boolean }[] = [
      { key: 'version', label: 'version', title: 'Number', width: 96, numeric: false }, { key: 'live', label: 'live', title: 'Where it is live, or was', width: 164, numeric: false },
      { key: 'created', label: 'registered', title: 'When', width: 104, numeric: false }, { key: 'author', label: 'author', title: 'By whom', width: 120, numeric: false },
      { key: 'value', label: metrics.length === 1 ? (metrics[0] ?? 'figure') : 'main figure', title: 'Main figure of its newest evaluation, with its interval; figures of other data aren\u2019t alike', width: 200, numeric: false, there: found.length > 0 },
      { key: 'outcome', label: 'outcome', title: 'Of its newest evaluation', width: 116, numeric: false, there: found.length > 0 },
      { key: 'size', label: 'size', title: 'Of its files', width: 80, numeric: true }, { key: 'here', label: 'files', title: 'Whether its files are on this machine', width: 84, numeric: false, there: has((row) => !row.here) },
      { key: 'aliases', label: 'aliases', title: 'Aliases', width: 120, numeric: false, there: has((row) => row.aliases.length > 0) }, { key: 'tags', label: 'tags', title: 'Tags', width: 160, numeric: false, there: has((row) => Object.keys(row.tags).length > 0) },
      { key: 'licence', label: 'licence', title: 'Licence', width: 100, numeric: false, there: has((row) => row.licence !== '') }, { key: 'description', label: 'description', title: 'Description', width: 240, numeric: false, there: has((row) => row.description !== '') },
      { key: 'digest', label: 'digest', title: 'SHA-256 over its files', width: 128, numeric: false },
    ];
    const wanted = all.filter((column) => column.there !== false);
    columns = wanted.map((column) => column.key);
    grid.setShape(wanted.map(({ key, label, title, width, numeric }): GridColumn => ({ key, label, title: `${title}. Enter sorts`, width, numeric, sort: sort.key === key ? (sort.descending ? 'descending' : 'ascending') : null })), shown.length);
    total.textContent = shown.length === versions.length ? count(versions.length, 'version') : `${shown.length.toLocaleString('en-US')} of ${count(versions.length, 'version')}`;
    fill(place, shown.length > 0 || versions.length === 0 ? null : el('div', { class: 'notice' }, el('p', { class: 'muted' }, 'No version of that kind.'), button({ label: 'Show all versions', onClick: () => panel.update({ versionFilter: '' }) })));
    if (restored) return;
    restored = true;
    grid.scrollTo(panel.state().versionScroll);
  };
  function save(): void {
    fill(failed);
    panel.host.ask('host.saveFile', { name: fileName(`${panel.detail().model.name} versions`, 'csv'), mime: 'text/csv', text: versionsCsv(shown) })
      .then(({ saved }) => { if (saved) announce(`${count(shown.length, 'version')} saved`); }, (error: unknown) => fill(failed, errorState('The table isn\u2019t saved', error, save)));
  }
  panel.onData(shape);
  panel.onState((changed) => {
    if (changed.has('versionSort') || changed.has('versionFilter')) shape();
    else if (changed.has('version')) grid.redress();
    if (changed.has('versionFilter') && filter.get().trim() !== panel.state().versionFilter) filter.set(panel.state().versionFilter);
  });
  return { node, shown: shape };
}
