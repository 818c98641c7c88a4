/** What never changes of a version: files, signature, where it came from; and what can be done with it. */
import type { VersionDetail } from '../../src/protocol/registry';
import { announce, el, fill, type Child } from '../shared/dom';
import { count } from '../shared/format';
import { errorState, skeleton } from '../shared/notice';
import { button } from '../shared/toolkit';
import { formatSize, time } from './model/words';
import { opener, person, when } from './parts';
import type { Panel } from './panel';

export function createVersionFacts(panel: Panel): HTMLElement {
  const body = el('div', { class: 'facts-body' });
  const failed = el('div', {});
  const node = el('aside', { class: 'version-facts', attrs: { 'aria-label': 'The version', tabindex: 0 } }, failed, body);
  let asked = 0;
  let drawn = 0;

  const row = (name: string, ...what: Child[]): HTMLElement => el('div', { class: 'plan-row' }, el('dt', {}, name), el('dd', {}, ...what));
  const short = (digest: string): HTMLElement => el('code', { title: digest }, digest.slice(0, 12));
  const actions = ({ row: version, folder }: VersionDetail): Child => {
    const { model } = version;
    const act = (what: string, run: () => Promise<unknown>): (() => void) => {
      const again = (): void => {
        fill(failed);
        run().then(undefined, (error: unknown) => fill(failed, errorState(what, error, again)));
      };
      return again;
    };
    return el('div', { class: 'inline wrap' },
      button({ label: 'Look at it', title: 'As a candidate, against what is live', onClick: () => panel.update({ version: version.version, tab: 'candidate' }) }),
      button({ label: 'Model card', title: 'Opens its card, and writes it first where there is none', onClick: act('The card can\u2019t be opened', () => panel.host.ask('host.openCard', { model, version: version.version })) }),
      version.here ? null : button({ label: 'Bring the files', title: 'From the folder for weights that runyard.yaml names', onClick: act('The files can\u2019t be brought', () => panel.host.ask('registry.fetch', { model, version: version.version }).then(() => panel.refresh())) }),
      folder === null ? null : button({ label: 'Show folder', title: folder, onClick: act('The folder can\u2019t be shown', () => panel.host.ask('host.openFile', { path: folder })) }),
      button({ label: 'Copy digest', title: version.digest, onClick: act('The digest isn\u2019t copied', () => panel.host.ask('host.copy', { text: version.digest }).then(() => announce('digest copied'))) }));
  };
  const draw = (found: VersionDetail): void => {
    const { row: version, facts, golden } = found;
    const { code, environment } = facts;
    const run = facts.run;
    const tensors = (list: VersionDetail['facts']['inputs']): Child => (list.length === 0 ? el('span', { class: 'muted' }, 'not known') : el('ul', {}, ...list.map((one) => el('li', {}, `${one.name} `, el('span', { class: 'muted' }, `${one.type} ${one.shape}`)))));
    fill(body, el('h2', {}, `${version.model} v${version.version}`), version.description ? el('p', { class: 'said-text' }, version.description) : null, actions(found), el('dl', { class: 'plan' },
      row('registered', when(version.created), ' by ', person(version.author)),
      row('digest', short(facts.digest)),
      row('files', el('ul', {}, ...facts.files.slice(0, 50).map((file) => el('li', {}, `${file.path} `, el('span', { class: 'muted figure' }, formatSize(file.size)), ' ', short(file.digest)))), facts.files.length > 50 ? `and ${facts.files.length - 50} more` : null),
      row('here', version.here ? 'its files are on this machine' : 'its files are elsewhere'),
      row('inputs', tensors(facts.inputs)), row('outputs', tensors(facts.outputs)), facts.producer ? row('made by', facts.producer) : null,
      row('source', run === null ? facts.source.text : opener({ label: facts.source.text, title: 'The run that made it', place: failed, what: 'The run', open: () => panel.host.ask('host.openRun', { run }) })),
      row('code', code.commit === null ? el('span', { class: 'muted' }, 'no commit known') : el('span', {}, short(code.commit), code.dirty === null ? '' : code.dirty ? ' with uncommitted changes ' : ' clean', code.patch === null ? null : short(code.patch))),
      row('data', facts.data.length === 0 ? el('span', { class: 'muted' }, 'not known') : el('ul', {}, ...facts.data.map((data) => el('li', {}, `${data.name} `, el('span', { class: 'muted' }, [data.role, data.rows === null ? '' : count(data.rows, 'row')].filter(Boolean).join(', ')), ' ', short(data.digest))))),
      row('environment', environment === null ? el('span', { class: 'muted' }, 'not known') : el('span', {}, `Python ${environment.python}, ${count(environment.packages, 'package')} `, short(environment.digest))),
      row('licence', facts.licence || el('span', { class: 'muted' }, 'not said')),
      row('replay', golden === null ? el('span', { class: 'muted' }, 'no predictions recorded yet; the first promotion records some') : `${count(golden.rows, 'prediction')}, recorded ${time(golden.recorded)}`)));
  };
  const read = (): void => {
    const { version } = panel.looked();
    const mine = (asked += 1);
    if (version === null) return fill(body);
    if (version !== drawn) {
      fill(failed);
      fill(body, skeleton(6));
    }
    panel.version(version).then((found) => {
      if (mine !== asked) return;
      drawn = version;
      draw(found);
    }, (error: unknown) => { if (mine === asked) fill(body, errorState('The version can\u2019t be read', error, read)); });
  };
  panel.onData(read);
  panel.onState((changed) => { if (changed.has('version')) read(); });
  read();
  return node;
}
