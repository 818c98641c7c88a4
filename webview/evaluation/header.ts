/** The head of the panel: what was evaluated on what, what it came to and why, and what to do next. */
import type { EvaluationDoc, ModelFacts } from '../../src/protocol/evaluation/result';
import { el, fill, type Child } from '../shared/dom';
import { count, formatAgo, formatDuration, formatTime } from '../shared/format';
import { errorState } from '../shared/notice';
import { button, setDisabled } from '../shared/toolkit';
import { createWork } from '../shared/work';
import { formatCount } from './model/digits';
import { outcomeSigns, outcomeTones } from './model/words';
import type { Panel } from './panel';
import { createWarnings } from './warnings';

/** Reasons beyond these are behind a click. */
const REASONS = 1;

/** An outcome as a sign and a word; the colour only repeats them. */
export const outcomeBadge = (outcome: EvaluationDoc['outcome'], title = ''): HTMLElement => el('span', { class: `outcome ${outcomeTones[outcome]}`, title },
  el('span', { attrs: { 'aria-hidden': 'true' } }, outcomeSigns[outcome]), el('span', {}, outcome));

function modelText(model: ModelFacts): HTMLElement {
  const inputs = model.inputs.map(({ name, type, shape, columns }) => `  ${name} ${type}${shape ? ` ${shape}` : ''} \u2190 ${columns.join(', ')}`);
  const title = [`${model.kind} model ${model.source}`, model.producer, `SHA-256 ${model.digest}`, ...(inputs.length > 0 ? ['inputs:', ...inputs] : []), ...model.notes].filter(Boolean).join('\n');
  return el('span', { class: 'fact', title }, el('span', { class: 'fact-name' }, model.name), el('span', { class: 'digest' }, model.digest.slice(0, 8)));
}

/** How many of the pinned examples come out right; which ones don't, on hover. Null where none are pinned. */
function pinnedFact({ pinned }: EvaluationDoc): Child {
  if (pinned.length === 0) return null;
  const others = pinned.filter((one) => one.outcome !== 'pass');
  const told = others.slice(0, 20).map(({ example, outcome, reason }) => `${outcomeSigns[outcome]} ${example.id} has to be ${example.expected}: ${reason}`);
  return el('span', { class: 'fact', title: told.join('\n') || 'All pinned examples come out right' }, `${formatCount(pinned.length - others.length)} of ${formatCount(pinned.length)} pinned right`);
}

