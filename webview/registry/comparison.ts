/** Figures and slices of the candidate beside what is live, from the evaluation that says most of the two. */
import type { EvaluationDoc } from '../../src/protocol/evaluation/result';
import { announce, el, fill } from '../shared/dom';
import { count } from '../shared/format';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { button, setDisabled, setPressed } from '../shared/toolkit';
import { createWork } from '../shared/work';
import { createFigures } from './figures';
import { compareDocs, isAgainst, worthReading, type Compared } from './model/candidate';
import { lastGates } from './model/gates';
import { opener, when } from './parts';
import type { Panel } from './panel';
import { createSlices } from './slices';

/** Evaluations that are read in search of one against what is live. */
const READ = 3;

export function createComparison(panel: Panel): { node: HTMLElement; shown(): void } {
  let asked = 0;
  let compared: Compared | null = null;
  let drawnFor = '';
  const source = el('p', { class: 'facts' });
  const note = el('p', { class: 'muted note-line' });
  const place = el('div', { class: 'comparison-place' });
  const failed = el('div', {});
  const work = createWork(panel.host, { label: 'Evaluating', title: 'Stop it; nothing changes', cancel: (job) => panel.host.ask('evaluations.cancel', { job }) });
  const figures = createFigures(panel, () => compared);
  const slices = createSlices(panel, () => compared);
  const again = button({ label: 'Evaluate\u2026', title: 'Evaluates the candidate against what is live, on the same rows', onClick: () => evaluate() });
  const all = button({ label: 'All figures', pressed: panel.state().allFigures, onClick: () => panel.update({ allFigures: !panel.state().allFigures }) });
  const parts = el('div', { class: 'comparison-parts' }, figures.node, slices.node);
  const node = el('section', { class: 'comparison', attrs: { 'aria-label': 'Candidate against what is live' } }, el('div', { class: 'part-head' }, el('h2', {}, 'Figures'), source, el('span', { class: 'grow' }), all, again), work.node, note, failed, place, parts);

  function evaluate(): void {
    const { version, environment } = panel.looked();
    if (version === null || work.running()) return;
    fill(failed);
    setDisabled(again, true);
    work.run((job) => panel.host.ask('host.evaluate', { model: panel.detail().model.name, version, job, ...(environment === null ? {} : { environment }) })).then((done) => {
      if (done?.evaluation == null) return;
      announce('evaluated');
      return panel.refresh();
    }).then(undefined, (error: unknown) => fill(failed, errorState('It can\u2019t be evaluated', error, evaluate))).finally(() => setDisabled(again, false));
  }

  /** The first evaluation that is against what is live, else the first at all. */
  async function find(version: number, live: number | null): Promise<Compared | null> {
    const { environment } = panel.looked();
    const [own, before] = await Promise.all([panel.version(version), live === null || live === version ? null : panel.version(live)]);
    const asked = environment === null ? [] : (panel.report(version, environment)?.evaluations ?? lastGates(panel.history(), version, environment)?.evaluations ?? []);
    const facts = before && { ...before.facts, name: `${before.row.model}/${before.row.version}` };
    const ids = worthReading(own.evaluations, asked.filter((id) => own.evaluations.some((one) => one.id === id))).slice(0, READ);
    let first: EvaluationDoc | null = null;
    for (const id of ids) {
      const doc = await panel.evaluation(id);
      first ??= doc;
      if (facts && isAgainst(doc, facts)) return compareDocs(doc, facts, null);
    }
    if (!first) return null;
    const same = before?.evaluations.filter((one) => one.dataDigest === first.data.digest).sort((a, b) => b.created - a.created)[0];
    return compareDocs(first, facts, same ? await panel.evaluation(same.id) : null);
  }
  const draw = (): void => {
    const { version, environment } = panel.looked();
    const live = panel.live();
    const of = JSON.stringify([panel.detail().model.name, version, environment]);
    const mine = (asked += 1);
    if (of !== drawnFor) {
      compared = null;
      fill(failed);
      fill(place, version === null ? null : skeleton(8));
      for (const part of [parts, all, source, note]) part.hidden = true;
    }
    drawnFor = of;
    if (version === null) return fill(place);
    find(version, live).then((found) => { if (mine === asked) show(found, version, live); }, (error: unknown) => { if (mine === asked) fill(place, errorState('The evaluation can\u2019t be read', error, draw)); });
  };
  function show(found: Compared | null, version: number, live: number | null): void {
    compared = found;
    for (const part of [parts, all, source]) part.hidden = found === null;
    again.hidden = found === null;
    note.hidden = true;
    if (!found) {
      return fill(place, emptyState({
        title: `Version ${version} isn\u2019t evaluated yet`,
        detail: `An evaluation says how good it is, on which slices it isn\u2019t, and${live === null ? '' : ` with v${live} on the same rows`} how sure that is. Gates ask for one by themselves.`,
        action: { label: 'Evaluate it\u2026', run: evaluate },
      }));
    }
    fill(place);
    const { doc, pairing } = found;
    fill(source, opener({ label: doc.name, title: 'Open the evaluation: slices, pictures, rows', place: failed, what: 'The evaluation', open: () => panel.host.ask('host.openEvaluation', { evaluation: doc.id }) }),
      el('span', { class: 'fact muted', title: doc.data.files.join('\n') }, `${count(doc.data.rows, 'row')} of ${doc.data.name}`), el('span', { class: 'fact muted' }, when(doc.created)));
    note.hidden = pairing === 'paired' || live === null || live === version;
    note.textContent = pairing === 'apart' ? `v${version} and v${live ?? ''} were evaluated apart on the same data: evaluate them together to see the differences with their intervals.`
      : `This evaluation isn\u2019t against v${live ?? ''}, which is live: evaluate them together to see the differences.`;
    figures.draw();
    slices.draw();
  }
  panel.onData(draw);
  panel.onReport(draw);
  panel.onState((changed) => {
    if (changed.has('version') || changed.has('environment')) draw();
    if (!changed.has('allFigures')) return;
    setPressed(all, panel.state().allFigures);
    if (compared) figures.draw();
  });
  draw();
  return { node, shown: () => { if (compared) slices.draw(); } };
}
