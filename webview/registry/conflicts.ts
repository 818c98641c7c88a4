/** Two clones that said different things without knowing of each other: what, by whom, and how to settle it. */
import type { ConflictRow } from '../../src/protocol/registry';
import { el, fill, icon, type Child } from '../shared/dom';
import { button } from '../shared/toolkit';
import { wereLive } from './model/pipeline';
import { person, when } from './parts';
import type { Panel } from './panel';

export function createConflicts(panel: Panel): HTMLElement {
  const node = el('section', { class: 'conflicts', attrs: { 'aria-label': 'Conflicts', hidden: true } });

  /** A move that has seen both settles it: the one that is kept is made live once more. */
  const keep = (conflict: ConflictRow, side: ConflictRow['first']): Child => {
    const { version } = side;
    const { environment } = conflict;
    if (version === null || !panel.detail().environments.some((one) => one.name === environment)) return null;
    const was = wereLive(panel.history(), environment).includes(version);
    return button({ label: `Keep v${version}\u2026`, title: `Make version ${version} live in ${environment}, knowing of both`, onClick: () => panel.wantMove({ kind: was ? 'rollback' : 'promote', version, environment }) });
  };
  const side = (one: ConflictRow['first']): Child => el('li', {}, one.version === null ? 'nothing' : `v${one.version}`, ' by ', person(one.by), ' ', when(one.t), el('span', { class: 'muted' }, ` in clone ${one.clone.slice(0, 8)}`));
  const draw = (): void => {
    const { conflicts } = panel.detail();
    node.hidden = conflicts.length === 0;
    fill(node, ...conflicts.map((conflict) => {
      const same = conflict.first.version === conflict.second.version;
      return el('div', { class: 'conflict', role: 'alert' }, icon('warning'), el('div', { class: 'grow' },
        el('p', { class: 'notice-title' }, conflict.text), conflict.hint ? el('p', { class: 'muted' }, conflict.hint) : null, el('ul', {}, side(conflict.first), side(conflict.second))),
      el('div', { class: 'inline' }, keep(conflict, conflict.first), same ? null : keep(conflict, conflict.second)));
    }));
  };
  panel.onData(draw);
  draw();
  return node;
}