export function createHeader(panel: Panel): HTMLElement {
  const title = el('h1', { class: 'name text' });
  const outcome = el('span', {});
  const facts = el('p', { class: 'facts' });
  const reasons = el('div', { class: 'reasons' });
  const more = el('div', { class: 'more-reasons' });
  const place = el('div', {});
  const kept = el('div', { class: 'kept', role: 'status' });
  const warnings = createWarnings(panel);
  const work = createWork(panel.host, { label: 'Evaluating again', hostsJob: true, cancel: (job) => panel.host.ask('evaluations.cancel', { job }) });
  const again = button({ label: 'Evaluate again', title: 'The same model and data, as they are now', onClick: () => evaluate(false) });
  const other = button({ label: 'Other evaluation\u2026', title: 'Show another one of the history', onClick: () => openOther() });

  function evaluate(fresh: boolean): void {
    const before = panel.doc().id;
    fill(place);
    fill(kept);
    setDisabled(again, true);
    work.run(() => panel.host.ask('host.evaluateAgain', { evaluation: before, fresh })).then((answer) => {
      if (!fresh && answer?.evaluation === before) {
        fill(kept, 'Nothing changed: model, data, slices and settings are the same, so this is the answer that was kept.', button({ label: 'Compute it afresh', onClick: () => evaluate(true) }));
      }
    }, (error: unknown) => fill(place, errorState('It can\u2019t be evaluated again', error, () => evaluate(fresh)))).finally(() => setDisabled(again, false));
  }
  function openOther(): void {
    fill(place);
    panel.host.ask('host.openEvaluation', {}).then(undefined, (error: unknown) => fill(place, errorState('The history can\u2019t be shown', error, openOther)));
  }
  const opener = (label: string, what: string, open: () => Promise<unknown>): HTMLElement => el('button', { class: 'link', title: what, attrs: { type: 'button' }, on: { click: () => void open().then(undefined, (error: unknown) => fill(place, errorState(`${label} can\u2019t be opened`, error, () => fill(place)))) } }, label);

  function factsOf(doc: EvaluationDoc): Child[] {
    const now = Date.now() / 1000;
    const { data } = doc;
    const file = data.files[0];
    const more = data.files.length > 1 ? ` and ${data.files.length - 1} more` : '';
    const fact = (text: string, hover: string): HTMLElement => el('span', { class: 'fact', title: hover }, text);
    const [old, limit] = [(now - data.collected / 1000) / 86_400, doc.request.maxAgeDays];
    return [
      modelText(doc.model),
      doc.baseline ? el('span', { class: 'inline fact' }, el('span', { class: 'muted' }, 'against'), modelText(doc.baseline)) : fact('no baseline', 'Give one in runyard.yaml, or with --baseline, to see which rows were lost and won'),
      el('span', { class: 'fact', title: `${data.files.join('\n')}\nSHA-256 ${data.digest}` }, file ? opener(`${data.name}${more}`, `Open ${file}`, () => panel.host.ask('host.openFile', { path: file })) : data.name),
      fact(count(data.rows, 'row'), `${data.columns.length} columns, label ${doc.label}, ${doc.task}`),
      fact(`data ${formatAgo(data.collected / 1000, now).replace(' ago', ' old')}${limit !== undefined && old > limit ? ', too old' : ''}`, `Its age counts from ${formatTime(data.collected / 1000)}${limit === undefined ? '' : `; ${limit} days are allowed`}`),
      fact(`looked at ${data.looks === 1 ? 'once' : `${formatCount(data.looks)} times`}`, 'How many evaluations these rows were used for: what is looked at often is fitted to in the end'),
      fact(formatAgo(doc.created / 1000, now), `${formatTime(doc.created / 1000)}, took ${formatDuration(doc.duration)}\nevaluation ${doc.id}`),
      pinnedFact(doc),
      doc.request.run ? opener('run', 'The run that made the model', () => panel.host.ask('host.openRun', { run: doc.request.run ?? '' })) : null,
    ];
  }
  function draw(): void {
    const doc = panel.doc();
    title.textContent = doc.name;
    title.title = doc.name;
    fill(outcome, outcomeBadge(doc.outcome, 'What all checks, slices, pinned examples and the comparison came to'));
    fill(facts, ...factsOf(doc));
    const line = (text: string): HTMLElement => el('li', { title: text }, text);
    const [first, rest] = [doc.reasons.slice(0, REASONS), doc.reasons.slice(REASONS)];
    const list = el('ul', { attrs: { hidden: true } }, ...rest.map(line));
    const toggle = el('button', { class: 'link', attrs: { type: 'button', 'aria-expanded': 'false' }, on: { click() {
      list.hidden = !list.hidden;
      toggle.setAttribute('aria-expanded', String(!list.hidden));
    } } }, `and ${rest.length} more`);
    fill(reasons, first.length > 0 ? el('ul', {}, ...first.map(line)) : null, rest.length > 0 ? toggle : null);
    fill(more, rest.length > 0 ? list : null);
    fill(kept);
    warnings.draw();
  }
  panel.onDoc(draw);
  draw();
  return el('header', { class: 'head' }, el('div', { class: 'head-line' }, outcome, title, reasons, el('span', { class: 'grow' }), el('span', { class: 'inline' }, again, other)), more, el('div', { class: 'facts-line' }, facts, warnings.node), work.node, kept, place);
}
