/** How a move ended: hooks with what they wrote, checks, and what stopped it. */
import type { HookResult, Plan, Promotion, Rollback } from '../../src/protocol/registry';
import { el, type Child } from '../shared/dom';
import { formatDuration } from '../shared/format';
import { outcomeBadge } from '../evaluation/header';
import { blocking, gatesText } from './model/gates';
import { forcedMark, link } from './parts';
import type { Panel } from './panel';

const ended: Record<HookResult['outcome'], string> = { done: 'done', failed: 'failed', 'timed out': 'ran into its time limit', 'not found': 'was not found' };

function hooks(results: readonly HookResult[]): Child {
  if (results.length === 0) return null;
  return el('ul', { class: 'hooks', attrs: { 'aria-label': 'Hooks' } }, ...results.map((hook) => {
    const fine = hook.outcome === 'done';
    const line = [el('span', { class: fine ? 'outcome pass' : 'outcome fail' }, el('span', { attrs: { 'aria-hidden': 'true' } }, fine ? '\u2713' : '\u2715'), el('span', {}, `hook ${hook.name} ${ended[hook.outcome]}`)),
      el('span', { class: 'muted figure' }, `${hook.status === null ? '' : ` status ${hook.status},`} ${formatDuration(hook.duration)}`), hook.rolledBack ? el('span', {}, ' and took the move back') : null];
    return el('li', {}, hook.output ? el('details', {}, el('summary', {}, ...line), el('pre', { class: 'output', title: hook.command.join(' '), attrs: { tabindex: 0 } }, hook.output)) : el('p', { title: hook.command.join(' ') }, ...line));
  }));
}

export function promotionResult(panel: Panel, plan: Plan, done: Promotion): HTMLElement {
  const { environment, to } = plan;
  if (!done.promoted) {
    const stops = blocking(done.report.gates);
    return el('div', { class: 'result', role: 'status' }, el('p', { class: 'notice-title' }, `Nothing changed: ${gatesText(done.report.gates).toLowerCase()}.`),
      el('ul', { class: 'stops' }, ...stops.map((gate) => el('li', {}, outcomeBadge(gate.outcome), ' ', el('strong', {}, gate.name), ': ', gate.reason, gate.hint ? el('span', { class: 'muted' }, ` (${gate.hint})`) : null))),
      link('Show the evidence', 'All gates of the candidate', () => panel.update({ version: to, environment, tab: 'candidate', openGates: stops.map((gate) => gate.name) })));
  }
  const title = done.rolledBack ? `A hook failed: ${environment} is back to ${done.from === null ? 'nothing' : `v${done.from}`}` : `v${to} is live in ${environment}`;
  return el('div', { class: 'result', role: 'status' }, el('p', { class: done.rolledBack ? 'notice-title wrong-text' : 'notice-title' }, title, done.forced ? el('span', {}, ' ', forcedMark()) : null), hooks(done.hooks));
}

const checks: Record<Rollback['checks'][number]['name'], string> = { digest: 'its files are what they were', loads: 'it loads', golden: 'it predicts what it did' };

export function rollbackResult(plan: Plan, done: Rollback): HTMLElement {
  return el('div', { class: 'result', role: 'status' }, el('p', { class: 'notice-title' }, `v${done.to} is live in ${plan.environment} again, after ${formatDuration(done.duration)}`, done.forced ? el('span', {}, ' ', forcedMark()) : null),
    el('ul', { class: 'stops' }, ...done.checks.map((check) => el('li', {}, outcomeBadge(check.outcome), ' ', checks[check.name], check.text ? el('span', { class: 'muted' }, `: ${check.text}`) : null))), hooks(done.hooks));
}
