/** The registry panel: what is live, what may come next, and everything that happened. */
import type { RegistryShow } from '../../src/protocol/registry-panel';
import { announce, el, fill, throttle } from '../shared/dom';
import { attempt, emptyState, errorState, skeleton } from '../shared/notice';
import { createTabs } from '../shared/tabs';
import { loadToolkit } from '../shared/toolkit';
import { createCandidateView } from './candidate';
import { createCommentsView } from './comments';
import { createConflicts } from './conflicts';
import { createHeader } from './header';
import { connectHost } from './host';
import type { Tab } from './model/state';
import { createMovePane } from './move';
import { createPanel } from './panel';
import { keepTimes } from './parts';
import { createPipeline } from './pipeline';
import { createTimelineView } from './timeline';
import { createVersionsView } from './versions';

/** A promotion is half a dozen entries: the panel follows at most this often. */
const CHANGED_MS = 800;

loadToolkit();
const app = document.getElementById('app') ?? document.body.appendChild(el('div', { id: 'app' }));
fill(app, skeleton(14));
const host = connectHost();
const panel = createPanel(host);
const place = el('div', {});

function build(): void {
  const none = el('div', { class: 'none' });
  const tabs = createTabs<Tab>({
    label: 'Of the model', titles: { candidate: 'Candidate', timeline: 'Timeline', versions: 'Versions', comments: 'Comments' }, onChange: (tab) => panel.update({ tab }),
    make: { candidate: () => createCandidateView(panel), timeline: () => createTimelineView(panel), versions: () => createVersionsView(panel), comments: () => createCommentsView(panel) },
  });
  tabs.node.classList.add('body-tabs');
  const move = createMovePane(panel);
  fill(app, createHeader(panel), place, createConflicts(panel), createPipeline(panel), move, none, tabs.node);
  app.removeAttribute('aria-busy');
  /** Without a version the parts below have nothing to say: one thing is to be done. */
  const draw = (): void => {
    const { versions, comments, model } = panel.detail();
    tabs.node.hidden = versions.length === 0 && panel.history().length === 0;
    tabs.title('versions', `Versions (${versions.length.toLocaleString('en-US')})`);
    tabs.title('comments', comments.length > 0 ? `Comments (${comments.length.toLocaleString('en-US')})` : 'Comments');
    fill(none, versions.length > 0 ? null : emptyState({
      title: `No version of ${model.name} yet`,
      detail: 'A version is a model file that never changes, with where it came from: the run, the code, the data. Register the file of a run, of an evaluation, or any other; then gates and people decide where it goes.',
      action: { label: 'Register a version\u2026', run: register },
    }));
  };
  function register(): void {
    fill(place);
    host.ask('host.register', { model: panel.detail().model.name }).then(({ version }) => {
      if (version === null) return;
      announce(`version ${version} is registered`);
      panel.update({ version });
      refresh();
    }, (error: unknown) => fill(place, errorState('No version is registered', error, register)));
  }
  draw();
  panel.onData(draw);
  tabs.show(panel.state().tab);
  panel.onState((changed) => { if (changed.has('tab')) tabs.show(panel.state().tab); });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return;
    const field = app.querySelector<HTMLElement>('.view:not([hidden]) .filter > *');
    if (!field) return;
    field.focus();
    event.preventDefault();
  });
}

function showPart({ version, environment, part }: RegistryShow): void {
  const tab = part !== undefined && part !== 'rollback' ? { tab: part } : version === undefined && environment === undefined ? {} : { tab: 'candidate' as const };
  panel.update({ ...(version === undefined || part === 'rollback' ? {} : { version }), ...(environment === undefined ? {} : { environment }), ...tab });
  if (part === 'rollback' && environment !== undefined) panel.wantMove({ kind: 'rollback', version: version ?? null, environment });
}

let built = false;
function open(model: string, show: RegistryShow): void {
  attempt(panel.open(model).then(() => {
    fill(place);
    if (!built) build();
    built = true;
    showPart(show);
  }), (error) => fill(built ? place : app, errorState('The model can\u2019t be read', error, () => open(model, show))));
}
host.on('init', ({ model, show }) => open(model, show ?? {}));
const refresh = throttle(CHANGED_MS, () => {
  if (!built) return;
  attempt(panel.refresh().then(() => fill(place)), (error) => fill(place, errorState('What is shown may be old: the model can\u2019t be read', error, refresh)));
});
host.on('changed', ({ models }) => { if (models.length === 0 || models.includes(panel.state().model)) refresh(); });
host.ready();
keepTimes();
