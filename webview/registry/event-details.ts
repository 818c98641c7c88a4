/** One entry of the ledger, whole: its sentence, its facts, how it is bound to the others, and where to go from it. */
import { el, fill, type Child } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button } from '../shared/toolkit';
import { isMove, liveIn } from './model/pipeline';
import type { LedgerEvent } from './model/timeline';
import { fullName, time } from './model/words';
import type { Panel } from './panel';

/** Facts that read as texts; the others are shown as they are kept. */
const texts: Record<string, string> = { comment: 'comment', reason: 'reason', text: 'text', description: 'description' };

export function createEventDetails(panel: Panel, options: { close(): void }): { node: HTMLElement; draw(event: LedgerEvent | null): void; focus(): void } {
  const failed = el('div', {});
  const body = el('div', { class: 'facts-body' });
  const node = el('aside', { class: 'version-facts', attrs: { 'aria-label': 'The entry', tabindex: 0, hidden: true } }, failed, body);
  let drawn = '';
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    options.close();
  });
  const row = (name: string, ...what: Child[]): HTMLElement => el('div', { class: 'plan-row' }, el('dt', {}, name), el('dd', {}, ...what));
  const ask = (what: string, run: () => Promise<unknown>): void => {
    fill(failed);
    run().then(undefined, (error: unknown) => fill(failed, errorState(what, error, () => ask(what, run))));
  };
  const actions = ({ row: entry, environment, version }: LedgerEvent): Child[] => {
    const evaluation = entry.facts['evaluation'];
    const back = isMove(entry) && version !== null && environment !== '' && liveIn(panel.detail(), environment) !== version;
    return [
      version === null ? null : button({ label: `Look at v${version}`, onClick: () => panel.update({ version, tab: 'candidate', ...(environment === '' ? {} : { environment }) }) }),
      typeof evaluation === 'string' ? button({ label: 'Open evaluation', onClick: () => ask('The evaluation can\u2019t be opened', () => panel.host.ask('host.openEvaluation', { evaluation })) }) : null,
      back ? button({ label: `Roll back to v${version}\u2026`, title: `Makes v${version} live in ${environment} again; shows first what changes`, onClick: () => panel.wantMove({ kind: 'rollback', version, environment }) }) : null,
      button({ label: 'Copy hash', title: entry.hash, onClick: () => ask('The hash isn\u2019t copied', () => panel.host.ask('host.copy', { text: entry.hash })) }),
      button({ label: 'Close', icon: 'close', appearance: 'icon', onClick: options.close }),
    ];
  };
  return {
    node,
    focus: () => { if (!node.hidden) node.focus(); },
    draw(event) {
      node.hidden = event === null;
      if (!event || event.hash === drawn) return;
      drawn = event.hash;
      fill(failed);
      const { row: entry } = event;
      const { facts } = entry;
      const written = Object.entries(texts).flatMap(([key, name]) => (typeof facts[key] === 'string' && facts[key] !== '' ? [row(name, el('span', { class: 'said-text' }, facts[key]))] : []));
      const output = typeof facts['output'] === 'string' ? facts['output'] : '';
      const rest = Object.fromEntries(Object.entries(facts).filter(([key]) => !(key in texts) && key !== 'output'));
      fill(body, el('h2', {}, `${event.word}${event.version === null ? '' : ` v${event.version}`}${event.environment ? `, ${event.environment}` : ''}`), el('p', { class: 'said-text' }, entry.text), el('div', { class: 'inline wrap' }, ...actions(event)),
        el('dl', { class: 'plan' }, row('when', time(event.t)), row('by', fullName(entry.by)), ...written, row('entry', `${entry.n} of clone ${entry.clone}`), row('hash', el('code', { class: 'hash' }, entry.hash))),
        output ? el('pre', { class: 'output', attrs: { tabindex: 0, 'aria-label': 'What it wrote' } }, output) : null,
        Object.keys(rest).length > 0 ? el('details', {}, el('summary', {}, 'All that it holds'), el('pre', { class: 'output', attrs: { tabindex: 0, 'aria-label': 'Facts' } }, JSON.stringify(rest, null, 1))) : null);
    },
  };
}
