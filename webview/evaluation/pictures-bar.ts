/** At the end of the line of tabs: which line in the pictures is whose, and whether the baseline's are drawn, too. */
import { el, fill } from '../shared/dom';
import { checkbox } from '../shared/toolkit';
import { legend } from './legend';
import type { Panel } from './panel';
import { pictureStyles } from './styles';

export function createPicturesBar(panel: Panel): HTMLElement {
  const keys = el('span', {});
  const toggle = checkbox({ label: 'Baseline\u2019s curves', title: 'Draw what the baseline comes to on the same rows', checked: panel.state().baselineCurves, onChange: (baselineCurves) => panel.update({ baselineCurves }) });
  const node = el('div', { class: 'pictures-bar' }, keys, toggle.node);
  const draw = (): void => {
    const doc = panel.doc();
    const { slice, part, lower, baselineCurves } = panel.state();
    const styles = pictureStyles();
    const own = slice ?? (part === null ? 'all rows' : `split ${part}`);
    const pair = doc.baseline !== null && baselineCurves;
    node.hidden = lower !== 'rows';
    toggle.node.hidden = doc.baseline === null;
    toggle.set(baselineCurves);
    const lines = [
      { label: own, title: `${own}: ${doc.model.name}`, style: styles.own },
      ...(pair ? [{ label: 'baseline', title: `${own}: ${doc.baseline?.name ?? 'baseline'}`, style: styles.base }] : []),
      ...(slice === null && part === null ? [] : [{ label: 'all rows', title: `all rows: ${doc.model.name}`, style: styles.all }]),
    ];
    fill(keys, lines.length > 1 ? legend(lines) : null);
  };
  panel.onDoc(draw);
  panel.onState((changed) => { if (['slice', 'part', 'lower', 'baselineCurves'].some((key) => changed.has(key as 'slice'))) draw(); });
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  draw();
  return node;
}
