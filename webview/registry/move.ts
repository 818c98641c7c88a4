/** The confirmation of a move: exactly what will change, a reason, and the move itself with its progress and its end. */
import type { Plan, Promotion, Rollback } from '../../src/protocol/registry';
import { announce, el, fill } from '../shared/dom';
import { HostError } from '../shared/line';
import { errorState, skeleton } from '../shared/notice';
import { button, checkbox, dropdown, setDisabled, type Choice } from '../shared/toolkit';
import { createWork, type Work } from '../shared/work';
import { reasonMissing } from './model/gates';
import { moveText } from './model/plan';
import { wereLive } from './model/pipeline';
import { gatesLine, planBody } from './move-plan';
import { promotionResult, rollbackResult } from './move-result';
import { textArea } from './parts';
import type { MoveWanted, Panel } from './panel';

export function createMovePane(panel: Panel): HTMLElement {
  const node = el('section', { class: 'move', role: 'region', attrs: { 'aria-label': 'Confirm a move', hidden: true, tabindex: -1 } });
  let asked = 0;
  let opener: Element | null = null;
  const moving = (label: string): Work => createWork(panel.host, { label, title: 'Stop it; nothing changes', cancel: (job) => panel.host.ask('registry.cancel', { job }) });
  const [promoting, returning] = [moving('Promoting'), moving('Rolling back')];

  const close = (): void => {
    asked += 1;
    const inside = node.contains(document.activeElement);
    node.hidden = true;
    fill(node);
    // A focus that is hidden is lost.
    if (inside && opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
  const head = (title: string): HTMLElement => el('div', { class: 'move-head' }, el('h2', {}, title), el('span', { class: 'grow' }), button({ label: 'Close', icon: 'close', appearance: 'icon', onClick: close }));

  function open(wanted: MoveWanted): void {
    if (promoting.running() || returning.running()) return node.focus();
    if (!node.contains(document.activeElement)) opener = document.activeElement;
    const mine = (asked += 1);
    const { kind, environment, version } = wanted;
    const title = kind === 'promote' ? `Promote to ${environment}` : `Roll back ${environment}`;
    node.hidden = false;
    node.setAttribute('aria-label', title);
    fill(node, head(title), skeleton(3));
    node.focus();
    node.scrollIntoView({ block: 'nearest' });
    panel.host.ask('registry.plan', { model: panel.detail().model.name, to: environment, rollback: kind === 'rollback', ...(version === null ? {} : { version }) })
      .then((plan) => { if (mine === asked) draw(wanted, plan, title); }, (error: unknown) => { if (mine === asked) fill(node, head(title), errorState('What would change can\u2019t be told', error, () => open(wanted))); });
  }

  /** Which version a roll back goes to: any that was live there. */
  function targets(wanted: MoveWanted, plan: Plan): HTMLElement | null {
    if (wanted.kind !== 'rollback') return null;
    const back = wereLive(panel.history(), wanted.environment).filter((version) => version !== plan.from);
    if (back.length < 2) return null;
    const list = back.slice(0, 200).map((version): Choice => ({ value: String(version), label: version === back[0] ? `v${version}, the one before` : `v${version}` }));
    return el('label', { class: 'inline' }, 'back to', dropdown({ label: 'Version to go back to', value: String(plan.to), choices: list, onChange: (value) => open({ ...wanted, version: Number(value) }) }).node);
  }

  function draw(wanted: MoveWanted, plan: Plan, title: string): void {
    const { kind, environment } = wanted;
    const promote = kind === 'promote';
    const draft = `${kind} ${environment} ${plan.to}`;
    const place = el('div', {});
    const verb = promote ? 'Promote' : 'Roll back';
    const reason = textArea(panel, { label: 'Why', placeholder: 'Why? It stands in the ledger (needed only where it is forced)', draft, rows: 1, onInput: () => enable() });
    const go = button({ label: promote ? `Promote v${plan.to} to ${environment}` : `Roll back to v${plan.to}`, appearance: 'primary', onClick: () => void act(false) });
    const force = forcePart(() => act(true), promote);
    const again = button({ label: 'Look again', title: 'Reads what is live now', onClick: () => void panel.refresh().then(() => open(wanted), () => open(wanted)) });
    const gates = promote ? gatesLine(panel, plan) : null;
    const controls = el('div', { class: 'move-actions' }, go, button({ label: 'Cancel', onClick: close }), force.opener, promoting.node, returning.node);
    fill(node, head(title), el('div', { class: 'move-body' },
      el('p', { class: 'move-line' }, el('strong', {}, moveText(plan)), targets(wanted, plan)), planBody(plan, { open: (path) => panel.host.ask('host.openFile', { path }), place }), gates),
    plan.refusal === null ? null : el('p', { class: 'refusal', role: 'alert' }, el('span', { attrs: { 'aria-hidden': 'true' } }, '\u2715 '), plan.refusal),
    reason.node, controls, force.node, place);
    function enable(): void {
      setDisabled(go, plan.refusal !== null);
      force.enable(reasonMissing(reason.get()), plan.refusal === null);
    }
    const busy = (running: boolean): void => {
      setDisabled(go, running || plan.refusal !== null);
      reason.node.disabled = running;
      if (!running) enable();
    };
    async function act(forced: boolean): Promise<void> {
      fill(place);
      busy(true);
      const common = { model: plan.model, reason: reason.get(), force: forced, expect: plan.from };
      try {
        if (promote) {
          const done = await promoting.run((job) => panel.host.ask('host.promote', { ...common, version: plan.to, to: environment, job }));
          if (done) promoted(done);
        } else {
          const done = await returning.run((job) => panel.host.ask('host.rollback', { ...common, to: plan.to, environment, job }));
          if (done) rolledBack(done);
        }
      } catch (error) {
        const conflict = error instanceof HostError && error.code === 'conflict';
        if (!promote && error instanceof HostError && error.code === 'refused') force.offer();
        fill(place, errorState(`${verb.replace('Roll', 'Rolling').replace('Promote', 'Promoting')} didn\u2019t happen`, error, () => void act(forced)), conflict ? again : null);
      }
      busy(false);
    }
    function promoted(done: Promotion): void {
      panel.keep(done.report);
      if (!done.promoted) {
        announce('The gates stopped it');
        force.offer();
        return fill(place, promotionResult(panel, plan, done));
      }
      reason.clear();
      finish(promotionResult(panel, plan, done));
    }
    function rolledBack(done: Rollback): void {
      reason.clear();
      finish(rollbackResult(plan, done));
    }
    function finish(result: HTMLElement): void {
      fill(node, head(title), result, button({ label: 'Done', onClick: close }));
      node.focus();
      // The engine tells of the change, too; who moved it sees it at once.
      panel.refresh().then(undefined, () => undefined);
    }
    enable();
    (plan.refusal === null ? go : node).focus();
  }

  /** A move over what stops it takes a step of its own: opened, a box ticked, a reason written. Shown once something stopped the move. */
  function forcePart(run: () => Promise<void>, promote: boolean): { node: HTMLElement; opener: HTMLElement; offer(): void; enable(missing: number, possible: boolean): void } {
    let [ticked, lacking, allowed] = [false, 0, true];
    const note = el('span', { class: 'muted', role: 'status' });
    const doIt = button({ label: promote ? 'Promote although gates stop it' : 'Roll back although a check speaks against it', onClick: () => void run() });
    const draw = (): void => {
      setDisabled(doIt, !ticked || lacking > 0 || !allowed);
      note.textContent = lacking > 0 ? `write why above: ${lacking} more character${lacking === 1 ? '' : 's'}` : '';
    };
    const box = checkbox({ label: 'I answer for it: it stands in the ledger as forced, for good', checked: false, onChange: (checked) => { ticked = checked; draw(); } });
    const steps = el('div', { class: 'force', attrs: { hidden: true } }, box.node, doIt, note);
    const shown = button({ label: 'Force\u2026', title: 'Shows the step that overrides the gates', onClick() {
      steps.hidden = !steps.hidden;
      shown.setAttribute('aria-expanded', String(!steps.hidden));
      if (!steps.hidden) box.node.focus();
    } });
    shown.setAttribute('aria-expanded', 'false');
    shown.hidden = true;
    return { node: steps, opener: shown, offer: () => { shown.hidden = false; }, enable(missing, possible) { [lacking, allowed] = [missing, possible]; draw(); } };
  }

  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || promoting.running() || returning.running()) return;
    event.stopPropagation();
    close();
  });
  panel.onMove(open);
  return node;
}
